import { describe, expect, it } from 'vitest';
import { directoryEntry, fileEntry, symlinkEntry } from '../matchers/record.fixture.js';
import { changesBetween, comparePaths, parentsOf, sameEntry } from './compare.js';
import type { Entry } from './entry.js';

const tree = (entries: Record<string, Entry>): Map<string, Entry> => new Map(Object.entries(entries));

describe('changesBetween', () => {
  it('finds what was created, modified and removed, a directory before what is in it', () => {
    const before = tree({ '/a-b': fileEntry('1'), '/a': directoryEntry(), '/a/old': fileEntry('1'), '/a/same': fileEntry('1'), '/z': fileEntry('1') });
    const after = tree({ '/z': fileEntry('2'), '/a': directoryEntry(), '/a/new': directoryEntry(), '/a/new/x': fileEntry(''), '/a/same': fileEntry('1'), '/a-b': symlinkEntry('/z') });
    expect([...changesBetween(before, after).values()].map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'created /a/new', 'created /a/new/x', 'removed /a/old', 'modified /a-b', 'modified /z',
    ]);
  });

  it('carries what was and what is', () => {
    const [old, now] = [fileEntry('1'), fileEntry('2')];
    expect(changesBetween(tree({ '/x': old }), tree({ '/x': now })).get('/x')).toEqual({ path: '/x', kind: 'modified', before: old, after: now });
    expect(changesBetween(tree({ '/x': old }), tree({}))).toEqual(new Map([['/x', { path: '/x', kind: 'removed', before: old, after: undefined }]]));
    expect(changesBetween(tree({}), tree({}))).toEqual(new Map());
  });
});

describe('sameEntry', () => {
  it.each<[string, Entry, Entry, boolean]>([
    ['equal files', fileEntry('x'), fileEntry('x'), true],
    ['content', fileEntry('x'), fileEntry('y'), false],
    ['mode', fileEntry('x', 0o644), fileEntry('x', 0o600), false],
    ['setuid', fileEntry('x', 0o4755), fileEntry('x', 0o755), false],
    ['owner', fileEntry('x', 0o644, '0:0'), fileEntry('x', 0o644, '0:1'), false],
    ['kind', fileEntry(''), directoryEntry(0o644), false],
    ['link target', symlinkEntry('a'), symlinkEntry('b'), false],
    ['equal links', symlinkEntry('a'), symlinkEntry('a'), true],
    ['FIFO and socket', { kind: 'fifo', mode: 0o644, owner: '0:0' }, { kind: 'socket', mode: 0o644, owner: '0:0' }, false],
  ])('%s', (_, one, other, expected) => {
    expect(sameEntry(one, other)).toBe(expected);
  });
});

describe('paths', () => {
  it('are ordered part by part', () => {
    expect(['/a-b', '/a/b', '/a', '/a.b/c', '/a/b/c'].sort(comparePaths)).toEqual(['/a', '/a/b', '/a/b/c', '/a-b', '/a.b/c']);
    expect(comparePaths('/a', '/a')).toBe(0);
  });

  it('have parents, nearest first', () => {
    expect(parentsOf('/a/b/c')).toEqual(['/a/b', '/a']);
    expect(parentsOf('/a')).toEqual([]);
  });
});
