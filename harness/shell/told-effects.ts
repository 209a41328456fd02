import { createHash } from 'node:crypto';
import { effects } from '../diagnostics/effects.js';
import type { Run } from './run.js';

declare module 'vitest' {
  interface TaskMeta {
    /** What each run of a test did, in the order in which they were asked for, where somebody compares it with another time. */
    effects?: string[];
    /** Set by a test of processes that race each other: its runs do not all do the same. */
    races?: true;
  }
}

/** The environment variable through which `npm run soak` asks for the effects of every test: `1`. */
const TELL_EFFECTS_VARIABLE = 'SHELLRIG_TELL_EFFECTS';

/** Where a number may be that of a process: bash tells of a job that was killed, or was begun; a name ends with it, as of a draft; `systemctl status` tells of it. bash pads it. */
const PLACES_OF_PROCESSES = /(?<=\bline \d+: |^\[\d+\] |[A-Za-z]\.|\b(?:Process|PID): ) *\d+\b/gm;

/** Those that processes have (harness/sandbox/bash/start.sh): so long that what looks like one of this run is one. */
const LONG = /\b\d{6}\b/g;

/** Characters of a stream that are told as they are: whoever compares sees what differs. */
const MOST_TOLD = 4000;

/**
 * A run's effects, what it printed (much of it as a digest) and, by a virtual clock, how long it took, with one word for the
 * numbers of processes: the same each time, or the run depends on chance. Undefined where nobody asks.
 */
export function toldEffects({ record }: Run): string | undefined {
  if (process.env[TELL_EFFECTS_VARIABLE] === undefined) return undefined;
  const numbered = (text: string) => text
    // At such a place a long one may also be of the run that left a tree behind.
    .replace(PLACES_OF_PROCESSES, (digits) => (record.processes.has(Number(digits)) || digits.trim().length === 6 ? 'PID' : digits))
    .replace(LONG, (digits) => (record.processes.has(Number(digits)) ? 'PID' : digits));
  const printed = (stream: string, bytes: Buffer) => {
    const text = numbered(bytes.toString('latin1'));
    if (text.length > MOST_TOLD) return [`${stream} ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`];
    return text === '' ? [] : text.replace(/\n$/, '').split('\n').map((line) => `${stream} | ${line}`);
  };
  return [numbered(effects(record)), ...printed('stdout', record.stdout), ...printed('stderr', record.stderr), ...(record.sleeps ? [`took ${record.duration} ms`] : [])].join('\n');
}
