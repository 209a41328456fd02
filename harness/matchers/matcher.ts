import type { MatcherState } from 'vitest';
import { report, type Failure } from '../diagnostics/report.js';
import type { RunRecord } from '../shell/run.js';

/** What vitest hands to a matcher as `this`, as far as ours use it. */
export type MatcherContext = Pick<MatcherState, 'equals' | 'isNot' | 'customTesters' | 'utils'>;

/** What a matcher answers; the message is only built when it is shown. */
export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A verdict whose message is the report of a failure. */
export function verdict(pass: boolean, record: RunRecord, failure: () => Failure): Verdict {
  return { pass, message: () => report(record, failure()) };
}

/**
 * Whether an expectation holds, negated or not. Only what holds covers what it is about: a failure may be caught.
 * @param pass what its matcher answers.
 */
export function holds({ isNot }: Pick<MatcherContext, 'isNot'>, pass: boolean): boolean {
  return isNot ? !pass : pass;
}

/**
 * A failure in both polarities: what was asked cannot be answered, and nothing may pass by luck.
 * @param isNot whether the expectation is negated, which turns a verdict round.
 */
export function failure(isNot: boolean, record: RunRecord, told: () => Failure): Verdict {
  return verdict(isNot, record, told);
}

/** The expectation as the spec wrote it, for the first line: `expect(run).not.toExit(1)`. */
export function written(isNot: boolean, matcher: string, args = ''): string {
  return `expect(run).${isNot ? 'not.' : ''}${matcher}(${args})`;
}
