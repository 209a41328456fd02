import { callText } from '../diagnostics/call-text.js';
import { requireRecorded } from '../diagnostics/require-recorded.js';
import type { Run, RunRecord } from '../shell/run.js';
import type { Call } from '../stubs/call.js';
import { checkWords, expectedText, matchesCall, wordDifference, type ExpectedCall } from './words.js';

/** Near misses that are shown word by word. */
const MOST_NEAR = 3;

/**
 * The recorded calls that are as expected, in order.
 * @throws StrictError `not-recorded` when no answer about calls of that name is true.
 */
export function callsLike(expected: ExpectedCall, record: RunRecord): Call[] {
  requireRecorded(expected[0], record);
  checkWords(expected);
  return inOrder(record.calls).filter((call) => matchesCall(expected, call));
}

/** Has the calls that are like these count as looked at. */
export function lookAtCalls({ record, looked }: Pick<Run, 'record' | 'looked'>, ...expected: readonly ExpectedCall[]): void {
  for (const call of record.calls) if (expected.some((one) => matchesCall(one, call))) looked.add(call);
}

/** Calls in the order in which they began, across processes. */
export function inOrder(calls: readonly Call[]): Call[] {
  return [...calls].sort((one, other) => one.index - other.index);
}

/**
 * What was expected, and the calls of the same name that come nearest, word by word: `-` is missing, `+` was
 * not expected.
 */
export function nearMisses(expected: ExpectedCall, record: RunRecord): string {
  const [name, ...words] = expected;
  const title = `expected: ${expectedText(expected)}`;
  const ranked = inOrder(record.calls)
    .filter((call) => call.name === name)
    .map((call) => ({ call, difference: wordDifference(words, call.args) }))
    .sort((one, other) => other.difference.equal - one.difference.equal || one.call.args.length - other.call.args.length);
  const blocks = ranked.slice(0, MOST_NEAR).map(({ call, difference }) => {
    const lines = difference.isEqual ? [] : [difference.text.replace(/^/gm, '  ')];
    return [`received: ${callText(call, record.context.hostPaths)}`, ...lines].join('\n');
  });
  return [title, ...blocks].join('\n');
}

/** `never`, `once`, `3 times`. */
export function timesText(count: number): string {
  if (count === 0) return 'never';
  return count === 1 ? 'once' : `${count} times`;
}
