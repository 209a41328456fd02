import picomatch from 'picomatch';
import { parentsOf } from '../tree/compare.js';
import type { Tree } from '../tree/entry.js';
import { canonicalPath } from '../tree/specs.js';

/** Paths that a spec lists, in the tree of one run. */
export interface Listed {
  /** Whether a path is one of them, or lies below one. */
  has(path: string): boolean;
  /** Whether one of them lies below a path. */
  isAbove(path: string): boolean;
}

/**
 * Reads paths that a spec lists. Links among their parents are followed as they are before the run (`/lib/systemd` is
 * `/usr/lib/systemd`), and of a listed path that is itself a link, what is below it is listed too.
 * @param listed absolute paths or globs, as `eventsFrom` takes them.
 * @throws TypeError for one that is not absolute. @param where who takes them, for that message.
 */
export function listedPaths(listed: readonly string[], where: string): (before: Tree) => Listed {
  for (const path of listed) if (!path.startsWith('/')) throw new TypeError(`${where} takes absolute paths; received '${path}'.`);
  return (before) => {
    const spelt = [...new Set(listed.flatMap((path) => spellings(path.replace(/(?<=.)\/+$/, ''), before)))];
    const tests = spelt.map(testOf);
    const above = new Set(spelt.flatMap((path) => parentsOf(path)));
    return { has: (path) => tests.some((test) => test(path)), isAbove: (path) => above.has(path) };
  };
}

function spellings(path: string, before: Tree): string[] {
  if (path === '/') return [path];
  const followed = canonicalPath(`${path}/.`, before).replace(/\/\.$/, '');
  return followed === '' ? [canonicalPath(path, before)] : [canonicalPath(path, before), followed];
}

function testOf(path: string): (found: string) => boolean {
  if (path === '/') return () => true;
  if (!/[*?[\]{}]/.test(path)) return (found) => found === path || found.startsWith(`${path}/`);
  return picomatch([path, `${path}/**`], { dot: true });
}

/** Paths as a spec writes them. */
export function writtenPaths(paths: readonly string[]): string {
  return `[${paths.map((path) => `'${path}'`).join(', ')}]`;
}
