import { printed } from '../diagnostics/printed.js';
import type { EmittedEvent, RunRecord } from '../shell/run.js';
import { timesText } from './expected-calls.js';
import { holds, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

/** Events listed in a message; the rest is counted. */
const MOST_EVENTS = 12;
const LONGEST_EVENT = 400;

/**
 * `expect(run).toEmit(event)`: some event matches, as toMatchObject does: what is left out of an object does
 * not matter. `not`: none does.
 */
export function toEmit(this: MatcherContext, received: unknown, expected: unknown): Verdict {
  const { record, looked } = receivedRun(received, 'toEmit');
  requireEvents(record, 'toEmit');
  const found = record.events.filter((event) => matchesEvent(this, event, expected));
  if (holds(this, found.length > 0)) for (const event of found) looked.add(event);
  return verdict(found.length > 0, record, () => {
    const as = written(this.isNot, 'toEmit', printed(expected));
    if (this.isNot) return { reason: `${as}: it was emitted ${timesText(found.length)}`, details: [eventsText(found)] };
    const count = record.events.length;
    if (count === 0) return { reason: `${as}: no event was emitted` };
    return { reason: `${as}: ${count === 1 ? 'the one event does not match' : `none of ${count} events matches`}`, details: [nearest(this, record, expected), eventsText(record.events)] };
  });
}

/** @throws TypeError when the shell declares no events: an expectation on them could not fail, or not succeed. */
export function requireEvents({ context }: RunRecord, matcher: string): void {
  if (context.declaresEvents) return;
  throw new TypeError(`${matcher}(): this shell declares no events, so none can be seen. Say where they are: defineShell({ events: eventsFrom('/var/log/events/*.json') })`);
}

/** Whether an event matches, as toMatchObject does. */
export function matchesEvent(context: MatcherContext, event: EmittedEvent, expected: unknown): boolean {
  const { iterableEquality, subsetEquality } = context.utils;
  return context.equals(event.value, expected, [...context.customTesters, iterableEquality, subsetEquality]);
}

/** The event of which most members match, and the members that do not. */
function nearest(context: MatcherContext, record: RunRecord, expected: unknown): string | undefined {
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected) || 'asymmetricMatch' in expected) return undefined;
  const members = Object.entries(expected);
  const misses = record.events.filter((event) => typeof event.value === 'object' && event.value !== null).map((event) => {
    const value = event.value as Record<string, unknown>;
    return { event, value, wrong: members.filter(([key, member]) => !matchesEvent(context, { path: event.path, value: value[key] }, member)) };
  });
  const best = misses.sort((one, other) => one.wrong.length - other.wrong.length)[0];
  if (best === undefined || best.wrong.length === members.length) return undefined;
  const lines = best.wrong.flatMap(([key, member]) => [`  - ${key}: ${printed(member)}`, `  + ${key}: ${key in best.value ? printed(best.value[key]) : '(absent)'}`]);
  return [`nearest: ${best.event.path}`, ...lines].join('\n');
}

/** The events, one a line. */
export function eventsText(events: readonly EmittedEvent[]): string {
  const lines = events.slice(0, MOST_EVENTS).map((event) => {
    const text = printed(event.value);
    return `  ${text.length > LONGEST_EVENT ? `${text.slice(0, LONGEST_EVENT)}…` : text}`;
  });
  if (events.length > MOST_EVENTS) lines.push(`  … ${events.length - MOST_EVENTS} more`);
  return ['events:', ...lines].join('\n');
}
