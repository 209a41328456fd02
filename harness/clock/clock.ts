import type { Acting } from './actors.js';

/** How a shell's time goes by. */
export type ClockOption =
  /** It jumps: as soon as everything waits, to the next instant for which anything does. */
  | 'virtual'
  /** As on the wall. */
  | 'real'
  /** Virtual, and each run begins at this instant: a date and time as ISO 8601 has it, to the second, of {@link STARTS}. */
  | { readonly start: string };

/**
 * When a run begins by a virtual clock, if nothing else is said, in seconds since the epoch. It is after all that a machine
 * brings along: what a run makes is newer than its programs and scripts, as on a real machine.
 */
export const DEFAULT_START = Date.parse('2030-01-01T00:00:00Z') / 1000;

/**
 * The first and the last instant at which a run may begin: time is counted in 64 bits of nanoseconds since the epoch, and
 * what has gone by since the machine's own start lies before a run's.
 */
export const STARTS = ['1970-01-02T00:00:00Z', '2261-12-31T23:59:59Z'] as const;

/** @returns the start in seconds since the epoch; undefined for the real clock. */
export function startOf(clock: ClockOption): number | undefined {
  if (clock === 'real') return undefined;
  return clock === 'virtual' ? DEFAULT_START : Date.parse(clock.start) / 1000;
}

/** How much later than its end a run is followed by one on what it left, in seconds: a script that writes the date is seen. */
const DAY = 24 * 60 * 60;

/** @returns when a run on what another left begins, in whole seconds since the epoch; undefined for the real clock. */
export function startAfter({ began, duration }: { readonly began?: number | undefined; readonly duration: number }): number | undefined {
  return began === undefined ? undefined : began + Math.ceil(duration / 1000) + DAY;
}

/** @returns the same start in nanoseconds since the epoch, as the times of files are told. */
export function timeOf(start: number | undefined): bigint | undefined {
  return start === undefined ? undefined : BigInt(start) * 1_000_000_000n;
}

/** Whether it is an instant to the second, with its time zone. */
export function isInstant(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** Whether a run may begin at an instant: see {@link STARTS}. */
export function isStart(instant: string): boolean {
  const [first, last] = STARTS.map((start) => Date.parse(start));
  return Date.parse(instant) >= first! && Date.parse(instant) <= last!;
}

/**
 * What a run asks of its clock, as the inside reads it (library/builtin.h).
 * @param start seconds since the epoch; undefined for the real clock.
 * @param limits milliseconds that may go by until the called shell has ended, and after it. @param schedule of the host's own acts.
 */
export function clockRequest(start: number | undefined, limits: { readonly virtual: number; readonly background: number }, schedule: Pick<Acting, 'next' | 'asks'>): string {
  return start === undefined ? '' : [start, nanoseconds(limits.virtual), nanoseconds(limits.background), nanoseconds(schedule.next), schedule.asks ? 1 : 0].join(' ');
}

/** What the host answers `act NOW` (library/host.h). */
export function actedLine(acted: boolean, { next, asks, buried }: Pick<Acting, 'next' | 'asks' | 'buried'>): string {
  return [acted ? 1 : 0, nanoseconds(next), asks ? 1 : 0, ...(buried?.() ?? []).slice(0, MOST_BURIED)].join(' ');
}

function nanoseconds(milliseconds = -1e-6): number {
  return Math.round(milliseconds * 1e6);
}

/** So many in one line, which has room for 255 letters. */
const MOST_BURIED = 16;

/** What a virtual clock told of a run at its end. */
export interface ClockReport {
  /**
   * `ended`: the called shell did, and what it left did or does not in time; `limit`: of virtual time; `stuck`: all
   * waited for what never comes; `stopped`: by the host.
   */
  readonly end: 'ended' | 'limit' | 'stuck' | 'stopped';
  /** Milliseconds from the start until the called shell had ended, and until all had. */
  readonly shell: number;
  readonly all: number;
}

/** Reads the line `clock END SHELL ALL`, of nanoseconds; undefined for any other. */
export function clockReport(line: string): ClockReport | undefined {
  const [, end, shell, all] = /^clock (ended|limit|stuck|stopped) (\d+) (\d+)$/.exec(line) ?? [];
  return end === undefined ? undefined : { end: end as ClockReport['end'], shell: Number(shell) / 1e6, all: Number(all) / 1e6 };
}

/** Which limit ended a run, if one of the clock's did; `ever`: all waited for what never comes. */
export function exceededBy(report: ClockReport | undefined): 'virtual' | 'ever' | undefined {
  return report?.end === 'limit' ? 'virtual' : report?.end === 'stuck' ? 'ever' : undefined;
}
