import { startAfter } from '../clock/clock.js';
import { idempotence } from '../invariants/idempotence.js';
import { brokenOf, type Invariant } from '../invariants/invariant.js';
import { brokenText, errorText } from './broken.js';
import { checkSweep, twiceOptions } from './option-shapes.js';
import { tried, undisturbed, type Scenario } from './scenario.js';
import { sweepTest, type SweepOptions, type Verdict } from './sweep.js';
import type { Value } from './values.js';

/** What may differ between a run and the next one. */
export interface TwiceOptions extends SweepOptions {
  /** Paths or globs that may change again, for instance a log. Files of declared events may. */
  readonly except?: readonly string[];
  /** What must hold of the further runs, beside what the shell and the givens declare. */
  readonly invariants?: readonly Invariant[];
  /** Runs on what the first left, one after the other. Default 2: what a run leaves every other time is seen too. */
  readonly times?: number;
}

/**
 * Runs a scenario once more on what it left, and again on what that left: nothing changes any more, and it ends alike. What
 * it was given is there, as far as it is still there; stubs answer from the beginning. By a virtual clock each begins a day
 * after the one before has ended.
 * @param name of the scenario. Registers one vitest test, `NAME, again and again`.
 */
export function sweepTwice(name: string, scenario: Scenario, options: TwiceOptions = {}): void {
  checkSweep('sweepTwice', name, scenario, twiceOptions, options);
  const { times = 2, except = [] } = options;
  const repeats = idempotence({ except });
  sweepTest(`${name}, again and again`, options, async () => {
    const { record, invariants } = await undisturbed(scenario);
    const asked = [repeats, ...invariants.filter(({ again, witness }) => again !== true && !witness), ...(options.invariants ?? [])];
    let before = record;
    const attempt = async (value: Value, lane: number): Promise<Verdict> => {
      const { run, error } = await tried(scenario, { tree: before.after, start: startAfter(before), lane, isWitnessed: false, isTraced: true, value: value.id });
      if (!run) return { outcome: 'refused', broken: [errorText('a further run, on what the one before left', error)] };
      const broken = [
        ...brokenOf({ ...before, again: run.record }, [repeats]).map((one) => brokenText(one, run.record)),
        ...brokenOf(run.record, asked.slice(1)).map((one) => brokenText(one, run.record)),
      ];
      before = run.record;
      return { outcome: `exit ${run.record.exitCode}${broken.length === 0 ? ', changes nothing' : ''}`, broken };
    };
    const values = Array.from({ length: times }, (_, index): Value => ({ id: `again@${index + 1}`, text: `run number ${index + 2}, on what the one before left`, stack: [] }));
    return { context: record.context, all: values, chosen: values, pruned: [], attempt, isInOrder: true };
  });
}
