import { callText } from '../diagnostics/call-text.js';
import type { RunRecord } from '../shell/run.js';
import type { Call } from '../stubs/call.js';
import { requireRecorded } from '../diagnostics/require-recorded.js';
import { callsLike, inOrder, lookAtCalls, nearMisses } from './expected-calls.js';
import { verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';
import { checkWords, expectedText, matchesCall, type ExpectedCall } from './words.js';

/**
 * `expect(run).toHaveCalledInOrder([[name, ...args], ...])`: these calls were made in this order, whatever was
 * called in between. The order is that in which they began, across processes.
 * @throws StrictError `not-recorded` when a name is a tool or was never declared; TypeError for fewer than two calls.
 */
export function toHaveCalledInOrder(this: MatcherContext, received: unknown, expected: readonly ExpectedCall[]): Verdict {
  const run = receivedRun(received, 'toHaveCalledInOrder');
  const { record } = run;
  if (!Array.isArray(expected) || expected.length < 2) {
    throw new TypeError("toHaveCalledInOrder() takes two or more calls in one array: toHaveCalledInOrder([['apt-get', 'update'], ['apt-get', 'install']]).");
  }
  for (const call of expected) requireRecorded(call[0], record);
  expected.forEach(checkWords);
  const found = subsequence(expected, record);
  if (!this.isNot && found.length === expected.length) lookAtCalls(run, ...expected);
  return verdict(found.length === expected.length, record, () => {
    const as = written(this.isNot, 'toHaveCalledInOrder', `${expected.length} calls`);
    if (this.isNot) return { reason: `${as}: they were made in this order`, details: [orderText(expected, found, record)] };
    const missing = expected[found.length]!;
    const earlier = callsLike(missing, record).length > 0;
    return {
      reason: `${as}: call ${found.length + 1} ${earlier ? 'was made, but not after the one before it' : 'was never made'}`,
      details: [orderText(expected, found, record), earlier ? undefined : nearMisses(missing, record)],
    };
  });
}

/** Takes for each expected call the earliest one after the call taken before it; stops at the first that is missing. */
function subsequence(expected: readonly ExpectedCall[], record: RunRecord): Call[] {
  const found: Call[] = [];
  for (const call of inOrder(record.calls)) {
    const next = expected[found.length];
    if (next !== undefined && matchesCall(next, call)) found.push(call);
  }
  return found;
}

function orderText(expected: readonly ExpectedCall[], found: readonly Call[], record: RunRecord): string {
  return expected.map((call, index) => {
    const made = found[index];
    if (made !== undefined) return `${index + 1}. made      ${callText(made, record.context.hostPaths)}`;
    return `${index + 1}. ${index === found.length ? 'not found' : 'not tried'} ${expectedText(call)}`;
  }).join('\n');
}
