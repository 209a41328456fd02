import { placeText } from '../diagnostics/place.js';
import { shortened } from '../diagnostics/command-text.js';
import type { RunContext } from '../shell/run.js';
import type { Moment } from '../steps/moments.js';
import { sampled } from './values.js';

/** Of moments that a loop makes again and again: so many of the first and the last are tried, and so many of the others. */
const EDGE = 2;
const BETWEEN = 4;

/** Moments of one kind, of the same command at the same place, that are not all tried. */
export interface Alike {
  readonly moment: Moment;
  readonly count: number;
  readonly dropped: number;
}

/** Leaves out most of the moments that are alike but for how often they came before, as those of a loop that waits. */
export function withoutAlike(moments: readonly Moment[], seed: number): { readonly kept: readonly Moment[]; readonly dropped: readonly Alike[] } {
  const groups = new Map<string, Moment[]>();
  for (const moment of moments) {
    const key = [moment.kind, moment.program, moment.what, ...moment.stack.map(({ file, line, function: name }) => `${file}:${line}:${name}`)].join('\0');
    const group = groups.get(key);
    if (group) group.push(moment);
    else groups.set(key, [moment]);
  }
  const kept = new Set<Moment>();
  const dropped: Alike[] = [];
  for (const group of groups.values()) {
    const chosen = [...group.slice(0, EDGE), ...sampled(group.slice(EDGE, -EDGE), BETWEEN, seed), ...group.slice(-EDGE)];
    for (const moment of chosen) kept.add(moment);
    const tried = new Set(chosen).size;
    if (tried < group.length) dropped.push({ moment: group[0]!, count: group.length, dropped: group.length - tried });
  }
  return { kept: moments.filter((moment) => kept.has(moment)), dropped };
}

const WIDEST = 60;

/** Groups that are told one by one; of more there is a sum. */
const MOST_TOLD = 6;

/** What was left out, a line each, or in sum where a loop makes much. */
export function alikeTexts(dropped: readonly Alike[], context: RunContext, seed: number): string[] {
  if (dropped.length <= MOST_TOLD) return dropped.map((group) => alikeText(group, context, seed));
  const sum = (of: (group: Alike) => number) => dropped.reduce((all, group) => all + of(group), 0);
  const stacks = dropped.flatMap(({ moment: { stack: [site] } }) => (site ? [placeText(site, context.hostPaths)] : []));
  return [`not tried: ${sum((group) => group.dropped)} of ${sum(({ count }) => count)} moments that loops make again and again, at ${new Set(stacks).size} places from ${stacks[0]} on (seed ${seed})`];
}

/** `not tried: 290 of 300 times that everything waits, at wait.sh:12`. */
function alikeText({ moment, count, dropped }: Alike, context: RunContext, seed: number): string {
  const what = shortened(moment.what.replace(/\s+/g, ' '), WIDEST);
  const times = { step: `times before the step ${what}`, call: `calls of ${what}`, ended: `ends of calls of ${what}`, change: `times before ${what}`, opened: `times after ${what}`, half: `times at half of ${what}`, waits: 'times that everything waits' }[moment.kind];
  return `not tried: ${dropped} of ${count} ${times}${moment.stack[0] ? `, at ${placeText(moment.stack[0], context.hostPaths)}` : ''} (seed ${seed})`;
}
