import { BASH_SIDE } from '../sandbox/places.js';
import type { Tree } from '../tree/entry.js';

/** Whether what lies there is the executable form of a stub. */
export function isStub(path: string, tree: Tree): boolean {
  const entry = tree.get(path);
  return entry?.kind === 'file' && entry.content.toString('latin1', 0, 2) === '#!' && entry.content.includes(`${BASH_SIDE}/stub `);
}
