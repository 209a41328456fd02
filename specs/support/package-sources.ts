import { basename } from 'node:path';
import { exits, fileFrom, handle, returns, when, rest, type Stub } from 'shellrig';
import { deb, debianVersion, type PackageName, type ReleaseName } from '../../fixtures/packages/index.js';

/** A package as a source offers it. */
export interface Offered {
  /** As `apt list` prints it, with its epoch. */
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
