import { sameEntry } from '../tree/compare.js';
import type { Tree } from '../tree/entry.js';
import { memberFor } from '../tree/specs.js';
import type { TarMember } from '../tree/tar.js';
import { isStub } from './recorded.js';

/**
 * What makes one tree of another: archive members, and the paths that have to go. Sockets and devices, which no archive
 * holds, are left out; so are the programs of stubs that only an earlier run was given.
 */
export function towards(wanted: Tree, found: Tree): { members: TarMember[]; without: string[] } {
  const members = [...wanted].flatMap(([path, entry]) => {
    const there = found.get(path);
    if (there ? sameEntry(there, entry) : isStub(path, wanted)) return [];
    return memberFor(path, entry) ?? [];
  });
  return { members, without: [...found.keys()].filter((path) => !wanted.has(path)) };
}
