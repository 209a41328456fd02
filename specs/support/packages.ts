import { basename } from 'node:path';
import { file, fileFrom, type EntrySpec, type FileSpecs } from 'shellrig';
import { binary, deb, type PackageName, type ReleaseName, rpm, type RpmReleaseName } from '../../fixtures/packages/index.js';

/** The versioned binary that an image carries: `/opt/bin/kubelet-1.34.1`, with the mode and owner of the archive that it came from. */
export function imageBinary(name: PackageName, release: ReleaseName | RpmReleaseName, version: string = release): FileSpecs {
  return { [`/opt/bin/${name}-${version}`]: file(binary(name, release), { mode: 0o600, owner: '1001:1001' }) };
}

/** Good packages in a package's downloads directory, where an image or an earlier boot has left them. */
export function cachedDebs(name: PackageName, ...releases: ReleaseName[]): FileSpecs {
  return Object.assign({}, ...releases.map((release) => cachedFile(name, deb(name, release)))) as FileSpecs;
}

/** {@link cachedDebs} of the other kind. */
export function cachedRpms(name: PackageName, ...releases: RpmReleaseName[]): FileSpecs {
  return Object.assign({}, ...releases.map((release) => cachedFile(name, rpm(name, release)))) as FileSpecs;
}

/** A package file in a downloads directory, under its own name or another. */
export function cachedFile(name: PackageName, path: string, as: string = basename(path)): FileSpecs {
  return { [`/opt/${name}/downloads/${as}`]: fileFrom(path) };
}

/** An installed program: the bytes of the one in the package, for everybody to run, owned by root. */
export function installed(name: PackageName, release: ReleaseName | RpmReleaseName): EntrySpec {
  return file(binary(name, release), { mode: 0o755, owner: 'root:root' });
}
