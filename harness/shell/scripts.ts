import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fromHere } from '../diagnostics/place.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { SCRIPTS } from '../sandbox/places.js';
import type { TarMember } from '../tree/tar.js';
import { scriptSets } from './script-sets.js';

/** A script as a session needs it: where it lies on both sides. */
export interface Script {
  /** Absolute path on the host: of the copy, where `--scripts` names one. */
  readonly host: string;
  /** Absolute path in the sandbox; does not depend on the machine, so that snapshots do not. */
  readonly inside: string;
}

/** A folder of scripts that is copied into the sandbox. */
interface Folder {
  readonly host: string;
  readonly inside: string;
  /** The scripts in it that were named, by their paths on the host. */
  readonly named: Set<string>;
}

/** Where a machine's programs lie: of such a folder only the scripts named are taken in, and lie there in the sandbox too. */
const PROGRAM_FOLDERS = new Set(['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']);

/** A folder larger than this is not one of scripts: of it, only those that were named are taken. */
const MOST_BYTES = 16_000_000;
const SKIPPED = new Set(['node_modules', '.git', 'dist', 'coverage']);

/** The scripts of one shell, and the folders in which they lie. */
export class ScriptFolders {
  private readonly folders = new Map<string, Folder>();

  /** @param base directory from which relative paths count: that of the spec. */
  constructor(private readonly base: string) {}

  /**
   * Takes a script in.
   * @param path an imported script, an absolute path, or one relative to the spec.
   * @throws Error naming the path that does not exist.
   */
  add(path: string): Script {
    const asked = isAbsolute(path) ? path : resolve(this.base, path);
    const set = scriptSets().find(({ directory }) => asked.startsWith(`${directory}/`));
    const host = set ? join(set.use, relative(set.directory, asked)) : asked;
    if (!existsSync(host)) throw new Error(missingScript(path, host));
    const place = realpathSync(dirname(host));
    if (!set && PROGRAM_FOLDERS.has(place)) return this.installed(place, basename(host));
    const folder = set ? this.folder(set.use, set.name) : this.folder(dirname(host), basename(dirname(host)));
    folder.named.add(host);
    return { host, inside: `${folder.inside}/${relative(folder.host, host)}` };
  }

  /** Everything in the folders, as archive members, and where each file came from. */
  contents(): { members: TarMember[]; hostPaths: Map<string, string> } {
    const members: TarMember[] = [];
    const hostPaths = new Map<string, string>();
    for (const { host, inside, named } of this.folders.values()) {
      const isInstalled = inside === host;
      const all = isInstalled ? undefined : below(host);
      const toInside = (path: string) => inside + path.slice(host.length);
      for (const path of all?.folders ?? (isInstalled ? [] : [host])) members.push({ path: toInside(path), type: 'directory', mode: 0o755, uid: 0, gid: 0 });
      for (const path of new Set([...all?.files ?? [], ...named])) {
        const content = readFileSync(path);
        // A script names its interpreter; whether the checkout has its x bit must not decide by what it is run.
        const isProgram = (statSync(path).mode & 0o111) !== 0 || content.toString('latin1', 0, 2) === '#!';
        members.push({ path: toInside(path), type: 'file', mode: isProgram ? 0o755 : 0o644, uid: 0, gid: 0, content });
        hostPaths.set(toInside(path), isInstalled ? realpathSync(path) : path);
      }
    }
    return { members, hostPaths };
  }

  private installed(host: string, name: string): Script {
    const folder = this.folders.get(host) ?? { host, inside: host, named: new Set() };
    folder.named.add(`${host}/${name}`);
    this.folders.set(host, folder);
    return { host: `${host}/${name}`, inside: `${host}/${name}` };
  }

  private folder(host: string, name: string): Folder {
    const known = this.folders.get(host);
    if (known) return known;
    const taken = new Set([...this.folders.values()].map(({ inside }) => inside));
    let inside = `${SCRIPTS}/${name}`;
    for (let count = 2; taken.has(inside); count += 1) inside = `${SCRIPTS}/${name}-${count}`;
    const folder = { host, inside, named: new Set<string>() };
    this.folders.set(host, folder);
    return folder;
  }
}

/** All folders and regular files below a folder, each folder before what is in it; undefined where that is too much. */
function below(folder: string): { folders: string[]; files: string[] } | undefined {
  const found = { folders: [] as string[], files: [] as string[] };
  let bytes = 0;
  const visit = (path: string): boolean => {
    found.folders.push(path);
    return readdirSync(path).sort().every((name) => {
      const stats = lstatSync(`${path}/${name}`);
      if (stats.isDirectory()) return SKIPPED.has(name) || visit(`${path}/${name}`);
      if (stats.isFile()) {
        found.files.push(`${path}/${name}`);
        bytes += stats.size;
      }
      return bytes <= MOST_BYTES;
    });
  };
  return visit(folder) ? found : undefined;
}

function missingScript(path: string, host: string): string {
  const folder = dirname(host);
  const near = existsSync(folder) ? didYouMean(basename(host), readdirSync(folder)) : '';
  return `there is no script ${fromHere(host)}${isAbsolute(path) ? '' : ` (${path}, relative to the spec)`}.${near} Import it, or give a path that exists.`;
}

/**
 * Whether a path of this host is one that a sandbox takes in as a script: any file but a program that is none, such as
 * the machine's own /usr/bin/sed.
 */
export function isScript(path: string): boolean {
  if (!existsSync(path)) return false;
  return !PROGRAM_FOLDERS.has(realpathSync(dirname(path))) || readFileSync(path).toString('latin1', 0, 2) === '#!';
}

/** Names of the functions that a script's text defines at any depth: a plain search, enough to tell functions from commands. */
export function definedFunctions(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(?:function[ \t]+([^\s(){}]+)|([\w:.@+-]+)[ \t]*\(\))/gm)].map(([, one, other]) => (one ?? other) as string);
}
