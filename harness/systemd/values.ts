import { constants } from 'node:os';
import { problem } from './problem.js';
import type { Setting } from './unit-text.js';

/** A value with where it was said: `{ value, place }`, of which {@link Setting} is one. */
export type Said = Pick<Setting, 'value' | 'place' | 'key'>;

/** A boolean as systemd.syntax(7) has it. @throws StrictError for other words. */
export function booleanOf({ key, value, place }: Said): boolean {
  if (/^(1|yes|y|true|t|on)$/i.test(value)) return true;
  if (/^(0|no|n|false|f|off)$/i.test(value)) return false;
  throw problem(place, `${key}=${value} is neither yes nor no`);
}

const SPANS: Readonly<Record<string, number>> = {
  us: 0.001, usec: 0.001, µs: 0.001, ms: 1, msec: 1, s: 1000, sec: 1000, second: 1000, seconds: 1000, '': 1000,
  m: 60_000, min: 60_000, minute: 60_000, minutes: 60_000, h: 3_600_000, hr: 3_600_000, hour: 3_600_000, hours: 3_600_000,
  d: 86_400_000, day: 86_400_000, days: 86_400_000, w: 604_800_000, week: 604_800_000, weeks: 604_800_000,
  M: 2_629_800_000, month: 2_629_800_000, months: 2_629_800_000, y: 31_557_600_000, year: 31_557_600_000, years: 31_557_600_000,
};

/** A span of time as systemd.time(7) has it, in milliseconds; `infinity` is Infinity. @throws StrictError for what is none. */
export function spanOf({ key, value, place }: Said): number {
  if (value === 'infinity') return Infinity;
  let sum = 0;
  let rest = value.trim();
  if (rest === '') throw problem(place, `${key}= is no span of time`);
  while (rest !== '') {
    const [all, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-zA-Zµ]*)\s*/.exec(rest) ?? [];
    const factor = SPANS[unit];
    if (all === undefined || factor === undefined) throw problem(place, `${key}=${value} is no span of time, such as 5s or 1min 30s`);
    sum += Number(number) * factor;
    rest = rest.slice(all.length);
  }
  return sum;
}

/** The first and the last of the signals that have no names of their own: signal(7), "Real-time signals", without those of the C library. */
const REAL_TIME = [34, 64] as const;

/** A number of a signal by its name, with or without SIG, or number. */
export function signalNumber(name: string): number | undefined {
  const known = constants.signals as Readonly<Record<string, number>>;
  const [, end, steps = 0] = /^(?:SIG)?(?:RT(MIN|MAX))((?<=MIN)\+\d+|(?<=MAX)-\d+)?$/.exec(name) ?? [];
  if (end !== undefined) {
    const found = REAL_TIME[end === 'MIN' ? 0 : 1] + Number(steps);
    return found >= REAL_TIME[0] && found <= REAL_TIME[1] ? found : undefined;
  }
  const number = /^\d+$/.test(name) ? Number(name) : known[name.startsWith('SIG') ? name : `SIG${name}`];
  return number !== undefined && number > 0 && number < 65 ? number : undefined;
}

/** The name of a signal without SIG. */
export function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, one]) => one === number)?.[0].slice(3) ?? String(number);
}

/** A signal that a directive names. @throws StrictError for what is none. */
export function signalOf({ key, value, place }: Said): number {
  const number = signalNumber(value);
  if (number === undefined) throw problem(place, `${key}=${value}: there is no such signal`);
  return number;
}

/** How a process ended: `killed` by a signal, `dumped` when it left a core. */
export interface Ending {
  readonly code: 'exited' | 'killed' | 'dumped';
  readonly status: number;
}

/** Names of exit codes as systemd.exec(5), "Process Exit Codes", lists them. */
const EXIT_NAMES: Readonly<Record<number, string>> = {
  0: 'SUCCESS', 1: 'FAILURE', 2: 'INVALIDARGUMENT', 3: 'NOTIMPLEMENTED', 4: 'NOPERMISSION', 5: 'NOTINSTALLED', 6: 'NOTCONFIGURED', 7: 'NOTRUNNING',
  64: 'USAGE', 65: 'DATAERR', 66: 'NOINPUT', 67: 'NOUSER', 68: 'NOHOST', 69: 'UNAVAILABLE', 70: 'SOFTWARE', 71: 'OSERR', 72: 'OSFILE', 73: 'CANTCREAT', 74: 'IOERR', 75: 'TEMPFAIL', 76: 'PROTOCOL', 77: 'NOPERM', 78: 'CONFIG',
  200: 'CHDIR', 203: 'EXEC', 216: 'GROUP', 217: 'USER', 233: 'RUNTIME_DIRECTORY', 238: 'STATE_DIRECTORY', 239: 'CACHE_DIRECTORY', 240: 'LOGS_DIRECTORY', 241: 'CONFIGURATION_DIRECTORY', 255: 'EXCEPTION',
};

/** Which of the names {@link statusText} gives for a program's own codes: `status` prints those of the C library and of systemd alone. */
const OF_LIBRARY = (status: number) => status <= 1 || status >= 200;

/** `code=exited, status=1/FAILURE`. @param where the journal names the codes of LSB too, and says of others that they have no name. */
export function statusText({ code, status }: Ending, where: 'journal' | 'status'): string {
  const name = code === 'exited' ? EXIT_NAMES[status] : signalName(status);
  if (where === 'journal') return `code=${code}, status=${status}/${name ?? 'n/a'}`;
  return `code=${code}, status=${status}${name !== undefined && (code !== 'exited' || OF_LIBRARY(status)) ? `/${name}` : ''}`;
}

/** Codes and signals of SuccessExitStatus= and its like. */
export interface StatusSet {
  readonly codes: ReadonlySet<number>;
  readonly signals: ReadonlySet<number>;
}

/** Reads SuccessExitStatus= and its like. @throws StrictError for words that are neither exit code nor signal. */
export function statusSet(settings: readonly Said[]): StatusSet {
  const codes = new Set<number>();
  const signals = new Set<number>();
  for (const { key, value, place } of settings) {
    for (const word of value.split(/\s+/)) {
      const named = Object.entries(EXIT_NAMES).find(([, name]) => name === word)?.[0];
      const signal = /^\d/.test(word) ? undefined : signalNumber(word);
      if (/^\d+$/.test(word) && Number(word) < 256) codes.add(Number(word));
      else if (named !== undefined) codes.add(Number(named));
      else if (signal !== undefined) signals.add(signal);
      else throw problem(place, `${key}=${value}: ${word} is neither an exit code nor a signal`);
    }
  }
  return { codes, signals };
}

/** Whether a set holds how a process ended. */
export function holds({ codes, signals }: StatusSet, { code, status }: Ending): boolean {
  return code === 'exited' ? codes.has(status) : signals.has(status);
}

/**
 * Whether a process ended well.
 * @param isDaemon of a service's main process, but for oneshot: then HUP, INT, TERM and PIPE are a clean end too.
 */
export function isClean(ending: Ending, success: StatusSet, isDaemon: boolean): boolean {
  if (ending.code === 'exited' && ending.status === 0) return true;
  if (holds(success, ending)) return true;
  return isDaemon && ending.code === 'killed' && ['HUP', 'INT', 'TERM', 'PIPE'].includes(signalName(ending.status));
}
