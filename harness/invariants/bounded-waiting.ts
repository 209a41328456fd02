import { durationOf } from '../clock/duration.js';
import { placeText } from '../diagnostics/place.js';
import type { RunRecord } from '../shell/run.js';
import type { Call } from '../stubs/call.js';
import type { Invariant } from './invariant.js';
import { askedOf, isSleep, waitedIn } from './waited.js';

/** What a run may wait. */
export interface WaitingBounds {
  /** Time in all: `'500ms'`, `'60s'`, `'5m'`, `'1h'`. */
  readonly within: string;
  /** Calls of `sleep`, which a loop makes between its tries, in all processes. Default: any number. */
  readonly sleeps?: number;
}

/**
 * The run waits no longer than it may: the time that it took, and that which its calls of `sleep` asked for where a stub
 * answered at once. Sleeps of one process are added up. A job in the background sleeps beside the process that started
 * it, and what that does after a `wait` comes after its jobs; what runs beside each other otherwise, in a pipe or by
 * `xargs -P`, counts as if one came after the other. A job that something else than `wait` waits for (a FIFO) counts beside
 * all the same. Where it is declared before the run, a sleep under `timeout` is no
 * longer than that. What it cannot see is how long a stub's program would have taken, or for how long `read -t` would
 * have waited; and a wait that never ends is no broken invariant but a run that exceeds its limit of time.
 * @throws Error for what is no duration.
 */
export function boundedWaiting({ within, sleeps = Infinity }: WaitingBounds): Invariant {
  const most = durationOf('boundedWaiting(): `within`', within);
  return {
    name: `boundedWaiting({ within: '${within}'${sleeps === Infinity ? '' : `, sleeps: ${sleeps}`} })`,
    executed: true,
    check(record: RunRecord) {
      const calls = record.calls.filter(isSleep);
      const waited = record.duration + waitedIn(record);
      if (waited <= most && calls.length <= sleeps) return undefined;
      const groups = bySite(calls, record);
      const worst = groups[0]?.calls[0];
      return {
        reason: waited > most ? `the run would have waited ${timeText(waited)}, and may wait ${within}` : `the run slept ${calls.length} times, and may sleep ${sleeps} times`,
        details: groups.length === 0 ? [] : [groups.map(({ text }) => text).join('\n')],
        place: worst && { label: 'it slept', stack: worst.stack },
        advice: 'Give the loop a number of tries or a deadline, and have it say what it waited for when that is over.',
      };
    },
  };
}

function bySite(calls: readonly Call[], record: RunRecord): { text: string; calls: readonly Call[] }[] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const key = `sleep ${call.args.join(' ')}${call.site ? `   at ${placeText(call.site, record.context.hostPaths)}` : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  const total = (group: readonly Call[]) => group.reduce((sum, call) => sum + askedOf(call), 0);
  return [...groups]
    .sort(([, one], [, other]) => total(other) - total(one))
    .map(([key, group]) => ({ text: `${group.length} x ${key}`, calls: group }));
}

/** A time as people tell it, rounded down, so that a run's own milliseconds do not show: `2 min 5 s`. */
function timeText(time: number): string {
  if (time === Infinity) return 'for ever';
  const seconds = Math.floor(time / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
