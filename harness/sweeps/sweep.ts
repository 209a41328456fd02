import { it, type TaskMeta } from 'vitest';
import { repeatText } from '../diagnostics/command-text.js';
import { StrictError } from '../diagnostics/strict-error.js';
import { brokenSweepText, tableText, type TriedValue } from '../diagnostics/sweep-text.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { RunContext } from '../shell/run.js';
import { eachAtOnce } from './each-at-once.js';
import { sampleOf } from './sample.js';
import { MOST_VARIABLE, SEED_VARIABLE, VALUE_VARIABLE, type Value } from './values.js';

/** What every sweep takes. */
export interface SweepOptions {
  /** Of the vitest test. */
  readonly meta?: TaskMeta;
  /** Milliseconds for all values together. Default 240,000. */
  readonly timeout?: number;
}

/** A sweep, once the undisturbed run has named its moments. */
export interface Sweep<Of extends Value = Value> {
  /** All values that there are; `shellrig test --value` finds one among them. */
  readonly all: readonly Of[];
  /** Those that are tried. */
  readonly chosen: readonly Of[];
  /** What is not tried, and why, a line each. */
  readonly pruned: readonly string[];
  readonly context: RunContext;
  /** Tries a value. @param lane the session to use. */
  readonly attempt: (value: Of, lane: number) => Promise<Verdict>;
  /** Whether each value builds on the one before. */
  readonly isInOrder?: boolean;
  /** What is to be said when all were tried, a line each. */
  readonly closing?: () => readonly string[];
}

/** What came of a value. */
export interface Verdict {
  /** In a few words, the same for values that are alike. */
  readonly outcome: string;
  /** What does not hold. */
  readonly broken: readonly BrokenText[];
}

/** Something that does not hold, for people. */
export interface BrokenText {
  /** One line; values with the same are told together. */
  readonly reason: string;
  /** Blocks of lines. */
  readonly details: readonly string[];
}

const TIMEOUT = 240_000;

/**
 * Registers the test of a sweep.
 * @param prepare names the values; given a number that is the same each time, for what is sampled.
 */
export function sweepTest<Of extends Value>(title: string, options: SweepOptions, prepare: (seed: number) => Promise<Sweep<Of>>): void {
  // eslint-disable-next-line vitest/expect-expect, vitest/valid-title -- what the values came to is its verdict
  it(title, { timeout: options.timeout ?? TIMEOUT, ...(options.meta && { meta: options.meta }) }, async () => {
    const started = performance.now();
    const sweep = await prepare(seedOf(title));
    const only = process.env[VALUE_VARIABLE];
    const { values, untried } = only === undefined ? sampleOf(sweep.chosen, sweep.isInOrder) : { values: [valueOf(only, sweep)], untried: [] };
    if (values.length === 0) throw new Error(`${title}: there is nothing to try: the run has no such moment`);
    const verdicts = await eachAtOnce(values, { atOnce: sweep.isInOrder !== true, say: (text) => console.log(`${title}: ${text}`) }, sweep.attempt);
    const tried = values.map((value, index): TriedValue => ({
      id: value.id, what: value.id.split('@')[0]!.replaceAll('-', ' '), ...verdicts[index]!, text: value.text, stack: value.stack,
      again: sweep.context.test && repeatText({ ...sweep.context.test, value: value.id }),
    }));
    console.log(tableText(title, tried, { pruned: [...sweep.pruned, ...untried], closing: sweep.closing?.() ?? [], milliseconds: performance.now() - started }));
    if (tried.some(({ broken }) => broken.length > 0)) throw new StrictError('broken-sweep', brokenSweepText(title, tried, sweep.context.hostPaths));
  });
}

function valueOf<Of extends Value>(id: string, { all }: Sweep<Of>): Of {
  const value = all.find((one) => one.id === id);
  if (!value) throw new Error(`this sweep has no value '${id}'.${didYouMean(id, all.map((one) => one.id))} Where it is another sweep's, choose that one alone by its full name: -t 'NAME$'`);
  return value;
}

/** How many values a sweep tries at most: as it says itself, or as the command line does. */
export function mostOf(most: number): number {
  const given = process.env[MOST_VARIABLE];
  return given === undefined ? most : Number(given);
}

/** By the title, so that sweeps differ and each is the same every time; or as the command line says. */
function seedOf(title: string): number {
  const given = process.env[SEED_VARIABLE];
  if (given !== undefined) return Number(given);
  return Buffer.from(title).reduce((hash, byte) => (Math.imul(hash, 31) + byte) >>> 0, 7) % 1_000_000;
}
