import type { Ending } from './values.js';

/** What a process is started with. */
export interface Start {
  /** The unit's name. */
  readonly unit: string;
  readonly argv: readonly string[];
  readonly argv0: string | undefined;
  readonly environment: ReadonlyMap<string, string>;
  readonly directory: string;
  readonly umask: string;
  readonly output: string;
  readonly errors: string;
  /** Of the unit's present life: what is started with it belongs to the unit, and all that comes of it. */
  readonly invocation: string;
}

/** A process that a unit began. */
export interface Process {
  readonly number: number;
  readonly unit: string;
  readonly invocation: string;
  readonly argv: readonly string[];
  pid: number | undefined;
  /** How often it was looked for before it had begun. */
  looks: number;
  ending: Ending | undefined;
}
