import type { Entry, Tree } from './entry.js';
import type { Snapshot } from './scan.js';

/** A snapshot seen as a tree: nothing is copied, since every run has two of them. */
export class FoundTree implements Tree {
  private readonly found: Snapshot;

  constructor(found: Snapshot) {
    this.found = found;
  }

  get size(): number {
    return this.found.size;
  }

  get(path: string): Entry | undefined {
    return this.found.get(path)?.entry;
  }

  has(path: string): boolean {
    return this.found.has(path);
  }

  forEach(visit: (entry: Entry, path: string, tree: Tree) => void): void {
    for (const [path, entry] of this) visit(entry, path, this);
  }

  keys(): MapIterator<string> {
    return this.found.keys();
  }

  *values(): MapIterator<Entry> {
    for (const { entry } of this.found.values()) yield entry;
  }

  *entries(): MapIterator<[string, Entry]> {
    for (const [path, { entry }] of this.found) yield [path, entry];
  }

  [Symbol.iterator](): MapIterator<[string, Entry]> {
    return this.entries();
  }
}

/** The paths at which two snapshots may differ: a scan gives back the very same object for what it found unchanged. */
export function touchedPaths(earlier: Snapshot, later: Snapshot): string[] {
  if (later === earlier) return [];
  const touched: string[] = [];
  for (const [path, found] of later) if (earlier.get(path) !== found) touched.push(path);
  for (const path of earlier.keys()) if (!later.has(path)) touched.push(path);
  return touched;
}

/** A tree of some paths of a snapshot. */
export function treeAt(paths: readonly string[], found: Snapshot): Map<string, Entry> {
  const tree = new Map<string, Entry>();
  for (const path of paths) {
    const entry = found.get(path)?.entry;
    if (entry) tree.set(path, entry);
  }
  return tree;
}
