import { callText } from '../diagnostics/call-text.js';
import type { Run, RunRecord } from '../shell/run.js';
import { isSelector, type Instant, type Selector } from '../timeline/happening.js';
import { betweenText } from '../timeline/between-text.js';
import { callsLike, inOrder, lookAtCalls, nearMisses } from './expected-calls.js';
import { failure, holds, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';
import { checkCall, expectedText, matchesCall, writtenCall, type ExpectedCall } from './words.js';

const SAME = 'both name the same instant';

/**
 * `expect(run).toHappenBefore(first, second)`: the first call like `first` began before the first call like
 * `second`; or, of a selector such as `ended('install')` or `unitIs('agent', 'active')`, what it selects. Both must have
 * happened; where one did not, the expectation fails in both polarities, and so it does where nobody knows which came
 * first: only files tell of them, and both changed at one instant.
 * @throws StrictError `not-recorded` when a name is a tool or was never declared; Error for a selector where the clock is the real one,
 * and for what is neither a call nor a selector.
 */
export function toHappenBefore(this: MatcherContext, received: unknown, first: ExpectedCall | Selector, second: ExpectedCall | Selector): Verdict {
  const run = receivedRun(received, 'toHappenBefore');
  checkInstant('first', first);
  checkInstant('second', second);
  if (!isSelector(first) && !isSelector(second)) return callsInOrder(this, run, first, second);
  const { record, timeline } = run;
  const as = written(this.isNot, 'toHappenBefore', `${writtenText(first)}, ${writtenText(second)}`);
  const [one, other] = [selectorOf(first, record), selectorOf(second, record)];
  const [earlier, later] = [timeline.seek(one), timeline.seek(other)];
  if (!earlier || !later) {
    const missing = earlier ? other : one;
    return failure(this.isNot, record, () => ({ reason: `${as}: ${missing.what} never happened`, details: [timeline.nearest(missing)] }));
  }
  const between = () => betweenText([earlier, later], timeline.happenings, record.context.hostPaths);
  const isOne = earlier.happening === later.happening && earlier.time === later.time && earlier.order === later.order;
  const isKnown = isOne || earlier.time !== later.time || (earlier.order !== undefined && later.order !== undefined);
  if (!isKnown) return failure(this.isNot, record, () => ({ reason: `${as}: both happened at one instant, and nothing tells which came first`, details: [between()] }));
  const pass = earlier.time < later.time || (earlier.time === later.time && earlier.order! < later.order!);
  if (holds(this, pass)) lookAt(run, [first, second], [earlier, later]);
  return verdict(pass, record, () => ({
    reason: `${as}: ${this.isNot ? 'it did' : isOne ? SAME : 'it happened after it'}`,
    details: [between()],
    ...(earlier.happening.site && { place: { label: `${one.what} was`, stack: earlier.happening.call?.stack ?? [earlier.happening.site] } }),
  }));
}

function callsInOrder(context: MatcherContext, run: Run, first: ExpectedCall, second: ExpectedCall): Verdict {
  const { record } = run;
  const as = written(context.isNot, 'toHappenBefore', `${writtenText(first)}, ${writtenText(second)}`);
  const [earlier, later] = [callsLike(first, record)[0], callsLike(second, record)[0]];
  if (earlier === undefined || later === undefined) {
    const missing = earlier === undefined ? first : second;
    return failure(context.isNot, record, () => ({ reason: `${as}: ${expectedText(missing)} never happened`, details: [nearMisses(missing, record)] }));
  }
  const pass = earlier.index < later.index;
  const isOne = earlier === later;
  if (holds(context, pass)) lookAtCalls(run, first, second);
  return verdict(pass, record, () => {
    const instants = record.sleeps && record.happened.length > 0 ? [run.timeline.find(selectorOf(first, record)), run.timeline.find(selectorOf(second, record))] as const : undefined;
    return {
      reason: `${as}: ${context.isNot ? 'it did' : isOne ? SAME : 'it happened after it'}`,
      details: [instants ? betweenText(instants, run.timeline.happenings, record.context.hostPaths) : inOrder(isOne ? [earlier] : [earlier, later]).map((call) => callText(call, record.context.hostPaths)).join('\n')],
      offender: earlier,
      offenderName: expectedText(first),
    };
  });
}

function checkInstant(which: string, expected: unknown): void {
  if (!isSelector(expected)) checkCall(`toHappenBefore: the ${which} instant`, expected, " or a selector such as called('NAME')");
}

/** @throws StrictError as {@link toHappenBefore}. */
function selectorOf(expected: ExpectedCall | Selector, record: RunRecord): Selector {
  if (isSelector(expected)) return expected;
  callsLike(expected, record);
  return { what: expectedText(expected), at: 'start', selects: ({ call }) => call !== undefined && matchesCall(expected, call) };
}

function lookAt(run: Run, expected: readonly (ExpectedCall | Selector)[], instants: readonly Instant[]): void {
  for (const one of expected) if (!isSelector(one)) lookAtCalls(run, one);
  for (const { happening } of instants) for (const thing of [happening.call, happening.event]) if (thing) run.looked.add(thing);
}

function writtenText(expected: ExpectedCall | Selector): string {
  return isSelector(expected) ? expected.what : `[${writtenCall(expected)}]`;
}
