import type { PathInterval } from './critical-path.js';
import type { Happening } from './happening.js';
import { ACTORS, EVENTS, FILES, SCRIPT } from './lanes.js';

/** What pictures of a timeline are drawn from. Times are milliseconds since the start of the run. */
export interface Picture {
  readonly title: string;
  readonly happenings: readonly Happening[];
  readonly duration: number;
  readonly marks: readonly Mark[];
  readonly path: readonly PathInterval[];
}

/** A milestone. */
export interface Mark {
  readonly name: string;
  readonly time: number;
}

/** Something that takes time, or a state that lasts. */
export interface Bar {
  readonly kind: 'call' | 'sleep' | 'coming' | 'on' | 'off' | 'failed';
  readonly what: string;
  readonly from: number;
  readonly to: number;
  /** In how many other bars of its lane it lies. */
  readonly depth: number;
}

/** All of one lane. */
export interface LaneRow {
  readonly name: string;
  readonly bars: readonly Bar[];
  /** What took no time and is worth a point: acts, events. */
  readonly points: readonly { readonly what: string; readonly time: number }[];
}

/** The lanes in which anything takes time or is to be seen, the script's first, then its jobs, services, actors and files. */
export function lanesOf({ happenings, duration }: Picture): LaneRow[] {
  const names = [...new Set([SCRIPT, ...happenings.map(({ lane }) => lane)])];
  const rank = (name: string) => (name === SCRIPT ? 0 : /^job \d/.test(name) ? 1 : name === ACTORS ? 3 : name === EVENTS ? 4 : name === FILES ? 5 : 2);
  return names
    .map((name) => laneOf(name, happenings.filter(({ lane }) => lane === name), duration))
    .filter(({ name, bars, points }) => name === SCRIPT || bars.length + points.length > 0)
    .sort((one, other) => rank(one.name) - rank(other.name));
}

function laneOf(name: string, happenings: readonly Happening[], duration: number): LaneRow {
  const states = happenings.filter(({ kind }) => kind === 'state');
  const lasting = states.flatMap((one, index): Omit<Bar, 'depth'>[] => {
    const kind = kindOf(one.change?.state ?? '');
    return kind === 'off' ? [] : [{ kind, what: one.change?.state ?? one.what, from: one.start, to: states[index + 1]?.start ?? duration }];
  });
  const busy = happenings.flatMap((one): Omit<Bar, 'depth'>[] => {
    const to = one.end ?? duration;
    return (one.kind === 'call' || one.kind === 'sleep') && to > one.start ? [{ kind: one.kind, what: one.what, from: one.start, to }] : [];
  });
  const bars: Bar[] = lasting.filter(({ from, to }) => to > from).map((bar) => ({ ...bar, depth: 0 }));
  const base = bars.length > 0 ? 1 : 0;
  for (const bar of busy) bars.push({ ...bar, depth: base + freeDepth(bar, bars.filter(({ kind }) => kind === 'call' || kind === 'sleep'), base) });
  const points = happenings.flatMap(({ kind, what, start }) => (kind === 'act' || kind === 'event' ? [{ what, time: start }] : []));
  return { name, bars, points };
}

/** The first row in which nothing lies yet. */
function freeDepth({ from, to }: { readonly from: number; readonly to: number }, bars: readonly Bar[], base: number): number {
  const taken = new Set(bars.filter((bar) => bar.from < to && from < bar.to).map(({ depth }) => depth - base));
  let depth = 0;
  while (taken.has(depth)) depth += 1;
  return depth;
}

function kindOf(state: string): Bar['kind'] {
  if (state === 'failed') return 'failed';
  if (/^(active|running|up|ready)$/.test(state)) return 'on';
  return state.endsWith('ing') ? 'coming' : 'off';
}

/** Instants at which an axis is marked, about as many as asked for: 1, 2 or 5 of a power of ten. */
export function ticksOf(duration: number, about: number): number[] {
  const rough = Math.max(duration, 1) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(duration / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** Milliseconds on an axis: `2.5 s`. */
export function tickText(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(6))} s`;
}
