import { fileURLToPath } from 'node:url';

const FILES: Readonly<Record<string, string>> = { x64: 'guard-x64.so', arm64: 'guard-arm64.so' };

/**
 * The library that a sandbox preloads into its processes (see guard.c: bash children read child.sh first,
 * commands that do not exist are recorded). It is prebuilt; build.sh beside it builds it anew.
 *
 * @param arch - As `process.arch` names it, which is the default.
 * @returns The absolute path of the file, beside this module in the sources as in the package.
 * @throws Error when there is no build for this architecture.
 */
export function guardLibrary(arch: string = process.arch): string {
  const file = FILES[arch];
  if (file === undefined) {
    throw new Error(
      `shellrig has no guard library for the architecture '${arch}' (there is one for ${Object.keys(FILES).join(' and ')}). ` +
        'Run it on one of those, or build the library for yours: harness/sandbox/guard/build.sh.',
    );
  }
  return fileURLToPath(new URL(file, import.meta.url));
}
