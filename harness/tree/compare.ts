import type { Change, Entry, Tree } from './entry.js';

/**
 * Every path that differs between two trees, in the order of their paths, a directory before what is in it.
 * Kind, content, link target, mode and owner count; times do not.
 */
export function changesBetween(before: Tree, after: Tree): Map<string, Change> {
  const changes: Change[] = [];
  for (const [path, old] of before) {
    const now = after.get(path);
    if (now === undefined) changes.push({ path, kind: 'removed', before: old, after: undefined });
    else if (!sameEntry(old, now)) changes.push({ path, kind: 'modified', before: old, after: now });
  }
  for (const [path, now] of after) {
    if (!before.has(path)) changes.push({ path, kind: 'created', before: undefined, after: now });
  }
  changes.sort((one, other) => comparePaths(one.path, other.path));
  return new Map(changes.map((change) => [change.path, change]));
}

/** Whether two entries are alike in all that a tree records. */
export function sameEntry(one: Entry, other: Entry): boolean {
  // A scan may hand on the entry of a file that it knows to be untouched.
  if (one === other) return true;
  if (one.kind !== other.kind || one.mode !== other.mode || one.owner !== other.owner) return false;
  if (one.kind === 'file') return one.content.equals((other as typeof one).content);
  if (one.kind === 'symlink') return one.target === (other as typeof one).target;
  return true;
}

/** Orders paths part by part: `/a/b` comes before `/a-b`, as in a listing of directories. */
export function comparePaths(one: string, other: string): number {
  const [left, right] = [one.replaceAll('/', '\0'), other.replaceAll('/', '\0')];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Whether a change is a directory as `mkdir -p` of root makes it: one that comes with what lies in it and tells nothing else. */
export function isPlainDirectory({ kind, after }: Change): boolean {
  return kind === 'created' && after?.kind === 'directory' && after.mode === 0o755 && after.owner === '0:0';
}

/** The directories above a path, nearest first, without `/`. */
export function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) parents.push(path.slice(0, end));
  return parents;
}
