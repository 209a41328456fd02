import type { LogRecord } from '../shell/protocol.js';
import type { Site } from '../stubs/call.js';

/** The name of a moment, the same in every run: which process, and which of its moments. */
export interface MomentName {
  /** From the called shell, `0`, on, which child of which: `0.3.1`. */
  readonly process: string;
  /** From 0. */
  readonly number: number;
}

/** A place of a run at which a sweep may let something happen (harness/sandbox/guard/moments.h). */
export interface Moment extends MomentName {
  /**
   * `step`: before a step; `call`: a program or a call of a stub begins; `ended`: a call of a stub has ended; `change`:
   * before the tree changes; `opened`: a file was opened anew; `half`: half of a write is done; `waits`: everything waits.
   */
  readonly kind: 'step' | 'call' | 'ended' | 'change' | 'opened' | 'half' | 'waits';
  /** The program that was at it. */
  readonly program: string;
  /** The command, the call's words, or the change: `rename /a -> /b`. */
  readonly what: string;
  /** Of a call: whether a timeout(1) above it ends it if it hangs. */
  readonly isLimited: boolean;
  /** Where the scripts were, innermost first. */
  readonly stack: readonly Site[];
  /** Milliseconds since the start, of one at which everything waits. */
  readonly time?: number;
  /** True where processes were so many, or so deep, that some had no moments. */
  readonly isLost: boolean;
}

const KINDS: Readonly<Record<string, Moment['kind']>> = { s: 'step', c: 'call', e: 'ended', b: 'change', a: 'opened', h: 'half' };

/**
 * Reads an `M` record.
 * @param stackOf the stack that led to a process, by its pid and those of its ancestors.
 */
export function readMoment({ fields }: LogRecord, stackOf: (pids: readonly number[]) => readonly Site[]): Moment {
  const [pids = '', name = '', program = '', what = '', line = '', inFunction = '', file = ''] = fields.map(String);
  const [process = '', number = '', kind = '', isLimited = '', isLost = ''] = name.split(' ');
  const found = stackOf(pids.split(',').map(Number));
  // Of a step that bash itself tells, the record comes later: its place is told with the moment.
  const stack = kind === 's' ? [{ file, line: Number(line), function: inFunction === '' || inFunction === 'source' ? 'main' : inFunction }, ...found.slice(1)] : found;
  return { process, number: Number(number), kind: KINDS[kind] ?? 'step', program, what, isLimited: isLimited === '1', isLost: isLost === '1', stack };
}

/** Everything waits, before time moves: for the time of this number. @param stack where the called shell is. */
export function waitingMoment(number: number, time: number, stack: readonly Site[]): Moment {
  return { process: WAITS, number, kind: 'waits', program: '', what: '', isLimited: false, stack, isLost: false, time };
}

/** In place of a process, where it is all of them. */
const WAITS = 'waits';

/** As the command line takes it: `0.3.1:14`. */
export function momentText({ process, number }: MomentName): string {
  return `${process}:${number}`;
}
