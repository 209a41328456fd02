import { durationOf, durationText } from '../clock/duration.js';
import { placeText } from '../diagnostics/place.js';
import type { RunRecord } from '../shell/run.js';
import type { Site } from '../stubs/call.js';
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
 * The run waits no longer than it may: the time that it took by its clock, and that which its calls of `sleep` asked for
 * where a stub answered at once. By a virtual clock without such a stub that is exact, and what follows has no say.
 * Sleeps of one process are added up. A job in the background sleeps beside the process that started it, and what that
 * does after a `wait` comes after its jobs; what runs beside each other otherwise, in a pipe or by `xargs -P`, counts as if
 * one came after the other. A job that something else than `wait` waits for (a FIFO) counts beside all the same. Where it
 * is declared before the run, a sleep under `timeout` is no longer than that. What it cannot see is how long a stub's
 * program would have taken, unless the stub `takes()` as long; and a wait that never ends is no broken invariant but a
 * run that is ended: at once where all wait for what never comes (`waits-for-ever`), or by a limit of time.
 * @throws Error for what is no duration.
 */
export function boundedWaiting({ within, sleeps = Infinity }: WaitingBounds): Invariant {
  const most = durationOf('boundedWaiting(): `within`', within);
  return {
    name: `boundedWaiting({ within: '${within}'${sleeps === Infinity ? '' : `, sleeps: ${sleeps}`} })`,
    executed: true,
    check(record: RunRecord) {
      const slept = sleepsOf(record);
      const waited = record.duration + waitedIn(record);
      if (waited <= most && slept.length <= sleeps) return undefined;
      const groups = bySite(slept);
      const worst = groups[0]?.sleeps[0];
      return {
        reason: waited > most ? `the run ${record.sleeps && !slept.some(({ isAnswered }) => isAnswered) ? 'waited' : 'would have waited'} ${timeText(waited)}, and may wait ${within}` : `the run slept ${slept.length} times, and may sleep ${sleeps} times`,
        details: groups.length === 0 ? [] : [groups.map(({ text }) => text).join('\n')],
        place: worst && { label: 'it slept', stack: worst.stack },
        advice: 'Give the loop a number of tries or a deadline, and have it say what it waited for when that is over.',
      };
    },
  };
}

interface OneSleep {
  readonly text: string;
  /** Milliseconds that it asked for. */
  readonly time: number;
  readonly stack: readonly Site[];
  /** Whether a stub answered, instead of a program that slept. */
  readonly isAnswered: boolean;
}

/** Calls of `sleep`, and what slept by a virtual clock without being such a call. */
function sleepsOf({ calls, sleeps = [], context }: RunRecord): OneSleep[] {
  const at = (site: Site | undefined) => (site ? `   at ${placeText(site, context.hostPaths)}` : '');
  const asked = calls.filter(isSleep);
  const spied = new Set(asked.map(({ pid }) => pid));
  const slept = new Set(sleeps.flatMap(({ ancestors }) => ancestors));
  return [
    ...asked.map((call) => ({ text: `sleep ${call.args.join(' ')}${at(call.site)}`, time: askedOf(call), stack: call.stack, isAnswered: !slept.has(call.pid) })),
    ...sleeps.filter(({ ancestors }) => !ancestors.some((pid) => spied.has(pid))).map(({ program, time, site }) => ({ text: `${program} ${durationText(time)}${at(site)}`, time, stack: site ? [site] : [], isAnswered: false })),
  ];
}

function bySite(sleeps: readonly OneSleep[]): { text: string; sleeps: readonly OneSleep[] }[] {
  const groups = new Map<string, OneSleep[]>();
  for (const sleep of sleeps) groups.set(sleep.text, [...(groups.get(sleep.text) ?? []), sleep]);
  const total = (group: readonly OneSleep[]) => group.reduce((sum, { time }) => sum + time, 0);
  return [...groups]
    .sort(([, one], [, other]) => total(other) - total(one))
    .map(([text, group]) => ({ text: `${group.length} x ${text}`, sleeps: group }));
}

/** A time as people tell it, rounded down, so that a run's own milliseconds do not show: `2 min 5 s`. */
function timeText(time: number): string {
  if (time === Infinity) return 'for ever';
  const seconds = Math.floor(time / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
