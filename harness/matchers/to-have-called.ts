import { callsLike, nearMisses, timesText } from './expected-calls.js';
import { verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';
import { expectedText, writtenCall, type ExpectedCall, type ExpectedWord } from "./words.js";

/**
 * `expect(run).toHaveCalled(name, ...args)`: a stub or spy was called with exactly these arguments; with the
 * name alone: it was called.
 * @throws StrictError `not-recorded` when the name is a tool or was never declared.
 */
export function toHaveCalled(this: MatcherContext, received: unknown, ...expected: ExpectedCall): Verdict {
  const { record } = receivedRun(received, 'toHaveCalled');
  const found = callsLike(expected, record);
  const [name, ...words] = expected;
  return verdict(found.length > 0, record, () => {
    const as = written(this.isNot, 'toHaveCalled', writtenCall(expected));
    if (this.isNot) return { reason: `${as}: it was called ${timesText(found.length)}`, offender: found[0], details: words.length === 0 ? [] : [`not expected: ${expectedText(expected)}`] };
    const others = record.calls.filter((call) => call.name === name).length;
    if (others === 0) return { reason: `${as}: ${name} was never called`, details: words.length === 0 ? [] : [`expected: ${expectedText(expected)}`] };
    return { reason: `${as}: ${name} was called ${timesText(others)}, never with these arguments`, details: [nearMisses(expected, record)] };
  });
}

/**
 * `expect(run).toHaveCalledTimes(name, times, ...args)`: a stub or spy was called this often, with exactly these
 * arguments if any are given.
 * @throws StrictError `not-recorded` when the name is a tool or was never declared.
 */
export function toHaveCalledTimes(this: MatcherContext, received: unknown, name: string, times: number, ...args: ExpectedWord[]): Verdict {
  const { record } = receivedRun(received, 'toHaveCalledTimes');
  const expected: ExpectedCall = [name, ...args];
  const found = callsLike(expected, record);
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
