import { placeText } from '../diagnostics/place.js';
import type { RunRecord } from '../shell/run.js';
import type { Call } from '../stubs/call.js';
import type { Invariant } from './invariant.js';

/** What a run may wait. */
export interface WaitingBounds {
  /** Time in all: `'500ms'`, `'60s'`, `'5m'`, `'1h'`. */
  readonly within: string;
  /** Calls of `sleep`, which a loop makes between its tries. Default: any number. */
  readonly sleeps?: number;
}

/**
 * The run waits no longer than it may: the time that it took, and that which its calls of `sleep` asked for where a stub
 * answered at once. Sleeps in the background count too, as if they came one after the other. What it cannot see is how
 * long a stub's program would have taken, or for how long `timeout` and `read -t` would have waited; and a wait that
 * never ends is no broken invariant but a run that exceeds its limit of time.
 * @throws Error for what is no duration.
 */
export function boundedWaiting({ within, sleeps = Infinity }: WaitingBounds): Invariant {
  const most = milliseconds(within);
  return {
    name: `boundedWaiting({ within: '${within}'${sleeps === Infinity ? '' : `, sleeps: ${sleeps}`} })`,
    check(record: RunRecord) {
      const calls = record.calls.filter(({ name }) => /^(?:.*\/)?sleep$/.test(name));
      const waited = record.duration + calls.reduce((sum, call) => sum + Math.max(0, asked(call) - passed(call)), 0);
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
  const total = (group: readonly Call[]) => group.reduce((sum, call) => sum + asked(call), 0);
  return [...groups]
    .sort(([, one], [, other]) => total(other) - total(one))
    .map(([key, group]) => ({ text: `${group.length} x ${key}`, calls: group }));
}

/** What a call of `sleep` asks for (GNU: numbers with s, m, h or d, added up), in milliseconds; 0 where it would refuse. */
function asked({ args }: Call): number {
  const parts = args.filter((word) => word !== '--').map((word) => {
    if (/^inf(?:inity)?$/i.test(word)) return Infinity;
    const [, number, unit] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word) ?? [];
    return number === undefined ? NaN : Number(number) * { '': 1e3, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[unit as '' | 's' | 'm' | 'h' | 'd'];
  });
  const sum = parts.reduce((total, part) => total + part, 0);
  return Number.isNaN(sum) ? 0 : sum;
}

function passed({ start, end }: Call): number {
  return end === undefined ? 0 : end - start;
}

function milliseconds(duration: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration) ?? [];
  if (!number || !unit) throw new Error(`boundedWaiting(): \`within\` is a duration such as '500ms', '60s', '5m' or '1h', got ${JSON.stringify(duration)}`);
  return Number(number) * { ms: 1, s: 1e3, m: 6e4, h: 36e5 }[unit as 'ms' | 's' | 'm' | 'h'];
}

/** A time as people tell it, rounded down, so that a run's own milliseconds do not show: `2 min 5 s`. */
function timeText(time: number): string {
  if (time === Infinity) return 'for ever';
  const seconds = Math.floor(time / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
