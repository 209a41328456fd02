import { callText } from '../diagnostics/call-text.js';
import { callsLike, inOrder, lookAtCalls, nearMisses } from './expected-calls.js';
import { failure, holds, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';
import { expectedText, writtenCall, type ExpectedCall } from './words.js';

/**
 * `expect(run).toHappenBefore(first, second)`: the first call like `first` began before the first call like
 * `second`. Both must have been made; where one was not, the expectation fails in both polarities.
 * @throws StrictError `not-recorded` when a name is a tool or was never declared.
 */
export function toHappenBefore(this: MatcherContext, received: unknown, first: ExpectedCall, second: ExpectedCall): Verdict {
  const run = receivedRun(received, 'toHappenBefore');
  const { record } = run;
  const as = written(this.isNot, 'toHappenBefore', `[${writtenCall(first)}], [${writtenCall(second)}]`);
  const [earlier, later] = [callsLike(first, record)[0], callsLike(second, record)[0]];
  if (earlier === undefined || later === undefined) {
    const missing = earlier === undefined ? first : second;
    return failure(this.isNot, record, () => ({ reason: `${as}: ${expectedText(missing)} never happened`, details: [nearMisses(missing, record)] }));
  }
  const pass = earlier.index < later.index;
  if (holds(this, pass)) lookAtCalls(run, first, second);
  return verdict(pass, record, () => ({
    reason: `${as}: ${this.isNot ? 'it did' : 'it happened after it'}`,
    details: [inOrder([earlier, later]).map((call) => callText(call, record.context.hostPaths)).join('\n')],
    offender: earlier,
    offenderName: expectedText(first),
  }));
}
