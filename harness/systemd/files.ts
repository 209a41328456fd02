import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { RIG } from '../sandbox/places.js';
import { pathBelow } from '../tree/below.js';
import type { Tree } from '../tree/entry.js';
import { canonicalPath } from '../tree/specs.js';

/** A tree as systemd reads it. Paths are absolute. */
export interface Files {
  /** The text of a regular file, links followed; undefined where there is none. */
  text(path: string): string | undefined;
  /** Names in a directory, sorted; none where it is no directory. */
  names(path: string): readonly string[];
  /** Where a link leads as it is written; undefined for what is none. */
  link(path: string): string | undefined;
  /** What lies at a path, links followed. */
  kind(path: string): 'file' | 'directory' | 'other' | undefined;
  /** The path with all links followed. */
  real(path: string): string | undefined;
  /** Permissions and size of what lies there, links followed. */
  status(path: string): { readonly mode: number; readonly size: number } | undefined;
}

/** The tree of a sandbox that goes on. @param root its host path. */
export function liveFiles(root: string): Files {
  const host = (path: string) => {
    const real = pathBelow(root, path);
    return real === undefined ? undefined : root + real;
  };
  const found = (path: string) => {
    const at = host(path);
    const stat = at === undefined ? undefined : statSync(at, { throwIfNoEntry: false });
    return at === undefined || stat === undefined ? undefined : { at, stat };
  };
  return {
    text: (path) => {
      const file = found(path);
      return file?.stat.isFile() === true ? readFileSync(file.at, 'utf8') : undefined;
    },
    names: (path) => {
      const directory = found(path);
      return directory?.stat.isDirectory() === true ? readdirSync(directory.at).sort() : [];
    },
    link: (path) => {
      const directory = host(path.slice(0, path.lastIndexOf('/')) || '/');
      if (directory === undefined) return undefined;
      const itself = `${directory}/${path.slice(path.lastIndexOf('/') + 1)}`;
      return lstatSync(itself, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(itself) : undefined;
    },
    kind: (path) => {
      const stat = found(path)?.stat;
      return stat && (stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other');
    },
    real: (path) => pathBelow(root, path),
    status: (path) => {
      const stat = found(path)?.stat;
      return stat && { mode: stat.mode & 0o7777, size: stat.size };
    },
  };
}

/**
 * A tree that no sandbox holds: what a run begins with.
 * @param live the sandbox's: its scripts are no part of a tree, and links lead to them.
 */
export function treeFiles(tree: Tree, live: Files): Files {
  const names = new Map<string, string[]>();
  for (const path of tree.keys()) {
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, slash) || '/';
    names.set(directory, [...(names.get(directory) ?? []), path.slice(slash + 1)]);
  }
  const real = (path: string) => {
    let at = canonicalPath(path, tree);
    for (let links = 0; links < 40; links += 1) {
      const entry = tree.get(at);
      if (entry?.kind !== 'symlink') return at;
      at = canonicalPath(posix.resolve(posix.dirname(at), entry.target), tree);
    }
    return at;
  };
  const entryAt = (path: string) => tree.get(real(path));
  const isNoPart = (path: string) => path === '/dev/null' || path.startsWith(`${RIG}/`);
  const own: Files = {
    text: (path) => {
      const entry = entryAt(path);
      return entry?.kind === 'file' ? entry.content.toString() : undefined;
    },
    names: (path) => [...(names.get(real(path)) ?? [])].sort(),
    link: (path) => {
      const entry = tree.get(canonicalPath(path, tree));
      return entry?.kind === 'symlink' ? entry.target : undefined;
    },
    kind: (path) => {
      const kind = entryAt(path)?.kind;
      return kind === undefined || kind === 'file' || kind === 'directory' ? kind : 'other';
    },
    real: (path) => (tree.has(real(path)) ? real(path) : undefined),
    status: (path) => {
      const entry = entryAt(path);
      return entry && { mode: entry.mode, size: entry.kind === 'file' ? entry.content.length : 0 };
    },
  };
  const holder = (path: string) => (isNoPart(real(path)) ? live : own);
  return {
    ...own,
    text: (path) => holder(path).text(real(path)),
    kind: (path) => holder(path).kind(real(path)),
    real: (path) => holder(path).real(real(path)),
    status: (path) => holder(path).status(real(path)),
  };
}
