import stripAnsi from 'strip-ansi';
import { printed } from '../diagnostics/printed.js';
import type { RunRecord } from '../shell/run.js';
import { verdict, written, type MatcherContext, type Verdict } from './matcher.js';
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
  const { record } = receivedRun(received, 'toPrint');
  if (expected === '' || !(typeof expected === 'string' || expected instanceof RegExp)) {
    throw new TypeError(`toPrint() takes a text that is not empty, or a RegExp; received ${printed(expected)}. For "prints nothing": expect(run.stdout).toBe('').`);
  }
  if (options.on !== undefined && options.on !== 'stdout' && options.on !== 'stderr') {
    throw new TypeError(`toPrint(): the option \`on\` takes 'stdout' or 'stderr'; received ${printed(options.on)}.`);
  }
  const streams: readonly Stream[] = options.on === undefined ? ['stdout', 'stderr'] : [options.on];
  const found = streams.map((stream) => ({ stream, line: lineWith(textOf(record, stream), expected) })).find(({ line }) => line !== undefined);
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

/** The line in which the match begins, with its number; undefined without a match. */
function lineWith(text: string, expected: string | RegExp): string | undefined {
  const index = typeof expected === 'string' ? text.indexOf(expected) : text.search(new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')));
  if (index === -1) return undefined;
  const number = text.slice(0, index).split('\n').length;
  return `line ${number}: ${text.split('\n')[number - 1]!.slice(0, WIDEST)}`;
}
