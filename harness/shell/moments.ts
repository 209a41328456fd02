import type { MomentName } from '../steps/moments.js';

/** What a run is asked to do with its moments: to tell all of them, or to let something happen at one. */
export type MomentsRequest = { readonly tell: true } | { readonly at: MomentName; readonly happens: Happening };

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
  | { readonly kind: 'disk full' };

const ACTIONS: Readonly<Record<Happening['kind'], string>> = { 'die': 'd', 'power cut': 'p', 'exit': 'e', 'signal': 's', 'hang': 'h', 'disk full': 'f' };

/** Of the head and of each entry for a process, as guard/moments.h lays them out; and how many there are. */
const ENTRY = 64;
const PROCESSES = 1023;
const PATH_LENGTH = 43;

/** The file that the processes of a run count their moments in, before any of them has begun. */
export function encodeMoments(request: MomentsRequest): Buffer {
  const content = Buffer.alloc(ENTRY * (PROCESSES + 1));
  if ('tell' in request) {
    content.write('t', 0);
    return content;
  }
  const { at, happens } = request;
  content.write('a', 0);
  content.write(ACTIONS[happens.kind], 1);
  content.writeInt32LE(at.number, 4);
  content.writeInt32LE(happens.kind === 'exit' ? happens.code : happens.kind === 'signal' ? happens.signal : 0, 8);
  content.write(at.process.slice(0, PATH_LENGTH), 20);
  return content;
}
