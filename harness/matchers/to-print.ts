import stripAnsi from 'strip-ansi';
import { printed } from '../diagnostics/printed.js';
import type { Run, RunRecord } from '../shell/run.js';
import { holds, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

type Stream = 'stdout' | 'stderr';

/** Lines shown around a text that should not have been printed. */
const WIDEST = 200;

/**
 * `expect(run).toPrint(text, { on })`: a stream contains the text, or something that the pattern matches.
 * Terminal escapes are dropped first. Without `on`: either stream.
 * @throws TypeError for an empty text, which everything contains, or an unknown stream.
 */
export function toPrint(this: MatcherContext, received: unknown, expected: string | RegExp, options: { readonly on?: Stream } = {}): Verdict {
  const run = receivedRun(received, 'toPrint');
  const { record } = run;
  if (expected === '' || !(typeof expected === 'string' || expected instanceof RegExp)) {
    throw new TypeError(`toPrint() takes a text that is not empty, or a RegExp; received ${printed(expected)}. For "prints nothing": expect(run.stdout).toBe('').`);
  }
  if (options.on !== undefined && options.on !== 'stdout' && options.on !== 'stderr') {
    throw new TypeError(`toPrint(): the option \`on\` takes 'stdout' or 'stderr'; received ${printed(options.on)}.`);
  }
  const streams: readonly Stream[] = options.on === undefined ? ['stdout', 'stderr'] : [options.on];
  const found = streams.map((stream) => ({ stream, line: lineWith(textOf(record, stream), expected) })).find(({ line }) => line !== undefined);
  if (holds(this, found !== undefined)) for (const stream of streams) lookAtPrinted(run, stream, expected);
  return verdict(found !== undefined, record, () => {
    const as = written(this.isNot, 'toPrint', `${printed(expected)}${options.on === undefined ? '' : `, { on: '${options.on}' }`}`);
    if (found !== undefined) return { reason: `${as}: it is on ${found.stream}`, details: [found.line] };
    const other = options.on === undefined ? undefined : (['stdout', 'stderr'] as const).find((stream) => stream !== options.on && lineWith(textOf(record, stream), expected) !== undefined);
    const where = options.on ?? 'stdout or stderr';
    return { reason: `${as}: it is not on ${where}${other === undefined ? '' : `; it is on ${other}`}` };
  });
}

function textOf(record: RunRecord, stream: Stream): string {
  return stripAnsi(record[stream].toString('utf8'));
}

/** Standard output counts as a whole, standard error by the lines on which a match lies. */
function lookAtPrinted({ record, looked }: Run, stream: Stream, expected: string | RegExp): void {
  const text = textOf(record, stream);
  const everywhere = typeof expected === 'string' ? expected : new RegExp(expected.source, `${expected.flags.replace(/[gy]/g, '')}g`);
  const matches = typeof everywhere === 'string' ? placesOf(everywhere, text) : [...text.matchAll(everywhere)].map(({ index, 0: match }) => ({ index, length: match.length }));
  if (stream === 'stdout') {
    if (matches.length > 0) looked.add('stdout');
    return;
  }
  for (const { index, length } of matches) {
    const first = lineNumber(text, index);
    const last = lineNumber(text, index + Math.max(0, length - 1));
    for (let line = first; line <= last; line += 1) looked.add(`stderr line ${line}`);
  }
}

function placesOf(part: string, text: string): { index: number; length: number }[] {
  const places = [];
  for (let index = text.indexOf(part); index !== -1; index = text.indexOf(part, index + part.length)) places.push({ index, length: part.length });
  return places;
}

/** From 1. */
function lineNumber(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** The line in which the match begins, with its number; undefined without a match. */
function lineWith(text: string, expected: string | RegExp): string | undefined {
  const index = typeof expected === 'string' ? text.indexOf(expected) : text.search(new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')));
  if (index === -1) return undefined;
  const number = lineNumber(text, index);
  return `line ${number}: ${text.split('\n')[number - 1]!.slice(0, WIDEST)}`;
}
