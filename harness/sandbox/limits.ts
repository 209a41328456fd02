import { durationOf } from '../clock/duration.js';

/** What one run may use. */
export interface Limits {
  /** Real time until the called shell has ended, for instance `'30s'`. Default 10 s. */
  readonly time: string;
  /** Time by a virtual clock until the called shell has ended. Default 24 h. */
  readonly virtual: string;
  /** Time that background work may go on after the called shell has ended: by the run's clock, and no longer in real time. Default 2 s. */
  readonly background: string;
  /** Bytes of output, both streams together, for instance `'8MB'`. Default 16 MB. */
  readonly output: string;
  /** Bytes that the tree may hold; the script meets "No space left on device" beyond. Default 64 MB. */
  readonly disk: string;
  /** Memory of each process. Default 1 GB. */
  readonly memory: string;
  /** Processes at one time, of all sandboxes of one vitest worker. Default 512. */
  readonly processes: number;
}

export const DEFAULT_LIMITS: Limits = { time: '10s', virtual: '24h', background: '2s', output: '16MB', disk: '64MB', memory: '1GB', processes: 512 };

/** The same limits as numbers: milliseconds and bytes. */
export interface LimitNumbers {
  readonly time: number;
  readonly virtual: number;
  readonly background: number;
  readonly output: number;
  readonly disk: number;
  readonly memory: number;
  readonly processes: number;
}

/** @param where who asks, for messages. @throws Error naming the limit, the rule and the value for what is not a duration, size or count. */
export function limitNumbers(limits: Limits, where = 'limits'): LimitNumbers {
  const named = (name: keyof Limits) => `${where}: \`${name}\``;
  return {
    time: some(named('time'), durationOf(named('time'), limits.time)),
    virtual: some(named('virtual'), durationOf(named('virtual'), limits.virtual)),
    background: durationOf(named('background'), limits.background),
    output: bytes(named('output'), limits.output),
    disk: some(named('disk'), bytes(named('disk'), limits.disk)),
    memory: some(named('memory'), bytes(named('memory'), limits.memory)),
    processes: count(named('processes'), limits.processes),
  };
}

function bytes(what: string, value: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(kB|MB|GB)$/.exec(value) ?? [];
  if (!number || !unit) throw wrong(what, "a size such as '500kB', '64MB' or '1GB'", value);
  return Math.floor(Number(number) * { kB: 1e3, MB: 1e6, GB: 1e9 }[unit as 'kB' | 'MB' | 'GB']);
}

function count(what: string, value: number): number {
  if (!Number.isInteger(value) || value < 8) throw wrong(what, 'a whole number of at least 8', value);
  return value;
}

/** No run is without any; the kernel would take no disk space for any amount of it. */
function some(what: string, number: number): number {
  if (number <= 0) throw new Error(`${what} is more than nothing, got 0`);
  return number;
}

function wrong(what: string, rule: string, value: unknown): Error {
  return new Error(`${what} is ${rule}, got ${JSON.stringify(value)} (${typeof value})`);
}
