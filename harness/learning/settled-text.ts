import { literalPattern } from '../diagnostics/literal-pattern.js';
import { DEFAULT_START } from '../clock/clock.js';
import type { Fact } from './host-facts.js';

/** What two runs said at the same place. */
export type Settled = string | RegExp;

const DAYS = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A date or a time of day as programs write them, a word, or one other character. */
const TOKENS = new RegExp([
  String.raw`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?`,
  String.raw`(?:${DAYS}),? (?:\d{1,2} )?(?:${MONTHS.join('|')})(?: +\d{1,2})?`,
  String.raw`(?:${MONTHS.join('|')}) +\d{1,2}`,
  String.raw`\d\d:\d\d(?::\d\d)?(?: UTC \d{4}| UTC)?`,
  String.raw`[A-Za-z0-9]+`,
  String.raw`[^]`,
].join('|'), 'g');

/** A run is over within minutes of its start; milliseconds. */
const NEAR = 10 * 60_000;

/**
 * What two runs have in common at one place: the text where it is the same; a pattern where words in it differ, or were
 * read from the clock or the machine, which would show only tomorrow or elsewhere.
 * @param facts what more of the machine and the moment may stand in them.
 * @param nows when the runs were: by their clock, and by that of the machine, which the kernel tells; milliseconds since 1970.
 * @returns undefined where they have too little in common.
 */
export function settledText(one: string, other: string, facts: readonly Fact[] = [], nows: readonly number[] = [DEFAULT_START * 1000, Date.now()]): Settled | undefined {
  const marks = new Map<string, string>();
  const [tokens, others] = [marked(one, facts, marks).match(TOKENS) ?? [], marked(other, facts, marks).match(TOKENS) ?? []];
  if (tokens.length !== others.length) return undefined;
  const parts = tokens.map((token, index) => marks.get(token) ?? marks.get(others[index] ?? '') ?? partFor(token, others[index] ?? '', nows));
  if (parts.includes(undefined)) return undefined;
  if (one === other && marks.size === 0 && parts.every((part, index) => part === literalPattern(tokens[index] ?? ''))) return one;
  return new RegExp(`^${parts.join('')}$`);
}

/** Where the signs of no script begin: Unicode, "Private Use Area". */
const FIRST_MARK = 0xe000;

/** The text with a sign for each fact in it. @param marks receives what each sign stands for, as a pattern. */
function marked(text: string, facts: readonly Fact[], marks: Map<string, string>): string {
  // A text that has such signs of its own says nothing of its facts.
  if (/[\ue000-\uf8ff]/.test(text)) return text;
  return facts.reduce((rest, { find, holds, pattern }) => rest.replace(find, (found) => {
    if (!holds(found)) return found;
    const known = [...marks].find(([, one]) => one === pattern(found))?.[0];
    const mark = known ?? String.fromCharCode(FIRST_MARK + marks.size);
    marks.set(mark, pattern(found));
    return mark;
  }), text);
}

function partFor(one: string, other: string, nows: readonly number[]): string | undefined {
  if (nows.some((now) => isOfNow(one, now))) return general(one);
  if (one === other) return literalPattern(one);
  if (!/^[A-Za-z0-9]/.test(one) || !/^[A-Za-z0-9]/.test(other)) return undefined;
  return /^\d+$/.test(one + other) ? String.raw`\d+` : '[A-Za-z0-9]+';
}

/** Whether a token tells a time within minutes of now, or the date of today, in UTC. */
function isOfNow(token: string, now: number): boolean {
  const today = new Date(now).toISOString().slice(0, 10);
  const [year = '', month = '', day = ''] = today.split('-');
  if (/^\d+$/.test(token)) {
    const milliseconds = Number(token) * 10 ** (13 - token.length);
    return [10, 13, 16, 19].includes(token.length) ? Math.abs(milliseconds - now) < NEAR : token.length >= 8 && token.startsWith(year + month + day);
  }
  if (/^\d{8}T?\d*Z?$/.test(token)) return token.startsWith(year + month + day);
  if (/^\d{4}-/.test(token)) return token.startsWith(today);
  const clock = /^(\d\d):(\d\d)/.exec(token);
  if (clock) return Math.abs(Date.parse(`${today}T${clock[1]}:${clock[2]}:00Z`) - now) < NEAR;
  const written = new RegExp(`(${MONTHS.join('|')})`).exec(token)?.[1];
  return written === MONTHS[Number(month) - 1] && new RegExp(String.raw`\b0?${Number(day)}\b`).test(token);
}

/** The token with any digits and letters in the place of its own. */
function general(token: string): string {
  return token.replace(/\d+|[A-Za-z]+|\s+|[^]/g, (part) => {
    if (/\d/.test(part)) return String.raw`\d+`;
    if (/[A-Za-z]/.test(part)) return part === 'T' || part === 'Z' || part === 'UTC' ? part : '[A-Z][a-z]+';
    return /\s/.test(part) ? ' +' : literalPattern(part);
  });
}
