import { basename } from 'node:path';
import { directory, file, rest, type ArgumentPattern, type FileSpecs, type Shell, type ShellOptions, type Stub } from 'shellrig';
import { badDeb, badRpm, deb, type Fault, type PackageName, type ReleaseName, rpm, type RpmReleaseName, rpmVersion } from '../../fixtures/packages/index.js';
import { mariner, marinerOptions, osguard, osguardOptions } from './azure-linux.js';
import { packageSources, rpmSources } from './package-sources.js';
import { cachedDebs, cachedRpms } from './packages.js';
import { ubuntu, ubuntuOptions } from './ubuntu.js';

/** The short name of a release that there is as a package of either kind. */
export type CommonRelease = ReleaseName & RpmReleaseName;

/** A call: its name and its arguments. */
type Words = [name: string, ...ArgumentPattern[]];

/** What differs between the distributions that take programs out of packages, as far as their specs need it. */
export interface Distro {
  readonly kind: 'deb' | 'rpm';
  readonly shell: Shell;
  readonly options: ShellOptions;
  /** The function that installs a program: package, version, target. */
  readonly install: string;
  /** The function that takes the program out of a package, which is also the last word of its event. */
  readonly extractor: string;
  /** The program that opens a package. */
  readonly opener: string;
  /** The programs that can download or install packages. */
  readonly managers: readonly string[];
  /** The call that looks for a package in the sources. */
  readonly lists: (name: PackageName) => Words;
  /** The call that downloads a package. */
  readonly downloads: (name: PackageName, release: CommonRelease) => Words;
  /** What a download leaves beside the program that comes of it. */
  readonly downloaded: (name: PackageName, release: CommonRelease) => FileSpecs;
  /** The call that opens a package in the downloads directory. */
  readonly opens: (name: PackageName, release: CommonRelease) => Words;
  /** Packages in their downloads directory. */
  readonly cached: (name: PackageName, ...releases: CommonRelease[]) => FileSpecs;
  /** The path of a package. */
  readonly good: (name: PackageName, release: CommonRelease) => string;
  /** The path of a bad package. */
  readonly bad: (fault: Fault, name?: PackageName) => string;
  /** Stubs of sources that have these packages. */
  readonly sources: (name: PackageName, releases: readonly CommonRelease[]) => Record<string, Stub>;
}

const cachedPath = (name: PackageName, path: string) => `/opt/${name}/downloads/${basename(path)}`;

/** Beside the directory in which packages are looked for: there they appear when they are whole. */
const DOWNLOAD_DIRECTORY = /^--downloaddir=\/opt\/[a-z-]+\/\.downloads\.\w+$/;

const RPM = {
  kind: 'rpm',
  install: 'installRPMPackageFromFile',
  extractor: 'extractBinaryFromRPM',
  opener: 'rpm2cpio',
  opens: (name: PackageName, release: CommonRelease): Words => ['rpm2cpio', cachedPath(name, rpm(name, release))],
  cached: cachedRpms,
  downloaded: (name: PackageName) => ({ [`/opt/${name}`]: directory() }),
  good: rpm,
  bad: badRpm,
} as const;

const UBUNTU: Distro = {
  kind: 'deb',
  shell: ubuntu,
  options: ubuntuOptions,
  install: 'installPkgWithAptGet',
  extractor: 'extractDebBinaryFromFile',
  opener: 'dpkg-deb',
  managers: ['apt', 'apt-get', 'curl', 'dpkg'],
  lists: (name) => ['apt', 'list', name, '--all-versions'],
  downloads: (name, release) => ['curl', '-fLJO', `https://packages.example/ubuntu/pool/${basename(deb(name, release))}`],
  opens: (name, release) => ['dpkg-deb', '-x', cachedPath(name, deb(name, release)), rest],
  cached: cachedDebs,
  downloaded: (name, release) => ({ [`/opt/${name}`]: directory(), [`/var/cache/apt/archives/${basename(deb(name, release))}`]: file() }),
  good: deb,
  bad: badDeb,
  sources: packageSources,
};

const MARINER: Distro = {
  ...RPM,
  shell: mariner,
  options: marinerOptions,
  managers: ['dnf'],
  lists: (name) => ['dnf', 'list', name, '--showduplicates'],
  downloads: (name, release) => ['dnf', 'download', '--resolve', DOWNLOAD_DIRECTORY, `${name}-${rpmVersion(release)}`],
  sources: (name, releases) => rpmSources('dnf', name, releases),
};

const OSGUARD: Distro = {
  ...RPM,
  shell: osguard,
  options: osguardOptions,
  managers: ['tdnf'],
  lists: (name) => ['tdnf', 'list', name],
  downloads: (name, release) => ['tdnf', 'install', '-y', '--downloadonly', DOWNLOAD_DIRECTORY, `${name}=${rpmVersion(release)}`],
  sources: (name, releases) => rpmSources('tdnf', name, releases),
};

/** Every distribution that takes programs out of packages, by its name, for the names of tests. */
export const DISTROS: readonly (readonly [name: string, Distro])[] = [['Ubuntu', UBUNTU], ['Azure Linux', MARINER], ['OS Guard', OSGUARD]];

/** One of {@link DISTROS} for each kind of package: for what all distributions with such packages do by the same functions. */
export const KINDS = DISTROS.filter(([name]) => name !== 'OS Guard');

/** Those of {@link DISTROS} whose packages are .rpm. */
export const RPM_DISTROS = DISTROS.filter(([, { kind }]) => kind === 'rpm');
