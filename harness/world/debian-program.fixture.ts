import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** A script out of a Debian or Ubuntu package, or why it is not there. */
export interface DebianProgram {
  /** Absolute path on the host; where there is none, what it would be called. */
  readonly path: string;
  /** The package and its version, for the title of a suite: `pass 1.7.4-6`. */
  readonly title: string;
  /** Why its specs cannot run here, to be said by `context.skip()`; undefined where they can. */
  readonly missing: string | undefined;
}

/** Unpacked packages outlive a run: one that was fetched once needs neither apt nor network again. */
const CACHE = join(dirname(fileURLToPath(import.meta.url)), '../../node_modules/.cache/shellrig/debian');

/**
 * Fetches a package of this machine's own distribution, as any user, and unpacks it without installing it.
 * @param name of the package.
 * @param program path of the script in it: `/usr/bin/pass`.
 * @param versions those for which the specs are written; others are `missing`, with the reason.
 */
export async function debianProgram(name: string, program: string, versions: RegExp): Promise<DebianProgram> {
  const folder = join(CACHE, name);
  const path = join(folder, 'tree', program);
  try {
    if (!existsSync(folder)) await fetchPackage(name, folder);
    const version = readFileSync(join(folder, 'version'), 'utf8');
    const missing = versions.test(version) ? undefined : `these specs are written for ${name} ${versions.source}; this machine's distribution has ${version}`;
    return { path, title: `${name} ${version}`, missing };
  } catch (error) {
    return { path, title: `${name} (not fetched)`, missing: `the package ${name} could not be fetched: ${(error as Error).message.trim().split('\n').at(-1)}` };
  }
}

async function fetchPackage(name: string, folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, `.${name}-`));
  try {
    const archive = join(work, await download(name, work));
    await execa('dpkg-deb', ['-x', archive, join(work, 'tree')]);
    const { stdout } = await execa('dpkg-deb', ['-f', archive, 'Version']);
    writeFileSync(join(work, 'version'), stdout.replace(/^\d+:/, ''));
    // Another worker may have been faster; what it has is the same.
    if (!existsSync(folder)) renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** With the machine's package lists; where it has none (a fresh container), with lists fetched for this alone. */
async function download(name: string, work: string): Promise<string> {
  const own = ['-o', `Dir::State::Lists=${work}/lists`, '-o', `Dir::Cache=${work}/cache`];
  // Only apt's own user may not read this folder, and apt as root would warn of it.
  const get = (options: string[], ...words: string[]) => execa('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', ...options, ...words], { cwd: work, timeout: 120_000 });
  await get([], 'download', name).catch(async () => {
    for (const folder of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(work, folder), { recursive: true });
    await get(own, 'update');
    await get(own, 'download', name);
  });
  const archive = readdirSync(work).find((file) => file.endsWith('.deb'));
  if (archive === undefined) throw new Error(`apt-get download ${name} left no .deb file`);
  return archive;
}
