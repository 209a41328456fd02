import { readFileSync } from 'node:fs';
import type { Tree } from '../tree/entry.js';
import { asText } from '../tree/text-difference.js';
import type { HostPaths } from './place.js';

/**
 * The lines of a script by its sandbox path: of the file on the host or, for one that exists in the sandbox only, as
 * it is in a tree.
 * @returns undefined when it cannot be read: a script that vanished since it ran must not hide what is being told.
 */
export function scriptLines(path: string, hostPaths: HostPaths, tree: Tree): readonly string[] | undefined {
  const host = hostPaths.get(path);
  if (host === undefined) {
    const entry = tree.get(path);
    return entry?.kind === 'file' ? asText(entry.content)?.split('\n') : undefined;
  }
  try {
    return readFileSync(host, 'utf8').split('\n');
  } catch {
    return undefined;
  }
}
