import { createHash } from 'node:crypto';
import type { Tree } from '../tree/entry.js';

/** A whole tree as text, a line a path: for asserting that two trees are the same. */
export function listing(tree: Tree): string {
  return [...tree]
    .map(([path, entry]) => {
      const rest = entry.kind === 'file' ? ` ${entry.content.length} ${createHash('sha1').update(entry.content).digest('hex')}` : entry.kind === 'symlink' ? ` -> ${entry.target}` : '';
      return `${path} ${entry.kind} ${entry.mode.toString(8)} ${entry.owner}${rest}`;
    })
    .sort()
    .join('\n');
}
