import type { Site } from '../stubs/call.js';
import type { HostPaths } from './place.js';
import { indented, whereText } from './where.js';

/** A value of a sweep and what came of it. */
export interface TriedValue {
  readonly id: string;
  /** What was done, in a word: `power cut`. */
  readonly what: string;
  readonly outcome: string;
  readonly broken: readonly { readonly reason: string; readonly details: readonly string[] }[];
  /** The value in words. */
  readonly text: string;
  readonly stack: readonly Site[];
  /** The command that repeats this value alone. */
  readonly again: string | undefined;
}

/** What a sweep came to, beside its values. */
export interface SweepSummary {
  readonly pruned: readonly string[];
  readonly closing: readonly string[];
  readonly milliseconds: number;
}

/** Kinds of failure that are told in full, and further values of one that are named. */
const MOST_REASONS = 5;
const MOST_OTHERS = 8;

/** What was tried, what came of it, how many values were alike; and what was not tried. */
export function tableText(title: string, tried: readonly TriedValue[], { pruned, closing, milliseconds }: SweepSummary): string {
  const rows = new Map<string, { what: string; outcome: string; count: number }>();
  for (const { what, outcome, broken } of tried) {
    const shown = broken.length > 0 ? `${outcome}: BROKEN` : outcome;
    const row = rows.get(`${what}\0${shown}`) ?? { what, outcome: shown, count: 0 };
    row.count += 1;
    rows.set(`${what}\0${shown}`, row);
  }
  const lines = [...rows.values()].sort((one, other) => one.what.localeCompare(other.what) || other.count - one.count);
  const [first, second] = [widest(lines.map(({ what }) => what)), widest(lines.map(({ outcome }) => outcome))];
  return [
    `${title}: ${count(tried.length, 'value')}, ${(milliseconds / 1000).toFixed(1)}s`,
    ...lines.map(({ what, outcome, count }) => `  ${what.padEnd(first)}  ${outcome.padEnd(second)}  ${String(count).padStart(5)}`),
    ...[...closing, ...pruned].map((line) => `  ${line}`),
  ].join('\n');
}

/** What does not hold: alike values are told once, by the first of them. */
export function brokenSweepText(title: string, tried: readonly TriedValue[], hostPaths: HostPaths): string {
  const reasons = new Map<string, TriedValue[]>();
  for (const value of tried) for (const reason of new Set(value.broken.map((one) => one.reason))) reasons.set(reason, [...(reasons.get(reason) ?? []), value]);
  const broken = tried.filter((value) => value.broken.length > 0);
  const told = [...reasons].slice(0, MOST_REASONS).map(([reason, values]) => reasonText(reason, values, hostPaths));
  return [
    `${title}: ${broken.length} of ${count(tried.length, 'value')} ${broken.length === 1 ? 'breaks' : 'break'} what must hold`,
    ...told,
    reasons.size > MOST_REASONS ? `and ${reasons.size - MOST_REASONS} other kinds of failure` : undefined,
  ].filter((section) => section !== undefined).join('\n\n');
}

function reasonText(reason: string, values: readonly TriedValue[], hostPaths: HostPaths): string {
  const [first, ...others] = values as [TriedValue, ...TriedValue[]];
  const details = first.broken.find((one) => one.reason === reason)?.details ?? [];
  const where = whereText(first.stack, hostPaths);
  const rest = others.slice(0, MOST_OTHERS).map(({ id, text }) => `${id}  ${text}`);
  if (others.length > MOST_OTHERS) rest.push(`and ${others.length - MOST_OTHERS} more`);
  return [
    reason,
    indented(first.text),
    ...details.map(indented),
    where && indented(`that is ${where}`),
    first.again && `  this value alone, with all it executes:\n    ${first.again}`,
    rest.length > 0 ? indented(`the same of ${count(others.length, 'other value')}:\n${indented(rest.join('\n'))}`) : undefined,
  ].filter((section) => section !== undefined && section !== '').join('\n\n');
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}
