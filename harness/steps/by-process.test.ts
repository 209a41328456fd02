import { describe, expect, it } from 'vitest';
import { call } from '../matchers/record.fixture.js';
import { byProcess } from './by-process.js';

/** Calls in the order in which they began: name and processes, outermost first; one letter calls are of functions. */
function told(...calls: readonly [name: string, ...path: number[]][]): string {
  return byProcess(calls.map(([name, ...path], index) => call([name], { index, ancestors: path.reverse(), pid: path[0]!, isFunction: name.length === 1 }))).map(({ name }) => name).join(' ');
}

describe('calls by process', () => {
  it('stay in order without processes beside each other', () => {
    expect(told(['one', 1, 9, 10], ['f', 1, 9], ['two', 1, 9, 11], ['in-subshell', 1, 9, 12, 13], ['g', 1, 9], ['three', 1, 9, 14])).toBe('one f two in-subshell g three');
  });

  it('are told in the order in which the processes were started', () => {
    expect(told(['c', 1, 9, 14], ['two', 1, 9, 11], ['one', 1, 9, 10], ['three', 1, 9, 13])).toBe('one two three c');
  });

  it('keep together what one process did', () => {
    expect(told(['a1', 1, 9, 10, 20], ['b1', 1, 9, 11, 21], ['b2', 1, 9, 11, 22], ['a2', 1, 9, 10, 23])).toBe('a1 a2 b1 b2');
  });

  it('go on where the numbers of processes begin anew', () => {
    expect(told(['early', 1, 32_760, 32_761], ['late', 1, 32_760, 302], ['middle', 1, 32_760, 301], ['f', 1, 32_760])).toBe('early middle late f');
    expect(told(['one', 1, 32_760, 301], ['two', 1, 32_760, 302], ['before', 1, 32_760, 32_761])).toBe('before one two');
  });
});
