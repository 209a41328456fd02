import { AsyncLocalStorage } from 'node:async_hooks';
import type { Invariant } from '../invariants/invariant.js';
import type { Limits } from '../sandbox/limits.js';
import type { Tree } from '../tree/entry.js';
import type { Interposed } from './interposer.js';
import type { MomentsRequest } from './moments.js';
import type { Allowances } from './options.js';
import type { RunRecord } from './run.js';
import { processWide } from './process-wide.js';

/** What a sweep has come to the one run that a scenario asks for. Such a run is the sweep's: no test's end judges it. */
export interface Disturbance {
  readonly moments?: MomentsRequest;
  /** The tree in which the run begins, in place of the shell's and of all that is given. */
  readonly tree?: Tree;
  /** When it begins by a virtual clock, in seconds since the epoch; default when all of the shell's runs do. */
  readonly start?: number | undefined;
  /** Which of the shell's sessions serves it: several at once. */
  readonly lane: number;
  /** What is allowed beside what the spec allows. */
  readonly allow?: Allowances;
  readonly limits?: Partial<Limits>;
  /** Whether what declared invariants want witnessed is recorded. */
  readonly isWitnessed: boolean;
  /** Whether `--trace` prints it. */
  readonly isTraced: boolean;
  /** What the command line has to say to make it once more: the value that is tried. */
  readonly value?: string;
  /** Who acts beside the scenario's own actors; by a virtual clock only. */
  readonly interposed?: Interposed;
  /** Told of the run, before it is judged. */
  readonly seen?: (record: RunRecord) => void;
  /** Told once what the shell and the givens declare. */
  readonly declared?: (invariants: readonly Invariant[]) => void;
}

const storage = processWide('disturbances', () => new AsyncLocalStorage<Disturbance>());

/** Runs a scenario so that what comes to its run is this. */
export function disturb<Result>(disturbance: Disturbance, scenario: () => Result): Result {
  return storage.run(disturbance, scenario);
}

/** What comes to the run that is asked for now; undefined outside of sweeps. */
export function currentDisturbance(): Disturbance | undefined {
  return storage.getStore();
}
