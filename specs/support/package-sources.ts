import { basename } from 'node:path';
import { exits, fileFrom, handle, returns, when, rest, type HandledCall, type Handler, type Stub } from 'shellrig';
import { deb, debianVersion, type PackageName, type ReleaseName, rpm, type RpmReleaseName, rpmVersion } from '../../fixtures/packages/index.js';

/** A package as a source offers it. */
export interface Offered {
  /** As `apt list` or `dnf list` prints it, with its epoch. */
  readonly version: string;
  readonly architecture: string;
  /** The package file on this machine. */
  readonly path: string;
}

/** A good package as a source offers it. */
function offered(name: PackageName, release: ReleaseName): Offered {
  return { version: debianVersion(release), architecture: 'amd64', path: deb(name, release) };
}

const BASE = 'https://packages.example/ubuntu/pool/';

/**
 * The stubs of a package source that has these packages: `apt` lists them, `apt-get` tells where they are, `curl`
 * downloads them into its working directory.
 */
export function packageSources(name: PackageName, packages: readonly (Offered | ReleaseName)[]): Record<'apt' | 'apt-get' | 'curl', Stub> {
  const offers = packages.map((one) => (typeof one === 'string' ? offered(name, one) : one));
  const rows = offers.map(({ version, architecture }) => `${name}/jammy ${version} ${architecture}\n`);
  return {
    'apt': when(['list', name, rest]).returns(`Listing...\n${rows.join('')}\n`).otherwise(returns('Listing...\n')),
    'apt-get': handle(({ args }) => {
      if (args.at(-1) === 'update') return 0;
      const [asked, version] = args.at(-1)?.split('=') ?? [];
      const found = offers.find((one) => asked === name && one.version === version);
      if (!found) return exits(100).complains(`E: Version '${version}' for '${asked}' was not found\n`);
      const file = basename(found.path);
      return `'${BASE}${file}' ${name}_${found.version.replace(':', '%3a')}_${found.architecture}.deb 1024 SHA256:0\n`;
    }),
    'curl': handle(async (call) => {
      const file = call.args.at(-1)?.slice(BASE.length);
      const found = offers.find(({ path }) => basename(path) === file);
      if (!found) return 22;
      await call.write({ [`${call.cwd}/${file}`]: fileFrom(found.path) });
      return 0;
    }),
  };
}

/**
 * How a package manager for .rpm is told to download: where its words name the package, and how. That tdnf knows these
 * words, and lists nothing with a failure, its own tests show (pytests/tests/test_downloadonly.py, test_list.py).
 */
const MANAGERS = {
  dnf: { download: 'download', wanted: (name: string, version: string) => `${name}-${version}` },
  tdnf: { download: 'install', wanted: (name: string, version: string) => `${name}=${version}` },
} as const;

/**
 * The stub of a package manager whose repositories have these packages: it lists them and downloads them into the
 * directory that it is told, and takes any other word for a mistake.
 *
 * @param before what a download does first; with an exit code it is all that the download does
 */
export function rpmSources(
  manager: keyof typeof MANAGERS,
  name: PackageName,
  packages: readonly (Offered | RpmReleaseName)[],
  before: (call: HandledCall, directory: string) => Promise<number | undefined> | number | undefined = () => undefined,
): Record<string, Stub> {
  const offers = packages.map((one): Offered => (typeof one === 'string' ? { version: rpmVersion(one), architecture: 'x86_64', path: rpm(name, one) } : one));
  const { download, wanted } = MANAGERS[manager];
  const answer: Handler = async (call) => {
    const { args } = call;
    if (args[0] === 'makecache') return 0;
    if (args[0] === 'list') return args[1] === name && offers.length > 0 ? listing(name, offers) : exits(1).complains('Error: No matching Packages to list\n');
    if (args[0] !== download) return exits(64).complains(`${manager} is not told to do this: ${args.join(' ')}\n`);
    const directory = args.find((word) => word.startsWith('--downloaddir='))?.slice('--downloaddir='.length) ?? '';
    const code = await before(call, directory);
    if (code !== undefined) return code;
    const found = offers.find(({ version }) => wanted(name, version) === args.at(-1));
    if (!found) return exits(1).complains(`Error: No package ${args.at(-1)} available.\n`);
    await call.write({ [`${directory}/${basename(found.path)}`]: fileFrom(found.path) });
    return 0;
  };
  return { [manager]: handle(answer) };
}

/** What dnf and tdnf print: columns, of which a long one puts the rest on a line of its own. */
function listing(name: string, offers: readonly Offered[]): string {
  const rows = offers.map(({ version, architecture }) => {
    const first = `${name}.${architecture}`;
    return `${first.length > 30 ? `${first}\n${' '.repeat(31)}` : first.padEnd(31)}${version.padEnd(22)} azurelinux-official-cloud-native\n`;
  });
  return `Last metadata expiration check: 0:12:42 ago.\nAvailable Packages\n${rows.join('')}`;
}
