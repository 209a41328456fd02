import { file, fileFrom, handle, type FileSpecs } from 'shellrig';
import { tarballProgram, type TarballVersion } from '../../fixtures/served/index.js';

const TOOLS = ['kubelet', 'kubectl'] as const;

/** kubelet and kubectl out of a tarball, in place: for everybody to run, owned by root. */
export function bothInstalled(version: TarballVersion): FileSpecs {
  return Object.fromEntries(TOOLS.map((name) => [`/opt/bin/${name}`, file(tarballProgram(name, version), { mode: 0o755, owner: 'root:root' })]));
}

/** kubelet and kubectl out of a tarball, under versioned names as an image carries them, with the mode and owner of who built it. */
export function bothCarried(version: TarballVersion): FileSpecs {
  return Object.fromEntries(TOOLS.map((name) => [`/opt/bin/${name}-${version}`, file(tarballProgram(name, version), { mode: 0o600, owner: '1001:1001' })]));
}

/**
 * `curl -fsSL URL -o FILE` of a server that has these files, by URL: what it has is the path of a file on this machine;
 * for another URL it exits with 22 as for a page that is not found.
 */
export function curlFrom(files: Readonly<Record<string, string>>) {
  return handle(async ({ args, write }) => {
    const path = files[args[1] ?? ''];
    if (!path) return 22;
    await write({ [args.at(-1) ?? '']: fileFrom(path) });
    return 0;
  });
}
