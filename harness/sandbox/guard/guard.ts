import { fileURLToPath } from 'node:url';

const ARCHITECTURES: readonly string[] = ['x64', 'arm64'];

/**
 * The library that a sandbox preloads into its processes (see guard.c: bash children read child.sh first,
 * commands that do not exist are recorded). It is prebuilt; build.sh beside it builds it anew.
 *
 * @param arch - As `process.arch` names it, which is the default.
 * @returns The absolute path of the file, beside this module in the sources as in the package.
 * @throws Error when there is no build for this architecture.
 */
export function guardLibrary(arch: string = process.arch): string {
  return library('guard', './', arch);
}

/**
 * The library that a sandbox with a virtual clock preloads too (see `harness/clock/library/clock.c`), as
 * {@link guardLibrary}; `build.sh -c clock.c` builds it.
 */
export function clockLibrary(arch: string = process.arch): string {
  return library('clock', '../../clock/library/', arch);
}

function library(name: string, folder: string, arch: string): string {
  if (!ARCHITECTURES.includes(arch)) {
    throw new Error(
      `shellrig has no ${name} library for the architecture '${arch}' (there is one for ${ARCHITECTURES.join(' and ')}). ` +
        'Run it on one of those, or build the library for yours: harness/sandbox/guard/build.sh.',
    );
  }
  return fileURLToPath(new URL(`${folder}${name}-${arch}.so`, import.meta.url));
}
