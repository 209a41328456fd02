import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StrictError } from './strict-error.js';

/** Where shellrig's own modules lie: `harness/` in the clone, `dist/` in a package. */
const OWN = fileURLToPath(new URL('..', import.meta.url));

/** A place in a spec: the frames of a stack, told when they are asked for. */
export type SpecPlace = () => string;

/**
 * Where a spec stands now. A run fails long after the spec asked for it, with a stack that leads into shellrig; what
 * a reader wants to see is the line of the spec.
 */
export function specPlace(): SpecPlace {
  const here = new Error();
  return () => (here.stack ?? '').split('\n').slice(1).filter((frame) => !isOwnFrame(frame)).join('\n');
}

/**
 * A relative path counts from the file that calls shellrig, as an import of it would.
 * @returns an absolute path; the path as it is where nothing lies there, for a message that names it.
 */
export function besideCaller(path: string): string {
  if (isAbsolute(path)) return path;
  const caller = /(?:file:\/\/)?(\/[^():]+):\d+:\d+\)?$/.exec(specPlace()().split('\n')[0] ?? '')?.[1];
  const beside = caller === undefined ? path : resolve(dirname(caller), path);
  return existsSync(beside) ? beside : path;
}

/**
 * Gives an error the spec's place instead of the one in shellrig where it was made; leaves errors alone that are not
 * shellrig's word to the reader: what a handler threw, and bugs.
 */
export function placedAt(error: unknown, place: SpecPlace): unknown {
  if (!(error instanceof StrictError) && !isOwnWord(error)) return error;
  const told = error as Error;
  told.stack = `${told.name}: ${told.message}\n${place()}`;
  return told;
}

/** Whether a frame of a stack, or a file, is shellrig's own. Its tests are specs like any other. */
export function isOwnFrame(frame: string): boolean {
  return frame.includes(OWN) && !/\.test\.ts\b/.test(frame);
}

/** A plain Error that shellrig made itself: about scripts, tools or options that do not exist. */
function isOwnWord(error: unknown): boolean {
  if (!(error instanceof Error) || error.constructor !== Error || error.message.startsWith('shellrig bug')) return false;
  const first = error.stack?.slice(error.stack.indexOf(error.message) + error.message.length).split('\n').find((line) => /^\s+at /.test(line));
  return first !== undefined && isOwnFrame(first);
}
