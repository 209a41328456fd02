import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ScriptSet } from '../shell/script-sets.js';
import { mutantsOf, type Mutant } from '../syntax/mutants.js';
import { scriptsBelow } from '../vitest/scripts-below.js';
import { copySets } from './copies.js';
import type { Plan, Revision } from './plan.js';
import { runPlan, type PlannedTest, type Project } from './run-plan.js';
import { withTemporaryFolder } from './temporary.js';

/** What the specs make of one deliberate defect. */
export interface Proof {
  readonly mutant: Mutant;
  /** `noticed`: a spec fails with it; `unnoticed`: all that execute it pass; `not executed`: no spec does. */
  readonly verdict: 'noticed' | 'unnoticed' | 'not executed';
  /** The test that failed, with the first line of its failure. */
  readonly by: { readonly test: PlannedTest; readonly message: string } | undefined;
}

/** Specs that cannot prove anything: they fail with the scripts as they are. */
export class UnprovenError extends Error {
  readonly code = 'SHELLRIG_UNPROVEN';
  override readonly name = 'UnprovenError';
}

/** A mutant and where it lies. */
interface Candidate {
  readonly mutant: Mutant;
  readonly set: ScriptSet;
  /** Absolute path of the script. */
  readonly path: string;
}

/** How many tests more a mutant that nobody has noticed yet is shown to in each round, those that execute least first. */
const ROUNDS = [3, 9, Infinity];

/** What runs while a script is sourced is no step of a run: a mutant that no run executes is shown to as many tests. */
const BLIND = 12;

/**
 * Empties each function of the scripts in turn, and turns each `exit N` and `return N` into success, and runs the specs
 * that execute it until one fails. Nothing of the project is touched.
 * @param wanted which mutants to try, by id. @param tell called with a line of progress now and then.
 * @throws UnprovenError when specs fail with the scripts as they are.
 */
export async function prove(project: Project, sets: readonly ScriptSet[], wanted: (id: string) => boolean = () => true, tell: (line: string) => void = () => {}): Promise<Proof[]> {
  const candidates = sets.flatMap((set) => scriptsBelow(set.directory).flatMap((path) => (
    mutantsOf(readFileSync(path, 'utf8'), `${set.name}/${relative(set.directory, path)}`).filter(({ id }) => wanted(id)).map((mutant): Candidate => ({ mutant, set, path }))
  )));
  return withTemporaryFolder(async (folder) => {
    const started = performance.now();
    const tests = await baseline(project, sets, folder);
    const told = (line: string) => tell(`${line} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
    told(`${candidates.length} mutants, ${tests.length} tests`);
    const executing = new Map(candidates.map((candidate) => {
      const found = tests.filter((test) => executes(test, candidate));
      return [candidate.mutant.id, { isBlind: found.length === 0, tests: found.length > 0 ? found : tests.slice(0, BLIND) }];
    }));
    const shownTo = (id: string) => executing.get(id)?.tests ?? [];
    const proofs = new Map<string, Proof>();
    let from = 0;
    for (const [round, count] of ROUNDS.entries()) {
      const open = candidates.filter(({ mutant }) => !proofs.has(mutant.id) && shownTo(mutant.id).length > from);
      if (open.length > 0) {
        for (const proof of await tryRound(project, sets, open, (id) => shownTo(id).slice(from, from + count), join(folder, `round-${round}`))) proofs.set(proof.mutant.id, proof);
      }
      from += count;
      told(`round ${round + 1}: ${proofs.size} noticed`);
    }
    return candidates.map(({ mutant }) => proofs.get(mutant.id) ?? { mutant, verdict: executing.get(mutant.id)?.isBlind ? 'not executed' : 'unnoticed', by: undefined });
  });
}

/** All tests with what they execute, those that execute least first. */
async function baseline(project: Project, sets: readonly ScriptSet[], folder: string): Promise<PlannedTest[]> {
  const { tests, faults } = await runPlan(project, { folder, revisions: [{ id: 'as it is', sets, tests: undefined }], stopAtFirstFailure: false, keep: 'executed' }, []);
  const failed = tests.filter(({ outcomes }) => outcomes.some(({ state }) => state === 'failed'));
  if (failed.length + faults.length > 0) {
    throw new UnprovenError(['specs that fail with the scripts as they are prove nothing:', ...failed.map(({ file, name }) => `  ${file} > ${name}`), ...faults.map((fault) => `  ${fault}`)].join('\n'));
  }
  const ran = tests.filter(({ outcomes }) => outcomes.length > 0);
  if (ran.length === 0) throw new UnprovenError('no spec ran');
  return ran.sort((one, other) => cost(one) - cost(other));
}

/** Lines executed and, of two tests with as many, time. */
function cost({ outcomes: [outcome] }: PlannedTest): number {
  const lines = Object.values(outcome?.executed ?? {}).reduce((sum, script) => sum + script.lines.length, 0);
  return lines + (outcome?.duration ?? 0) / 1e6;
}

function executes({ outcomes: [outcome] }: PlannedTest, { mutant, path }: Candidate): boolean {
  const script = outcome?.executed[path];
  if (!script) return false;
  return mutant.kind === 'empty function' ? script.functions.includes(mutant.function ?? '') : script.lines.includes(mutant.line);
}

/** Shows each mutant to its tests. @returns the proofs of those that were noticed. */
async function tryRound(project: Project, sets: readonly ScriptSet[], candidates: readonly Candidate[], testsOf: (id: string) => readonly PlannedTest[], folder: string): Promise<Proof[]> {
  const revisions: Revision[] = [];
  for (const [index, { mutant, set, path }] of candidates.entries()) {
    const [copy] = await copySets([set], join(folder, String(index)));
    writeFileSync(join(copy!.use, relative(set.directory, path)), mutant.apply());
    revisions.push({ id: mutant.id, sets: sets.map((one) => (one === set ? copy! : one)), tests: testsOf(mutant.id).map(({ key }) => key) });
  }
  const plan: Plan = { folder, revisions, stopAtFirstFailure: true, keep: 'nothing' };
  const files = [...new Set(candidates.flatMap(({ mutant }) => testsOf(mutant.id).map(({ file }) => join(project.root, file))))];
  const { tests } = await runPlan(project, plan, files);
  return candidates.flatMap(({ mutant }): Proof[] => {
    for (const test of tests) {
      const failure = test.outcomes.find(({ revision, state }) => revision === mutant.id && state === 'failed');
      if (failure) return [{ mutant, verdict: 'noticed', by: { test, message: failure.messages[0]?.split('\n')[0] ?? '' } }];
    }
    return [];
  });
}
