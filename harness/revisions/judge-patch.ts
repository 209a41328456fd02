import { join } from 'node:path';
import type { ScriptSet } from '../shell/script-sets.js';
import { patchedSets } from './copies.js';
import { readPatch } from './patch.js';
import { runPlan, type PlannedTest, type Project } from './run-plan.js';
import type { Outcome } from './plan.js';
import { withTemporaryFolder } from './temporary.js';

/** What a patch does to the specs. */
export interface Judgement {
  /** Tests that pass without the patch and fail with it, with the failure. */
  readonly turnedRed: readonly Turned[];
  /** Tests that fail without the patch and pass with it, with the failure that is gone. */
  readonly turnedGreen: readonly Turned[];
  /** Tests that fail either way. */
  readonly stayedRed: readonly PlannedTest[];
  readonly stayedGreen: number;
  /** Spec files that could not be read, and errors outside of tests. */
  readonly faults: readonly string[];
}

/** A test whose verdict the patch turns. */
export interface Turned {
  readonly test: PlannedTest;
  /** The outcome that failed. */
  readonly failure: Outcome;
}

/**
 * Runs specs with the scripts as they are and with a patch, in one vitest run. Nothing of the project is touched.
 * @param text the patch, a unified diff. @param name what it is called in messages.
 * @param files spec files to run, absolute, or parts of their paths; empty for all.
 * @throws PatchError when the patch cannot be used.
 */
export async function judgePatch(project: Project, sets: readonly ScriptSet[], text: string, name: string, files: readonly string[]): Promise<Judgement> {
  const patches = readPatch(text, name, project.root, sets);
  return withTemporaryFolder(async (folder) => {
    const revisions = [
      { id: 'without', sets, tests: undefined },
      { id: 'with', sets: await patchedSets(sets, join(folder, 'with'), patches, name), tests: undefined },
    ];
    const { tests, faults } = await runPlan(project, { folder, revisions, stopAtFirstFailure: false, keep: 'nothing' }, files);
    const ran = tests.filter(({ outcomes }) => outcomes.length === revisions.length).map((test) => ({ test, without: test.outcomes[0]!, with: test.outcomes[1]! }));
    const verdict = (without: Outcome['state'], patched: Outcome['state']) => ran.filter((one) => one.without.state === without && one.with.state === patched);
    return {
      turnedRed: verdict('passed', 'failed').map((one) => ({ test: one.test, failure: one.with })),
      turnedGreen: verdict('failed', 'passed').map((one) => ({ test: one.test, failure: one.without })),
      stayedRed: verdict('failed', 'failed').map(({ test }) => test),
      stayedGreen: verdict('passed', 'passed').length,
      faults,
    };
  });
}
