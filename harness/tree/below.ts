import { existsSync, lstatSync, readlinkSync } from 'node:fs';

/** Links that are followed at most, as in the kernel (path_resolution(7)). */
const MOST_LINKS = 40;

/** Whether anything lies at a path of a tree, without leaving the tree by a link. @param root host path of the tree. */
export function existsBelow(root: string, path: string): boolean {
  return pathBelow(root, path) !== undefined;
}

/**
 * The path of what lies at a path of a tree once all links are followed, none of them out of the tree.
 * @param root host path of the tree. @returns undefined where nothing lies.
 */
export function pathBelow(root: string, path: string): string | undefined {
  let waiting = path.split('/').filter((part) => part !== '' && part !== '.');
  let at: string[] = [];
  for (let links = 0; waiting.length > 0;) {
    const [part = '', ...further] = waiting;
    waiting = further;
    if (part === '..') {
      at.pop();
      continue;
    }
    const here = `${root}/${[...at, part].join('/')}`;
    const found = lstatSync(here, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isSymbolicLink()) {
      at.push(part);
      continue;
    }
    if ((links += 1) > MOST_LINKS) return undefined;
    const target = readlinkSync(here);
    if (target.startsWith('/')) at = [];
    waiting = [...target.split('/').filter((one) => one !== '' && one !== '.'), ...waiting];
  }
  return at.length > 0 || existsSync(root) ? `/${at.join('/')}` : undefined;
}
