import { describe, expect, it } from 'vitest';
import { mergeAllowances } from './givens.js';

describe('what a shell and a given allow', () => {
  it('is what either allows', () => {
    const merged = mergeAllowances({ commands: ['a'], unasserted: { calls: ['uname'], changes: ['/a'], stderr: true } }, { commands: ['b'], unasserted: { calls: [['apt', 'list']], stderr: ['x'], stdout: true } });
    expect(merged).toMatchObject({ commands: ['a', 'b'], unasserted: { calls: ['uname', ['apt', 'list']], changes: ['/a'], stderr: true, stdout: true } });
  });

  it('is everything where one allows everything', () => {
    expect(mergeAllowances({ unasserted: { calls: ['uname'] } }, { unasserted: true }).unasserted).toBe(true);
    expect(mergeAllowances({ unasserted: true }, {}).unasserted).toBe(true);
  });

  it('is nothing where none says so', () => {
    expect(mergeAllowances({}, {})).toMatchObject({ commands: [], unasserted: { calls: [], changes: [], stderr: [] } });
    expect(mergeAllowances({}, {}).unasserted).not.toHaveProperty('stdout');
  });
});
