/** An operating system of nodes, by the release that its images are of. */
export type OperatingSystem = 'ubuntu' | 'azurelinux' | 'mariner' | 'flatcar' | 'acl';

/** The architecture of a machine, as packages name it. */
export type Architecture = 'amd64' | 'arm64';

/** An image that nodes are made of. */
export interface Image {
  /** The words for people. */
  readonly description: string;
  readonly os: OperatingSystem;
  /** The release as `/etc/os-release` tells it. */
  readonly version: string;
  /** The variant as `/etc/os-release` tells it, where there is one. */
  readonly variant?: 'osguard' | 'azurecontainerlinux';
  readonly arch: Architecture;
  /** Containers run in virtual machines of their own. */
  readonly kata?: true;
  /** The image carries what nodes install; on another all of it is downloaded. */
  readonly golden: boolean;
}

/** The images, by the names that their gallery has for them. */
export const IMAGES = {
  ubuntu2204gen2: { description: 'Ubuntu 22.04', os: 'ubuntu', version: '22.04', arch: 'amd64', golden: true },
  ubuntu2404gen2: { description: 'Ubuntu 24.04', os: 'ubuntu', version: '24.04', arch: 'amd64', golden: true },
  ubuntu2204custom: { description: 'an Ubuntu 22.04 of one\'s own that carries nothing', os: 'ubuntu', version: '22.04', arch: 'amd64', golden: false },
  azurelinuxv3gen2: { description: 'Azure Linux 3', os: 'azurelinux', version: '3.0', arch: 'amd64', golden: true },
  azurelinuxv3gen2arm64: { description: 'Azure Linux 3 on arm64', os: 'azurelinux', version: '3.0', arch: 'arm64', golden: true },
  marinerv2katagen2: { description: 'Mariner 2 with Kata', os: 'mariner', version: '2.0', arch: 'amd64', kata: true, golden: true },
  azurelinuxv3osguard: { description: 'Azure Linux 3 OS Guard', os: 'azurelinux', version: '3.0', variant: 'osguard', arch: 'amd64', golden: true },
  flatcargen2: { description: 'Flatcar', os: 'flatcar', version: '4230.2.0', arch: 'amd64', golden: true },
  aclgen2: { description: 'Azure Container Linux', os: 'acl', version: '3.0', variant: 'azurecontainerlinux', arch: 'amd64', golden: true },
} as const satisfies Readonly<Record<string, Image>>;

/** The name of an image. */
export type ImageName = keyof typeof IMAGES;

/** Which files of the node's scripts are for an operating system: `cse_helpers_<name>.sh` in the folder `<folder>`. */
export function distributionOf({ os, variant }: Pick<Image, 'os' | 'variant'>): { readonly folder: string; readonly name: string } {
  if (variant === 'osguard') return { folder: 'azlosguard', name: 'osguard' };
  const name = os === 'azurelinux' ? 'mariner' : os;
  return { folder: name, name };
}

/** What `/etc/os-release` of an image says of the system. */
export function osRelease({ os, version, variant }: Pick<Image, 'os' | 'version' | 'variant'>): string {
  return [`ID=${os === 'acl' ? 'azurelinux' : os}`, `VERSION_ID="${version}"`, ...(variant ? [`VARIANT_ID=${variant}`] : []), ''].join('\n');
}
