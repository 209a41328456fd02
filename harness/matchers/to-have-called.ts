import { callsLike, nearMisses, timesText } from './expected-calls.js';
import { holds, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';
import { expectedText, writtenCall, type ExpectedCall } from "./words.js";

/**
 * `expect(run).toHaveCalled(name, ...args)`: a stub or spy was called with exactly these arguments; with the
 * name alone: it was called.
 * @throws StrictError `not-recorded` when the name is a tool or was never declared.
 */
export function toHaveCalled(this: MatcherContext, received: unknown, ...expected: ExpectedCall): Verdict {
  const { record, looked } = receivedRun(received, 'toHaveCalled');
  const found = callsLike(expected, record);
  const [name, ...words] = expected;
  if (holds(this, found.length > 0)) for (const call of found) looked.add(call);
  return verdict(found.length > 0, record, () => {
    const as = written(this.isNot, 'toHaveCalled', writtenCall(expected));
    if (this.isNot) return { reason: `${as}: it was called ${timesText(found.length)}`, offender: found[0], details: words.length === 0 ? [] : [`not expected: ${expectedText(expected)}`] };
    const others = record.calls.filter((call) => call.name === name).length;
    if (others === 0) return { reason: `${as}: ${name} was never called`, details: words.length === 0 ? [] : [`expected: ${expectedText(expected)}`] };
    return { reason: `${as}: ${name} was called ${timesText(others)}, never with these arguments`, details: [nearMisses(expected, record)] };
  });
}
