import { expect, onTestFinished, TestRunner, type RunnerTestSuite, type TaskMeta } from 'vitest';
import { commandText } from '../diagnostics/command-text.js';
import { placedAt, type SpecPlace } from '../diagnostics/spec-place.js';
import { neverAwaited, unlookedExitCode, unusedStub } from '../diagnostics/strict-messages.js';
import type { StrictError } from '../diagnostics/strict-error.js';
import { brokenInvariants } from '../diagnostics/invariant-messages.js';
import { unassertedEffects as unassertedMessage, unassertedText } from '../diagnostics/unasserted-text.js';
import { indented } from '../diagnostics/where.js';
import { brokenOf, type Invariant } from '../invariants/invariant.js';
import type { Allowances } from './options.js';
import { processWide } from './process-wide.js';
import type { Run } from './run.js';
import type { RunPromise } from './run-promise.js';
import { unassertedEffects } from './unasserted.js';
import { unassertedSetting } from './unasserted-setting.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Effects that no expectation covered, a text a run, where they are to be told. */
    unasserted?: string[];
  }
}

/** What a test must have done with a run by its end. */
export interface WatchedRun {
  readonly promise: RunPromise;
  /** What must hold of the run, if no expectation has looked at it; known when the run has ended. */
  invariants?: readonly Invariant[];
  /** Set when the run has ended. */
  run?: Run;
  /** Stubs of the example's own givens that nobody called; known when the run has ended. */
  unusedStubs?: readonly string[];
  /** What the shell and the givens allow; known when the run has ended. */
  allow?: Allowances;
  readonly asked: Parameters<typeof neverAwaited>[0];
  /** Where the spec asked for it. */
  readonly place: SpecPlace;
}

/** The spec file that is being loaded or run, when inside vitest. */
export function specFile(): string | undefined {
  try {
    return expect.getState().testPath;
  } catch {
    return undefined;
  }
}

/** Full name, as vitest's -t sees it, and file of the test that runs now, when inside one. */
export function currentTest(): { name: string; file: string } | undefined {
  const test = TestRunner.getCurrentTest();
  const file = specFile();
  return test && file ? { name: fullName(test), file } : undefined;
}

/** vitest's own full name joins by " > ", which may as well be part of a name. */
function fullName({ name, suite }: { readonly name: string; readonly suite?: RunnerTestSuite | undefined }): string {
  return suite ? `${fullName(suite)} ${name}` : name;
}

/** Runs of hooks and of the file itself, which no test owns. */
const outside = processWide('runs outside tests', (): WatchedRun[] => []);

const watched = processWide('watched runs', () => new WeakMap<object, WatchedRun[]>());

/** Has the running test fail at its end if it did not await this run, or did not look at its exit code. */
export function watchRun(run: WatchedRun): void {
  const test = TestRunner.getCurrentTest() as object | undefined;
  if (!test) {
    outside.push(run);
    return;
  }
  const runs = watched.get(test);
  if (runs) {
    runs.push(run);
    return;
  }
  const started = [run];
  watched.set(test, started);
  onTestFinished(async ({ task }) => {
    watched.delete(test);
    for (const one of started) await one.promise.settled();
    // A test that failed has said what is wrong already.
    if (task.result?.state === 'fail') return;
    await check(started);
    checkUnasserted(started, task.file.filepath, task.meta);
  });
}

/**
 * What must have been done by the end of a file with the runs that hooks asked for.
 * @param file the file's task.
 * @throws StrictError as a test's end does.
 */
export async function checkRunsOutsideTests(file: { readonly filepath: string; readonly meta: TaskMeta }): Promise<void> {
  const runs = outside.splice(0);
  await check(runs);
  checkUnasserted(runs, file.filepath, file.meta);
}

/** Effects that no expectation covered fail the test, or are told in its meta, or nobody asks. */
function checkUnasserted(runs: readonly WatchedRun[], file: string, meta: TaskMeta): void {
  const setting = unassertedSetting(file);
  if (setting === undefined) return;
  const left = runs.flatMap(({ run, allow, place }) => {
    const unasserted = run && unassertedEffects(run, allow?.unasserted);
    return unasserted ? [{ record: run.record, unasserted, place }] : [];
  });
  const [first] = left;
  if (first && setting === 'fail') throw placedAt(unassertedMessage(first.record, first.unasserted), first.place);
  if (first) meta.unasserted = left.map(({ record, unasserted }) => `${commandText(record.context)}\n${indented(unassertedText(unasserted, record))}`);
}

async function check(runs: readonly WatchedRun[]): Promise<void> {
  for (const one of runs) await one.promise.settled();
  for (const one of runs) {
    const error = missedOf(one);
    if (error) throw placedAt(error, one.place);
  }
}

/** What a test has run so far. */
export function runsOf(test: object): readonly WatchedRun[] {
  return watched.get(test) ?? [];
}

function missedOf({ promise, run, asked, unusedStubs = [], invariants = [] }: WatchedRun): StrictError | undefined {
  if (!promise.awaited) return neverAwaited(asked);
  if (!run) return undefined;
  if (run.record.exitCode !== 0 && !run.looked.has('exitCode')) return unlookedExitCode(run.record);
  if (unusedStubs.length > 0) return unusedStub(asked, unusedStubs, run.record.calls.map(({ name }) => name));
  const broken = brokenOf(run.record, invariants.filter(({ name }) => !run.looked.has(`invariant ${name}`)));
  if (broken.length > 0) return brokenInvariants(run.record, broken);
  return undefined;
}
