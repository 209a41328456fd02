import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { installedAt } from './programs.js';

/**
 * How owners work in sandboxes of this process.
 * `range`: 65,536 ids are mapped, owners are real. `single`: only root exists; the chown family succeeds without
 * effect (a seccomp rule), and expectations on owners fail with `advice`, which ends with the command that mends it.
 */
export type Owners =
  | { readonly kind: 'range'; readonly maps: IdMaps; readonly base: number; readonly span: number }
  | { readonly kind: 'single'; readonly maps: IdMaps; readonly advice: string };

/** Sandbox ids and the host ids that they are, for users and for groups: user_namespaces(7), "User and group ID mappings". */
export interface IdMaps {
  readonly uids: readonly IdRange[];
  readonly gids: readonly IdRange[];
}

interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/**
 * Sandbox id 0 for sandboxes started by root: an id that nobody has. It lies above the range that systemd gives to
 * containers (524288 to 1879048191, systemd "Users, Groups, UIDs and GIDs"), so that no process of the host runs as it.
 */
const UNUSED_ID = 1_900_000_000;
const SPAN = 65_536;

/** What stat(2) shows inside a namespace for ids that are not mapped into it: user_namespaces(7). */
const UNMAPPED = 65_534;

let known: Owners | undefined;

/** Finds out once how this user may map ids. */
export function owners(): Owners {
  known ??= isRoot() ? rangeOfRoot() : rangeOfUser();
  return known;
}

/** Takes back what {@link owners} said: the machine refused the range. */
export function refuseRange(reason: string): void {
  known = single(`the machine refused the range of ids (${reason}); see \`npx shellrig doctor\``);
}

/** Whether this user may map but its own id, and so may not drop its groups either: user_namespaces(7), "/proc/pid/setgroups". */
export function keepsGroups(): boolean {
  return !isRoot() && owners().kind === 'single';
}

/** The uid and gid that make a sandbox's namespaces: an unused id for root, so that the map itself is the drop. */
export function startAs(): { uid: number; gid: number } | undefined {
  return isRoot() ? { uid: idOfRoot(owners().maps.uids), gid: idOfRoot(owners().maps.gids) } : undefined;
}

/** An owner as the host sees it, as `uid:gid` of the sandbox. */
export function insideOwner(uid: number, gid: number): string {
  const { uids, gids } = owners().maps;
  return `${insideId(uids, uid)}:${insideId(gids, gid)}`;
}

function insideId(ranges: readonly IdRange[], id: number): number {
  const range = ranges.find(({ outside, count }) => id >= outside && id < outside + count);
  return range ? id - range.outside + range.inside : UNMAPPED;
}

function idOfRoot(ranges: readonly IdRange[]): number {
  return ranges.find(({ inside }) => inside === 0)?.outside as number;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** @throws Error for root of a container that has no other id: it never becomes the sandbox's root itself. */
function rangeOfRoot(): Owners {
  const ends = ['/proc/self/uid_map', '/proc/self/gid_map'].map((file) =>
    Math.max(...readFileSync(file, 'utf8').trim().split('\n').map((line) => lastFree(line.trim().split(/\s+/).map(Number)))));
  const end = Math.min(...ends);
  if (end < 1) throw new Error("this container's root is the only user that it has, and root of a sandbox is never root outside: run as an ordinary user of the machine, or give the container more ids");
  // Ids up to 65,534 (nobody) are those that files have.
  if (end < SPAN - 1) return single('this container has too few ids: start it without a user namespace of its own, or with 65,536 ids', [end, end]);
  const span = Math.min(end, SPAN);
  const range = [{ inside: 0, outside: end - span + 1, count: span }];
  return { kind: 'range', base: end - span + 1, span, maps: { uids: range, gids: range } };
}

/** The last id of a range of the machine's that sandboxes may take: the unused ones, in a container the last that it has. */
function lastFree([first = 0, , count = 0]: readonly number[]): number {
  return Math.min(first + count, UNUSED_ID + SPAN) - 1;
}

function rangeOfUser(): Owners {
  const name = userName();
  if (!installedAt('newuidmap') || !installedAt('newgidmap')) {
    return single('newuidmap is missing, which maps ids for an ordinary user: sudo apt-get install uidmap (elsewhere the package is shadow-utils)');
  }
  const [uid, gid] = ownIds();
  const [uids, gids] = [startOf('/etc/subuid', name, uid), startOf('/etc/subgid', name, uid)];
  if (uids === undefined || gids === undefined) {
    return single(`this user has no range of ids: sudo usermod --add-subuids 1000000-1065535 --add-subgids 1000000-1065535 ${name}`);
  }
  const rangeFrom = (own: number, start: number) => [{ inside: 0, outside: own, count: 1 }, { inside: 1, outside: start, count: SPAN - 1 }];
  return { kind: 'range', base: uids, span: SPAN, maps: { uids: rangeFrom(uid, uids), gids: rangeFrom(gid, gids) } };
}

function single(advice: string, [uid, gid] = ownIds()): Owners {
  return { kind: 'single', advice, maps: { uids: [{ inside: 0, outside: uid, count: 1 }], gids: [{ inside: 0, outside: gid, count: 1 }] } };
}

function ownIds(): [uid: number, gid: number] {
  return [process.getuid?.() as number, process.getgid?.() as number];
}

/** A process may run as an id that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}

/** First id of a range of at least 65,535 that subuid(5) gives to this user. */
function startOf(file: string, name: string, uid: number): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  for (const line of text.split('\n')) {
    const [owner, start, count] = line.split(':');
    if ((owner === name || owner === String(uid)) && Number(count) >= SPAN - 1) return Number(start);
  }
  return undefined;
}
