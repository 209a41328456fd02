import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, type BigIntStats } from 'node:fs';
import { constants } from 'node:buffer';
import { release } from 'node:os';
import type { Entry } from './entry.js';
import { nameOf, pathOf } from './names.js';

/** One path as it was found: the entry, and what tells without reading it whether it is still the same. */
export interface Found {
  readonly entry: Entry;
  /**
   * inode, ctime, size, mode and owner: a script can put mtime and size back, but not these. Empty: unknown, read it.
   */
  readonly key: string;
  /** When it was last modified, in nanoseconds since the epoch; undefined: unknown. */
  readonly mtime?: bigint;
  /** When it was last changed, be it renamed or its mode: of the same clock. */
  readonly ctime?: bigint;
  /** For directories: names of what is in it. */
  readonly names?: readonly string[];
}

export type Snapshot = ReadonlyMap<string, Found>;

/** What a scan needs to know of the sandbox. */
export interface ScanOptions {
  /** Host path of the sandbox's root directory. */
  readonly root: string;
  /** Directories whose own file systems belong to the tree too. */
  readonly mounts?: readonly string[];
  /** An owner as the host sees it, as `uid:gid` inside. */
  readonly insideOwner: (uid: number, gid: number) => string;
  /** Reads what the host may not (another owner's private files): everything at and below a path. */
  readonly readInside: (path: string) => Map<string, Found>;
  /** The root directory as the earlier scan found it, where it is still the same. */
  readonly top?: Found | undefined;
  /** A quicker way to what a path leads to, for one in whose directory nothing was made, removed or renamed since. */
  readonly stats?: (path: string, found: Found) => BigIntStats | undefined;
  /** Whether a symbolic link, by what it leads to, is of no concern: asking about each of hundreds takes its time. */
  readonly isFixed?: (target: string) => boolean;
  /** Milliseconds within which two changes may have one time; default: what this kernel's clock needs. */
  readonly tick?: number;
}

/**
 * Finds everything on the sandbox's root file system (not what else is mounted into it), reading only what differs from an
 * earlier snapshot. Names are text as `names.ts` makes it of bytes. Paths longer than the kernel takes (4,095 bytes)
 * are left out: neither script nor host can open what has one by its path.
 * @returns the earlier snapshot itself when nothing differs, which is the common case, and its very entries where they
 *   do not.
 * @throws TooBigError for a file that no buffer can hold.
 */
