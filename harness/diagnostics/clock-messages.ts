import { durationText } from '../clock/duration.js';
import type { RealWait } from '../shell/run.js';
import type { Site } from '../stubs/call.js';
import { commandText, quoted, type Asked } from './command-text.js';
import { outputTail } from './output-tail.js';
import type { StrictError } from './strict-error.js';
import { told } from './strict-messages.js';
import { whereText } from './where.js';

/**
 * Under a virtual clock: everything in the sandbox waited, and no time, stub or actor would ever have ended that.
 * @param stack where the script was, innermost first.
 */
export function waitsForEver(asked: Asked, stack: readonly Site[], output: { readonly stdout: Uint8Array; readonly stderr: Uint8Array }): StrictError {
  const where = whereText(stack, asked.hostPaths);
  return told('waits-for-ever', [
    'The script waits for something that never comes, and was ended: everything in the sandbox waits, and nothing with a time limit.',
    commandText(asked),
    where && `It was ${where}`,
    outputTail('stdout', output.stdout),
    outputTail('stderr', output.stderr),
    'If something outside is to act meanwhile, declare it: a stub that is answered, files, or an actor. If nothing is, give the script a time limit of its own.',
  ]);
}

/** How far a run came by a virtual clock, and in how much real time, both in milliseconds; and how often it slept on the way. */
export interface Way {
  readonly came: number;
  readonly real: number;
  readonly sleeps: number;
}

/**
 * Under a virtual clock: why a run took much real time.
 * @param waits by the real clock; none where something computed all the while, or there were very many waits.
 */
export function realTimeWent(waits: readonly RealWait[], { came, real, sleeps }: Way): string {
  if (waits.length > 0) return `${namesOf(waits).map(quoted).join(', ')} waited by the real clock, which the shell's virtual one does not reach.`;
  if (sleeps >= real / LONGEST_SLEEP) return `By the virtual clock it came as far as ${Math.round(came / 1000)} s, in ${sleeps} sleeps: each takes about a millisecond of real time. Give the loop an end of its own, have an actor bring what it waits for, or end the run earlier by its clock:\n  limits: { virtual: '${durationText(Math.max(1, Math.floor(came / 2000)) * 1000)}' }`;
  return "Waiting takes none of that, since the clock is virtual: something computed all the while, or a `handle` or an actor gave no answer. Time stands meanwhile, so a loop that waits for what others do has to pause (`sleep 0.1`) or to read the clock. Or give the shell the real one:\n  clock: 'real'";
}

/** Milliseconds of real time that a sleep takes at most on a busy machine: where they were fewer, something else took it. */
const LONGEST_SLEEP = 50;

/**
 * Under a virtual clock: programs waited by the real one, so that what came of the run may differ from time to time.
 * @param waits at least one.
 */
export function realTime(asked: Asked, waits: readonly RealWait[]): StrictError {
  const names = namesOf(waits);
  const where = whereText(waits[0]!.stack, asked.hostPaths);
  return told('real-time', [
    `${names.map(quoted).join(', ')} waited by the real clock, which the shell's virtual one does not reach: a static program, threads that wait for each other, or a file that waits itself (timerfd, a socket's SO_RCVTIMEO).`,
    commandText(asked),
    where && `It was started ${where}`,
    `Stand in for it with a stub, or give the shell the real clock:\n  clock: 'real'\nIf the run may depend on it:\n  allow: { realTime: [${names.map(quoted).join(', ')}] }`,
  ], names);
}

function namesOf(waits: readonly RealWait[]): string[] {
  return [...new Set(waits.map(({ program }) => program))];
}
