import { commandText } from '../diagnostics/command-text.js';
import { requireRecorded } from '../diagnostics/require-recorded.js';
import type { RunRecord } from '../shell/run.js';
import { Walk, type PathInterval } from './critical-path.js';
import { instantOf, isSelector, type Happening, type Instant, type Selector } from './happening.js';
import { happeningsOf } from './happenings.js';
import { laneText } from './lane-text.js';
import { Lanes } from './lanes.js';
import { nearestText } from './nearest-text.js';
import { instants, pictureOptions, SELECTORS } from './option-shapes.js';
import { pathText } from './path-text.js';
import { Places } from './places.js';
import { svgOf } from './svg.js';
import { tableText } from './table-text.js';

/** Names of instants: `{ started: unitIs('agent', 'active'), ready: called('ready') }`. */
export type Milestones = Readonly<Record<string, Selector>>;

/** What a picture shows beside what happened. */
export interface PictureOptions {
  /** Instants that are marked by their names. */
  readonly milestones?: Milestones;
  /** The instant whose critical path is marked. Default: the last milestone; none where there are none. */
  readonly to?: Selector;
  /** Columns of a picture in text. Default 100. */
  readonly width?: number;
}

/** What an instant waited for. */
export interface CriticalPath {
  readonly instant: Instant;
  /** From the start of the run to the instant, without gaps. */
  readonly intervals: readonly PathInterval[];
  /** The same as a table. */
  toString(): string;
}

/** What happened in a run, in order and by its clock. Nothing is made before it is asked for. */
export class Timeline {
  private readonly lanes: Lanes;
  private known: { readonly happenings: readonly Happening[]; readonly walk: Walk } | undefined;

  /** @throws Error for a run by the real clock, in which nothing happens twice at one instant. */
  constructor(private readonly record: RunRecord) {
    if (!record.sleeps) throw new Error("run.timeline: by a virtual clock only, and this shell has clock: 'real'");
    this.lanes = new Lanes(record);
  }

  /** All that is known to have happened, by time; at one instant in an order that is the same in each run. */
  get happenings(): readonly Happening[] {
    return this.made.happenings;
  }

  /**
   * The first instant that a selector fits; of a file's change, the last.
   * @throws Error where nothing fits, with what comes nearest; StrictError as {@link seek}.
   */
  find(selector: Selector): Instant {
    const found = this.seek(selector);
    if (!found) throw new Error(`run.timeline: ${selector.what} did not happen\n\n${this.nearest(selector)}`);
    return found;
  }

  /**
   * The same, undefined where nothing fits.
   * @throws TypeError for what is no selector; StrictError `not-recorded` for calls of a command that is a tool or was never declared.
   */
  seek(selector: Selector): Instant | undefined {
    if (!isSelector(selector)) throw new TypeError(`run.timeline: an instant is named by ${SELECTORS}`);
    if (selector.command !== undefined) requireRecorded(selector.command, this.record);
    return this.happenings.filter(selector.selects).flatMap((happening) => instantOf(happening, selector.at) ?? []).reduce<Instant | undefined>((first, one) => (first && isFirst(first, one) ? first : one), undefined);
  }

  /** What happened that is most like what a selector means, for messages. */
  nearest(selector: Selector): string {
    return nearestText(selector, this.happenings, this.record.context.hostPaths);
  }

  /**
   * What an instant waited for, back to the start: calls, sleeps, services and actors, each with its time. Without an
   * instant: what the end of the script waited for. What nobody told is told as not known.
   * @throws Error as {@link find}.
   */
  criticalPathTo(selector?: Selector): CriticalPath {
    const instant = selector !== undefined ? this.find(selector) : instantOf(this.happenings.find(({ kind }) => kind === 'end')!, 'end')!;
    const intervals = this.made.walk.to(instant);
    return { instant, intervals, toString: () => pathText(instant, intervals, this.record.context.hostPaths) };
  }

  /** When each milestone was, in milliseconds from the start of the run. @throws Error as {@link find}, and for what is no object of them. */
  milestones<Name extends string>(milestones: Readonly<Record<Name, Selector>>): Record<Name, number> {
    instants('run.timeline.milestones: what it takes', milestones);
    return Object.fromEntries(Object.entries<Selector>(milestones).map(([name, selector]) => [name, this.find(selector).time])) as Record<Name, number>;
  }

  /** A table: when, who, what, where; and how long it took. */
  toString(): string {
    return tableText(this.happenings, this.record.context.hostPaths);
  }

  /** A picture for a terminal: a lane each for the script, its jobs, services and actors. @throws Error as {@link find}, and for an option that does not exist. */
  lanesText(options: PictureOptions = {}): string {
    return laneText({ ...this.picture('lanesText', options), width: options.width ?? 100 });
  }

  /** The same as a picture that stands by itself, light or dark as who looks at it has it: the text of an SVG file. @throws Error as {@link lanesText}. */
  svg(options: PictureOptions = {}): string {
    return svgOf(this.picture('svg', options));
  }

  private picture(of: string, options: PictureOptions) {
    pictureOptions(`run.timeline.${of}`, options);
    const { milestones = {}, to } = options;
    const marks = Object.entries(milestones).map(([name, selector]) => ({ name, time: this.find(selector).time })).sort((one, other) => one.time - other.time);
    const target = to ?? Object.values(milestones).map((selector) => ({ selector, time: this.find(selector).time })).reduce<{ selector: Selector; time: number } | undefined>((last, one) => (last && last.time > one.time ? last : one), undefined)?.selector;
    return { happenings: this.happenings, duration: this.record.duration, marks, path: target ? this.criticalPathTo(target).intervals : [], title: commandText(this.record.context) };
  }

  private get made() {
    if (!this.known) {
      const happenings = happeningsOf(this.record, this.lanes);
      this.known = { happenings, walk: new Walk(this.record, happenings, this.lanes, new Places(this.record, this.lanes)) };
    }
    return this.known;
  }
}

function isFirst(one: Instant, other: Instant): boolean {
  return one.time < other.time || (one.time === other.time && (one.order ?? Infinity) <= (other.order ?? Infinity));
}