export function scan(options: ScanOptions, earlier: Snapshot): Snapshot {
  const paths: string[] = [];
  const differing = new Map<string, Found>();
  const settled = settledBefore(options.tick);
  const devices = new Set<bigint>();
  readOrEnter('', () => {
    for (const path of ['/', ...(options.mounts ?? [])]) devices.add(lstatSync(options.root + path, { bigint: true }).dev);
    visitDirectory('', options.top);
  });
  if (differing.size === 0 && paths.length === earlier.size) return earlier;
  return new Map(paths.map((path) => [path, differing.get(path) ?? earlier.get(path)!]));

  function differs(path: string, found: Found): void {
    paths.push(path);
    differing.set(path, found);
  }

  function visitDirectory(path: string, same: Found | undefined): readonly string[] {
    // A directory with the same ctime has the same names in it.
    const names = same?.names ?? namesIn(`${options.root}${path}/`);
    for (const name of names) visit(`${path}/${name}`, same !== undefined);
    return names;
  }

  function visit(path: string, parentIsSame: boolean): void {
    const known = earlier.get(path);
    if (parentIsSame && known?.key && known.entry.kind === 'symlink' && options.isFixed?.(known.entry.target)) {
      paths.push(path);
      return;
    }
    let stats: BigIntStats;
    try {
      stats = (parentIsSame && known && options.stats?.(path, known)) || lstatSync(pathOf(options.root + path), { bigint: true });
    } catch (error) {
      if (['ENOENT', 'ENAMETOOLONG'].includes(codeOf(error))) return;
      throw error;
    }
    if (!devices.has(stats.dev)) return;
    const key = keyOf(stats, settled);
    const same = key !== '' && known?.key === key ? known : undefined;
    if (same && (same.names || same.entry.kind !== 'directory')) {
      paths.push(path);
      if (same.names) readOrEnter(path, () => visitDirectory(path, same));
      return;
    }
    readOrEnter(path, () => {
      const entry = same?.entry ?? read(path, stats);
      const found = { entry, key, mtime: stats.mtimeNs, ctime: stats.ctimeNs };
      differs(path, found);
      if (entry.kind === 'directory') differing.set(path, { ...found, names: visitDirectory(path, same) });
    });
  }

  function readOrEnter(path: string, work: () => unknown): void {
    try {
      work();
    } catch (error) {
      if (codeOf(error) === 'ENAMETOOLONG') return;
      if (codeOf(error) !== 'EACCES') throw error;
      for (const [inside, what] of options.readInside(path)) differs(inside, what);
    }
  }

  function read(path: string, stats: BigIntStats): Entry {
    const rest = { mode: Number(stats.mode) & 0o7777, owner: options.insideOwner(Number(stats.uid), Number(stats.gid)) };
    if (stats.isFile()) return { kind: 'file', content: contentOf(path, stats), ...rest };
    if (stats.isDirectory()) return { kind: 'directory', ...rest };
    if (stats.isSymbolicLink()) return { kind: 'symlink', target: nameOf(readlinkSync(pathOf(options.root + path), 'buffer')), ...rest };
    if (stats.isFIFO()) return { kind: 'fifo', ...rest };
    return { kind: stats.isSocket() ? 'socket' : 'device', ...rest };
  }

  function contentOf(path: string, stats: BigIntStats): Buffer {
    if (stats.size > BigInt(constants.MAX_LENGTH)) throw new TooBigError(path, Number(stats.size), constants.MAX_LENGTH);
    const isSparse = stats.size > SPARSE_FROM && stats.blocks * 512n < stats.size;
    return isSparse ? readSparse(options.root + path, Number(stats.size)) : readFileSync(pathOf(options.root + path));
  }
}

/** A time in ns: what changed later may change again without a trace, as both times are one to the clock. */
export function settledBefore(tick = COARSE_TICK): bigint {
  return BigInt(Date.now() - tick) * 1_000_000n;
}

/** The key of a {@link Found}. */
export function keyOf(stats: BigIntStats, settled: bigint): string {
  return stats.ctimeNs > settled ? '' : `${stats.ino}:${stats.ctimeNs}:${stats.size}:${stats.mode}:${stats.uid}:${stats.gid}`;
}

/** A file of the tree that cannot be recorded. */
export class TooBigError extends Error {
  override readonly name = 'TooBigError';

  constructor(path: string, bytes: number, most: number) {
    super(`${path} holds ${bytes} bytes, and a run can record ${most} of one file: have the script make a smaller one, for instance by a variable that the spec sets`);
  }
}

/**
 * From 6.13 on the kernel gives a file that was looked at since its last change a time of its own (multigrain
 * timestamps). Before, times move with the timer's tick, 1 to 10 ms.
 */
const COARSE_TICK = isBefore(release(), [6, 13]) ? 10 : 0;

function isBefore(version: string, [major, minor]: readonly [number, number]): boolean {
  const [has = 0, hasMinor = 0] = version.split('.').map(Number);
  return has < major || (has === major && hasMinor < minor);
}

function namesIn(directory: string): string[] {
  const names = readdirSync(pathOf(directory));
  return names.some((name) => name.includes('\uFFFD')) ? readdirSync(pathOf(directory), 'buffer').map(nameOf) : names;
}

const SPARSE_FROM = 1_000_000n;

/** Reads a file with holes: what was never written takes no memory here either, since a buffer's pages come when they are written. */
function readSparse(path: string, size: number): Buffer {
  const content = Buffer.alloc(size);
  const part = Buffer.alloc(1 << 20);
  const empty = Buffer.alloc(1 << 20);
  const descriptor = openSync(pathOf(path), 'r');
  try {
    for (let at = 0; at < size; ) {
      const count = readSync(descriptor, part, 0, part.length, at);
      if (count === 0) break;
      if (part.compare(empty, 0, count, 0, count) !== 0) part.copy(content, at, 0, count);
      at += count;
    }
  } finally {
    closeSync(descriptor);
  }
  return content;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
