import { callsLike, nearMisses } from './expected-calls.js';
import { verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';
import { writtenCall, type ExpectedCall, type ExpectedWord } from './words.js';

/**
 * `expect(run).toHaveCalledTimes(name, times, ...args)`: a stub or spy was called this often, with exactly these
 * arguments if any are given.
 * @throws StrictError `not-recorded` when the name is a tool or was never declared.
 */
export function toHaveCalledTimes(this: MatcherContext, received: unknown, name: string, times: number, ...args: ExpectedWord[]): Verdict {
  const { record, looked } = receivedRun(received, 'toHaveCalledTimes');
  const expected: ExpectedCall = [name, ...args];
  const found = callsLike(expected, record);
  if (!this.isNot && found.length === times) for (const call of found) looked.add(call);
  return verdict(found.length === times, record, () => {
    const as = written(this.isNot, 'toHaveCalledTimes', [`'${name}'`, times, ...(args.length === 0 ? [] : [writtenCall(expected).replace(/^.*?, /, '')])].join(', '));
    const wanted = this.isNot ? `another number of calls than ${times}` : `${times} ${times === 1 ? 'call' : 'calls'}`;
    return {
      reason: `${as}: expected ${wanted}, received ${found.length}`,
      details: args.length === 0 ? [] : [nearMisses(expected, record)],
      ...(found.length > times && !this.isNot ? { offender: found[times], offenderName: 'the first call too many' } : {}),
    };
  });
}
