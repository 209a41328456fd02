import type { RunRecord } from '../shell/run.js';
import type { Site } from '../stubs/call.js';

/**
 * What must hold however a run went. Declared of a shell (`defineShell({ invariants })`) or of one run
 * (`given({ invariants })`) it is checked when the test ends; `expect(run).toHold(...)` checks it at once.
 * Those of `shellrig/invariants` are made by functions; anyone may write another.
 */
export interface Invariant {
  /** As a spec writes it: `noLeftovers()`. */
  readonly name: string;
  /** Paths whose every moment it judges: runs of which it is declared record them (`record.witnessed`). */
  readonly witness?: readonly string[];
  /** Whether it judges programs that are no stubs: runs of which it is declared record each that was executed (`record.executed`). */
  readonly executed?: boolean;
  /** Whether it judges a second run on what the first left: runs of which it is declared are made twice (`record.again`). */
  readonly again?: boolean;
  /** @returns how the run breaks it; undefined where it holds. */
  check(record: RunRecord): Broken | undefined;
}

/** How a run breaks an invariant. */
export interface Broken {
  /** What happened, one line without an end. */
  readonly reason: string;
  /** What a line does not hold; each a block of lines. */
  readonly details?: readonly (string | undefined)[];
  /** What to do about it, in the script or in the spec. */
  readonly advice: string;
  /** Where it happened, innermost first, and what is said before that: `the old file was removed`. */
  readonly place?: { readonly label: string; readonly stack: readonly Site[] } | undefined;
  /** True where the run does not tell: then neither the invariant nor its opposite passes. */
  readonly isUnknown?: boolean;
}

/** An invariant that a run breaks, and how. */
export interface BrokenInvariant {
  readonly invariant: Invariant;
  readonly broken: Broken;
}

/** Those of some invariants that a run breaks, in order: what a test's end, `toHold` and sweeps ask. */
export function brokenOf(record: RunRecord, invariants: readonly Invariant[]): BrokenInvariant[] {
  return invariants.flatMap((invariant) => {
    const broken = invariant.check(record);
    return broken ? [{ invariant, broken }] : [];
  });
}
