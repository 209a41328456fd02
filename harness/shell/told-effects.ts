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

/** Where a number may be that of a process: bash tells of a job that was killed, or was begun; a name ends with it, as of a draft. bash pads it. */
const PLACES_OF_PROCESSES = /(?<=\bline \d+: |^\[\d+\] |[A-Za-z]\.) *\d+\b/gm;

/** Characters of a stream that are told as they are: whoever compares sees what differs. */
const MOST_TOLD = 4000;

/**
 * A run's effects, what it printed (numbers of its processes apart; much of it as a digest) and, by a virtual clock, how long
 * it took: the same each time, or the run depends on chance. Undefined where nobody asks.
 */
export function toldEffects({ record }: Run): string | undefined {
  if (process.env[TELL_EFFECTS_VARIABLE] === undefined) return undefined;
  const printed = (stream: string, bytes: Buffer) => {
    const text = bytes.toString('latin1').replace(PLACES_OF_PROCESSES, (digits) => (record.processes.has(Number(digits)) ? 'PID' : digits));
    if (text.length > MOST_TOLD) return [`${stream} ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`];
    return text === '' ? [] : text.replace(/\n$/, '').split('\n').map((line) => `${stream} | ${line}`);
  };
  return [effects(record), ...printed('stdout', record.stdout), ...printed('stderr', record.stderr), ...(record.sleeps ? [`took ${record.duration} ms`] : [])].join('\n');
}
