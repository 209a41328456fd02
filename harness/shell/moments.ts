import { JOBS } from '../sandbox/places.js';
import type { MomentName } from '../steps/moments.js';

/** Who of a run takes turns, by the names of processes. */
export interface Turns {
  /** Jobs in the background that go on only while all others wait. */
  readonly jobs: readonly string[];
  /** A job before which all goes on only while that waits, once it has begun. */
  readonly own?: string | undefined;
}

/** What a run is asked to do with its moments: to tell all of them, or to let something happen at one. */
export type MomentsRequest = { readonly tell: true; readonly turns?: Turns } | { readonly at: MomentName; readonly happens: Happening };

/** What may happen at a moment. */
export type Happening =
  /** The process that is at it is killed; the others go on. */
  | { readonly kind: 'die' }
  /** All processes are killed at once; the tree stays as it is. */
  | { readonly kind: 'power cut' }
  /** The call that begins does nothing and ends with this code. */
  | { readonly kind: 'exit'; readonly code: number }
  /** The call that begins is ended by this signal. */
  | { readonly kind: 'signal'; readonly signal: number }
  /** The call that begins hangs; a timeout(1) above it has its time at once. */
  | { readonly kind: 'hang' }
  /** From here on no space is left on the disk. */
  | { readonly kind: 'disk full' }
  /** The process that is at it waits until it is let go on. */
  | { readonly kind: 'held'; readonly turns: Turns };

const ACTIONS: Readonly<Record<Happening['kind'], string>> = { 'die': 'd', 'power cut': 'p', 'exit': 'e', 'signal': 's', 'hang': 'h', 'disk full': 'f', 'held': 'w' };

/** Of the head and of each entry for a process, as guard/moments.h lays them out; and how many there are. */
const HEAD = 512;
const ENTRY = 64;
const PROCESSES = 1023;
const PATH_LENGTH = 43;
const NAMES_LENGTH = 438;
/** Where in the head it says whether a process is held, which job may go on beside it, how many wait for a turn, and the names of jobs. */
const IS_HELD = 2;
export const MAY_GO_AT = 3;
export const TURNS_AT = 64;
const NAMES_AT = 73;
/** Bytes that {@link decodeHeld} needs. */
export const HELD_LENGTH = TURNS_AT + JOBS;

/** The file that the processes of a run count their moments in, before any of them has begun. */
export function encodeMoments(request: MomentsRequest): Buffer {
  const content = Buffer.alloc(HEAD + ENTRY * PROCESSES);
  if ('tell' in request) {
    content.write('t', 0);
    if (!request.turns) return content;
    content.write(ACTIONS.held, 1);
    content.write(namesIn(request.turns), NAMES_AT);
    return content;
  }
  const { at, happens } = request;
  content.write('a', 0);
  content.write(ACTIONS[happens.kind], 1);
  content.writeInt32LE(at.number, 4);
  content.writeInt32LE(happens.kind === 'exit' ? happens.code : happens.kind === 'signal' ? happens.signal : 0, 8);
  content.write(at.process.slice(0, PATH_LENGTH), 20);
  if (happens.kind === 'held') content.write(namesIn(happens.turns), NAMES_AT);
  return content;
}

/** As hold.h reads them; as many as there is room for, others take no turns. */
function namesIn({ jobs, own }: Turns): string {
  const last = own === undefined ? '' : '0 ';
  return jobs.reduce((names, job) => (names.length + job.length + last.length < NAMES_LENGTH ? `${names}${job} ` : names), own === undefined ? '' : `!${own} `) + last;
}

/** Who of a run waits for a word of the host's (guard/hold.h). */
export interface Held {
  /** Whether the process of the moment has come to it. */
  readonly isHeld: boolean;
  /** Of each job, how many of its processes have come to a moment of theirs since it had its last turn. */
  readonly turns: readonly number[];
}

/** Reads the head of the file. */
export function decodeHeld(head: Buffer): Held {
  return { isHeld: head[IS_HELD] === 1, turns: [...head.subarray(TURNS_AT, TURNS_AT + JOBS)] };
}
