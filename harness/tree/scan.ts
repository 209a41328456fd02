import { lstatSync, readdirSync, readFileSync, readlinkSync, type BigIntStats } from 'node:fs';
import type { Entry } from './entry.js';

/** One path as it was found: the entry, and what tells without reading it whether it is still the same. */
export interface Found {
  readonly entry: Entry;
  /**
   * inode, ctime, size, mode and owner: a script can put mtime and size back, but not these. Empty: unknown, read it.
   */
  readonly key: string;
  /** For directories: names of what is in it. */
  readonly names?: readonly string[];
}

export type Snapshot = ReadonlyMap<string, Found>;

/** What a scan needs to know of the sandbox. */
export interface ScanOptions {
  /** Host path of the sandbox's root directory. */
  readonly root: string;
  /** An owner as the host sees it, to the id inside. */
  readonly insideId: (hostId: number) => number;
  /** Reads what the host may not (another owner's private files): everything at and below a path. */
  readonly readInside: (path: string) => Map<string, Found>;
}

/**
 * Finds everything on the sandbox's root file system (not what is mounted into it), reading only what differs from an
 * earlier snapshot.
 */
export function scan(options: ScanOptions, earlier: Snapshot): Map<string, Found> {
  const found = new Map<string, Found>();
  const device = lstatSync(options.root + '/', { bigint: true }).dev;
  visitDirectory('', undefined);
  return found;

  function visitDirectory(path: string, same: Found | undefined): readonly string[] {
    let names: readonly string[];
    // A directory with the same ctime has the same names in it.
    if (same?.names) {
      names = same.names;
    } else {
      names = readdirSync(`${options.root}${path}/`);
    }
    for (const name of names) visit(`${path}/${name}`, same !== undefined);
    return names;
  }

  function visit(path: string, parentIsSame: boolean): void {
    const known = earlier.get(path);
    // In an unchanged directory a symbolic link is the same link: it cannot be changed in place.
    if (parentIsSame && known?.key && known.entry.kind === 'symlink') {
      found.set(path, known);
      return;
    }
    let stats: BigIntStats;
    try {
      stats = lstatSync(options.root + path, { bigint: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    if (stats.dev !== device) return;
    const key = `${stats.ino}:${stats.ctimeNs}:${stats.size}:${stats.mode}:${stats.uid}:${stats.gid}`;
    const same = known?.key === key ? known : undefined;
    if (same && same.entry.kind !== 'directory') {
      found.set(path, same);
      return;
    }
    try {
      if (same) {
        found.set(path, same);
        visitDirectory(path, same);
        return;
      }
      const entry = read(path, stats);
      found.set(path, { entry, key });
      if (entry.kind === 'directory') found.set(path, { entry, key, names: visitDirectory(path, undefined) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
      for (const [inside, what] of options.readInside(path)) found.set(inside, what);
    }
  }

  function read(path: string, stats: BigIntStats): Entry {
    const rest = { mode: Number(stats.mode) & 0o7777, owner: `${options.insideId(Number(stats.uid))}:${options.insideId(Number(stats.gid))}` };
    if (stats.isFile()) return { kind: 'file', content: readFileSync(options.root + path), ...rest };
    if (stats.isDirectory()) return { kind: 'directory', ...rest };
    if (stats.isSymbolicLink()) return { kind: 'symlink', target: readlinkSync(options.root + path), ...rest };
    if (stats.isFIFO()) return { kind: 'fifo', ...rest };
    return { kind: stats.isSocket() ? 'socket' : 'device', ...rest };
  }
}
