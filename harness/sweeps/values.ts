import { durationText } from '../clock/duration.js';
import { placeText } from '../diagnostics/place.js';
import { shortened } from '../diagnostics/command-text.js';
import type { Happening } from '../shell/moments.js';
import type { RunContext } from '../shell/run.js';
import { momentText, type Moment } from '../steps/moments.js';
import type { Site } from '../stubs/call.js';

/** One value of a sweep. */
export interface Value {
  /** As the command line takes it, and the same in every run: `power-cut@0.3:14`. */
  readonly id: string;
  /** The value in words. */
  readonly text: string;
  /** Where in the scripts it is, innermost first. */
  readonly stack: readonly Site[];
}

/** Something that happens at a moment. */
export interface Incident extends Value {
  readonly moment: Moment;
  readonly happens: Happening;
}

/** The environment variable by which `shellrig test --value ID` tries one value of a sweep and no other. */
export const VALUE_VARIABLE = 'SHELLRIG_VALUE';

/** The environment variable by which `shellrig test --seed N` draws other samples. */
export const SEED_VARIABLE = 'SHELLRIG_SEED';

/** The environment variable by which `shellrig test --most N` has sweeps that try some of what there is try so many. */
export const MOST_VARIABLE = 'SHELLRIG_MOST';

/** @param context of the run whose moment it is. */
export function incident(moment: Moment, happens: Happening, context: RunContext): Incident {
  return { id: `${nameOf(happens).replaceAll(' ', '-')}@${momentText(moment)}`, moment, happens, stack: moment.stack, text: incidentText(moment, happens, context) };
}

/** What happens, in a word. */
function nameOf(happens: Happening): string {
  switch (happens.kind) {
    case 'die': return 'killed';
    case 'exit': return `exit ${happens.code}`;
    case 'signal': return `signal ${happens.signal}`;
    default: return happens.kind;
  }
}

const WIDEST = 160;

/** `power cut before rename /a -> /b in mv, at agent.sh:11 in function install_agent`. */
function incidentText(moment: Moment, happens: Happening, context: RunContext): string {
  return `${nameOf(happens)} ${whenText(moment, context)}`;
}

/** `before rename /a -> /b in mv, at agent.sh:11 in function install_agent`. @param context of the run whose moment it is. */
export function whenText(moment: Moment, context: RunContext): string {
  const { kind, program, stack } = moment;
  const what = shortened(moment.what.replace(/\s+/g, ' '), WIDEST);
  const when = {
    step: `before the step ${what}`,
    call: `as ${what} begins`,
    ended: `as the call of ${what} has ended`,
    change: `before ${what}`,
    opened: `after ${what}`,
    half: `after half of a ${what}`,
    waits: `as everything waits, ${durationText(moment.time ?? 0)} after the start`,
  }[kind];
  const inside = kind === 'change' || kind === 'opened' || kind === 'half' ? ` in ${program}` : '';
  return `${when}${inside}${stack[0] ? `, at ${placeText(stack[0], context.hostPaths)}` : ''}`;
}

/** Some of many, the same for one seed; in their order. */
export function sampled<Item>(items: readonly Item[], most: number, seed: number): Item[] {
  if (items.length <= most) return [...items];
  const next = randomNumbers(seed);
  const keyed = items.map((item, index) => ({ item, index, key: next() }));
  return keyed.sort((one, other) => one.key - other.key).slice(0, most).sort((one, other) => one.index - other.index).map(({ item }) => item);
}

/**
 * Some of many, spread evenly over them and drawn by the seed: one of each of so many stretches of the same length; in their order.
 * @param options.most of them in all. @param options.always which are among them, though they be more than `most`.
 */
export function spread<Item>(items: readonly Item[], { most, always, seed }: { readonly most: number; readonly always: (item: Item) => boolean; readonly seed: number }): Item[] {
  if (items.length <= most) return [...items];
  const others = items.filter((item) => !always(item));
  const stretches = Math.min(Math.max(0, most - (items.length - others.length)), others.length);
  const next = randomNumbers(seed);
  const drawn = new Set(Array.from({ length: stretches }, (_, index) => others[Math.floor(((index + next()) * others.length) / stretches)]));
  return items.filter((item) => always(item) || drawn.has(item));
}

/** Numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
