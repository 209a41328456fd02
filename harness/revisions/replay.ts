import { join } from 'node:path';
import { didYouMean } from '../diagnostics/suggest.js';
import type { ScriptSet } from '../shell/script-sets.js';
import { patchedSets } from './copies.js';
import { PatchError, readPatch } from './patch.js';
import { testKey, type Outcome, type Plan, type Revision } from './plan.js';
import type { Regression, RegressionSpec } from './regressions.js';
import { runPlan, type PlannedTest, type Project } from './run-plan.js';
import { withTemporaryFolder } from './temporary.js';

/** What came of putting one defect back. */
export interface Replay {
  readonly regression: Regression;
  /** What is not as stated, in one line each; none when the defect shows as stated. */
  readonly problems: readonly string[];
  readonly specs: readonly ReplayedSpec[];
}

/** A named spec with the scripts as they are, and with the defect; undefined where it did not run. */
export interface ReplayedSpec {
  readonly spec: RegressionSpec;
  readonly fixed: Outcome | undefined;
  readonly broken: Outcome | undefined;
}

const FIXED = 'fixed';

/** Of a test that another run has shown to pass. */
const PASSED: Outcome = { revision: FIXED, state: 'passed', messages: [], effects: [], executed: {}, duration: 0 };

/**
 * Puts each recorded defect back into a copy of the scripts and runs the specs that must notice, with the scripts as
 * they are and with the defect, all in one vitest run. Nothing of the project is touched.
 * @param sets the project's script sets. @param keep what to keep of each run beside its verdict.
 * @param passed tests, by {@link testKey}, that passed with the scripts as they are, just now: that is not tried again.
 */
export async function replay(project: Project, sets: readonly ScriptSet[], regressions: readonly Regression[], keep: Plan['keep'] = 'nothing', passed: ReadonlySet<string> = new Set()): Promise<Replay[]> {
  return withTemporaryFolder(async (folder) => {
    const keyOf = ({ file, test }: RegressionSpec) => testKey(join(project.root, file), test);
    const revisions: Revision[] = [];
    const unusable = new Map<string, string>();
    for (const { id, patch, patchName, specs } of regressions) {
      try {
        const patches = readPatch(patch, patchName, project.root, sets);
        revisions.push({ id, sets: await patchedSets(sets, join(folder, id), patches, patchName), tests: specs.map(keyOf) });
      } catch (error) {
        if (!(error instanceof PatchError)) throw error;
        unusable.set(id, error.message);
      }
    }
    const fixed: Revision = { id: FIXED, sets, tests: [...new Set(regressions.flatMap(({ specs }) => specs.map(keyOf)))].filter((key) => !passed.has(key)) };
    const files = [...new Set(regressions.flatMap(({ specs }) => specs.map(({ file }) => join(project.root, file))))];
    const plan: Plan = { folder, revisions: [fixed, ...revisions], stopAtFirstFailure: false, keep };
    const { tests, faults } = await runPlan(project, plan, files);
    return regressions.map((regression) => {
      const specs = regression.specs.map((spec) => {
        const outcomes = tests.find(({ key }) => key === keyOf(spec))?.outcomes ?? [];
        const of = (revision: string) => outcomes.find((outcome) => outcome.revision === revision);
        return { spec, fixed: passed.has(keyOf(spec)) ? PASSED : of(FIXED), broken: of(regression.id) };
      });
      const reason = unusable.get(regression.id);
      return { regression, specs, problems: reason === undefined ? [...faults, ...specs.flatMap((spec) => problemsOf(spec, tests, regression.lesson))] : [reason] };
    });
  });
}

function problemsOf({ spec, fixed, broken }: ReplayedSpec, tests: readonly PlannedTest[], lesson: string | undefined): string[] {
  const name = `${spec.file} > ${spec.test}`;
  if (!fixed || !broken) {
    const inFile = tests.filter(({ file }) => file === spec.file).map((test) => test.name);
    if (inFile.includes(spec.test)) return [`${name} is skipped`];
    return [inFile.length === 0 ? `there is no test in ${spec.file}` : `there is no test '${spec.test}' in ${spec.file}.${didYouMean(spec.test, inFile)}`];
  }
  const { lessons } = tests.find((test) => test.file === spec.file && test.name === spec.test)!;
  if (lesson !== undefined && !lessons.includes(lesson)) return [`${name} does not carry the lesson ${lesson}, but ${lessons.join(', ') || 'none'}`];
  if (fixed.state === 'failed') return [`${name} fails with the scripts as they are: ${firstLine(fixed)}`];
  if (broken.state === 'passed') return [`${name} passes with the defect`];
  if (!broken.messages.some((message) => message.includes(spec.reason))) return [`${name} fails with the defect, but not because of '${spec.reason}': ${firstLine(broken)}`];
  return [];
}

function firstLine({ messages }: Outcome): string {
  return messages[0]?.split('\n')[0] ?? '';
}
