import type { Deed } from '../clock/deeds.js';
import type { EmittedEvent } from '../shell/run.js';
import type { Call, Site } from '../stubs/call.js';
import type { StateChange } from '../stubs/supervisor.js';

/** One thing that happened in a run. Times are milliseconds since its start, by its clock. */
export interface Happening {
  /** `end`: the called shell ended. */
  readonly kind: 'call' | 'sleep' | 'state' | 'act' | 'event' | 'file' | 'end';
  /** In words: `systemctl start agent`, `agent.service active`. */
  readonly what: string;
  /** Who: `script`, `job 1`, a service by its name, `actors`; `events` and `files` of what nobody told who wrote it. */
  readonly lane: string;
  readonly start: number;
  /** As {@link start} where it takes no time; undefined where it had not ended when the run did. */
  readonly end: number | undefined;
  /** Positions of both in the run's record, which tell what came first at one instant; undefined where nobody knows. */
  readonly order: number | undefined;
  readonly endOrder: number | undefined;
  /** Where a script made it happen. */
  readonly site: Site | undefined;
  /** Whether it is a sleep that was ended before its time. */
  readonly isCut?: true;
  /** What it is, by kind. */
  readonly call?: Call;
  readonly change?: StateChange;
  readonly deed?: Deed;
  readonly event?: EmittedEvent;
  /** Of an event or another file. */
  readonly path?: string;
}

/** An instant of a run, and what marks it. */
export interface Instant {
  readonly happening: Happening;
  /** Milliseconds since the run started. */
  readonly time: number;
  /** Position in the run's record; undefined where nobody knows. */
  readonly order: number | undefined;
}

/**
 * Which instant of a run is meant: made by `called`, `ended`, `emitted`, `changed`, `acted` and, of `shellrig/systemd`, `unitIs`.
 * The first that fits counts; of a file, the last change.
 */
export interface Selector {
  /** As people read it: `systemctl start agent`. */
  readonly what: string;
  /** Which instant of what is selected. */
  readonly at: 'start' | 'end';
  readonly selects: (happening: Happening) => boolean;
  /** The command whose calls are selected: nothing is known of one whose calls leave no record. */
  readonly command?: string;
}

/** Whether something is a selector: conditions of actors may be ones, and are functions. */
export function isSelector(value: unknown): value is Selector {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && typeof (value as Partial<Selector>).selects === 'function';
}

/** The instant of a happening that is meant. */
export function instantOf(happening: Happening, at: Selector['at']): Instant | undefined {
  if (at === 'start') return { happening, time: happening.start, order: happening.order };
  return happening.end === undefined ? undefined : { happening, time: happening.end, order: happening.endOrder };
}
