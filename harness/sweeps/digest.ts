import { createHash } from 'node:crypto';
import { comparePaths } from '../tree/compare.js';
import type { Change, Entry } from '../tree/entry.js';
import type { Settled } from './chance.js';

/** A text that is the same for trees that differ in the same way from what a scenario begins with; names that chance makes are alike. */
export function digestOf(changes: Iterable<Change>, counts: (path: string) => boolean, settled: Settled): string {
  const hash = createHash('sha1');
  const counted = [...changes].filter(({ path }) => counts(path)).map(({ path, after }) => ({ path: settled(path), after }));
  for (const { path, after } of counted.sort((one, other) => comparePaths(one.path, other.path))) {
    hash.update(`${path}\0${after ? attributes(after) : ''}\0`);
    if (after?.kind === 'file') hash.update(after.content);
  }
  return hash.digest('base64');
}

function attributes(entry: Entry): string {
  const { kind, mode, owner } = entry;
  const size = entry.kind === 'file' ? entry.content.length : entry.kind === 'symlink' ? entry.target : '';
  return `${kind} ${mode} ${owner} ${size}`;
}
