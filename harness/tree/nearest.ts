import { suggest } from '../diagnostics/suggest.js';
import type { Tree } from './entry.js';

/** Paths that are named when the one asked for is not there. */
const MOST = 5;

/**
 * The paths of a tree that a person may have meant by one that is not there: of the same name elsewhere,
 * spelt alike, or in the nearest directory that exists.
 * @returns at most five, the likeliest first.
 */
export function nearestPaths(path: string, tree: Tree): string[] {
  const name = nameOf(path);
  const paths = [...tree.keys()].sort();
  const near = suggest(path, paths.filter((candidate) => Math.abs(candidate.length - path.length) <= path.length / 3));
  const sameName = paths.filter((candidate) => nameOf(candidate) === name);
  const neighbours = inNearestDirectory(path, paths);
  return [...new Set([...sameName, ...(near === undefined ? [] : [near]), ...neighbours])].filter((found) => found !== path).slice(0, MOST);
}

function inNearestDirectory(path: string, paths: readonly string[]): string[] {
  for (let folder = parentOf(path); folder !== '' && folder !== '/'; folder = parentOf(folder)) {
    const inside = paths.filter((candidate) => parentOf(candidate) === folder);
    if (inside.length > 0) return inside;
  }
  return [];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
