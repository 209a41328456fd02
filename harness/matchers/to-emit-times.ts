import { printed } from '../diagnostics/printed.js';
import { verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';
import { eventsText, matchesEvent, requireEvents } from './to-emit.js';

/** `expect(run).toEmitTimes(event, n)`: this many events match, as toMatchObject does. */
export function toEmitTimes(this: MatcherContext, received: unknown, expected: unknown, times: number): Verdict {
  const { record, looked } = receivedRun(received, 'toEmitTimes');
  requireEvents(record, 'toEmitTimes');
  const found = record.events.filter((event) => matchesEvent(this, event, expected));
  if (!this.isNot && found.length === times) for (const event of found) looked.add(event);
  return verdict(found.length === times, record, () => ({
    reason: `${written(this.isNot, 'toEmitTimes', `${printed(expected)}, ${times}`)}: expected ${this.isNot ? `another number than ${times}` : times}, received ${found.length}`,
    details: [record.events.length === 0 ? 'no event was emitted' : eventsText(record.events)],
  }));
}
