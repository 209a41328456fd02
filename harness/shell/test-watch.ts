import { expect, type RunnerTestCase, type RunnerTestSuite } from 'vitest';
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
import { asTest, runningHook, runningTest } from './running-test.js';
import { toldEffects } from './told-effects.js';
import { unassertedEffects } from './unasserted.js';
import { unassertedSetting } from './unasserted-setting.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Effects that no expectation covered, a text a run, where they are to be told. */
    unasserted?: string[];
    /** Of a file: those of its hooks, by suite and hook (`installs (beforeAll)`); by '' what is known of neither. */
    unassertedInHooks?: Record<string, string[]>;
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
  const test = runningTest();
  const file = specFile();
  return test && file ? { name: fullName(test), file } : undefined;
}

/** vitest's own full name joins by " > ", which may as well be part of a name. */
function fullName({ name, suite }: { readonly name: string; readonly suite?: RunnerTestSuite | undefined }): string {
  return suite ? `${fullName(suite)} ${name}` : name;
}

/** Runs of hooks and of the file itself, which no test owns. */
const outside = processWide('runs outside tests', (): { readonly run: WatchedRun; readonly hook: string | undefined }[] => []);

/** Runs of the tests that are under way. */
const watched = processWide('watched runs', () => new WeakMap<object, WatchedRun[]>());

/** Has the test that asks fail at its end if it did not await this run, or did not look at its exit code. */
export function watchRun(run: WatchedRun): void {
  const test = runningTest();
  const runs = test && watched.get(test);
  if (runs) runs.push(run);
  else outside.push({ run, hook: runningHook() });
}

/**
 * Runs a test with all its hooks; at its end each of its runs must have been looked at.
 * @throws StrictError for a run that was asked for when the test had been judged already, by what tears down last.
 */
export async function watchTest(test: RunnerTestCase, runTest: () => Promise<void>): Promise<void> {
  if (watched.has(test)) return runTest();
  const runs: WatchedRun[] = [];
  watched.set(test, runs);
  // Said first, it is asked last: after what the test itself has to do in the end.
  test.context.onTestFinished(() => checkTest(test, runs));
  await asTest(test, runTest);
  watched.delete(test);
  await checkTest(test, runs);
}

async function checkTest(test: RunnerTestCase, runs: WatchedRun[]): Promise<void> {
  for (const { promise } of runs) await promise.settled();
  const ended = runs.splice(0);
  // A test that failed has said what is wrong already.
  if (test.result?.state === 'fail') return;
  await check(ended);
  const texts = unassertedTexts(ended, test.file.filepath);
  if (texts.length > 0) test.meta.unasserted = [...new Set([...test.meta.unasserted ?? [], ...texts])];
  const told = ended.flatMap(({ run }) => (run && toldEffects(run)) ?? []);
  if (told.length > 0) test.meta.effects = [...test.meta.effects ?? [], ...told];
}

/**
 * What must have been done by the end of a file with the runs that hooks asked for.
 * @param file the file's task.
 * @throws StrictError as a test's end does.
 */
export async function checkRunsOutsideTests(file: Pick<RunnerTestCase['file'], 'filepath' | 'meta'>): Promise<void> {
  const entries = outside.splice(0);
  await check(entries.map(({ run }) => run));
  for (const { run, hook = '' } of entries) {
    const texts = unassertedTexts([run], file.filepath);
    if (texts.length === 0) continue;
    const all = file.meta.unassertedInHooks ??= {};
    (all[hook] ??= []).push(...texts);
  }
}

/**
 * The effects that no expectation covered, a text a run, where somebody asks for them.
 * @throws StrictError where they fail a test.
 */
function unassertedTexts(runs: readonly WatchedRun[], file: string): string[] {
  const setting = unassertedSetting(file);
  if (setting === undefined) return [];
  return runs.flatMap(({ run, allow, place }) => {
    const unasserted = run && unassertedEffects(run, allow?.unasserted);
    if (!unasserted) return [];
    if (setting === 'fail') throw placedAt(unassertedMessage(run.record, unasserted), place);
    return [`${commandText(run.record.context)}\n${indented(unassertedText(unasserted, run.record))}`];
  });
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
