import { AsyncLocalStorage } from 'node:async_hooks';
import { TestRunner, type RunnerTestCase, type RunnerTestFile, type RunnerTestSuite } from 'vitest';
import { processWide } from './process-wide.js';

/** Suites and tests of vitest, as far as they lie within each other. */
type Nested = Pick<RunnerTestCase, 'concurrent'> & { readonly suite?: RunnerTestSuite | undefined };

const asking = processWide('test that asks', () => new AsyncLocalStorage<RunnerTestCase>());

const files = processWide('file that runs', (): { current?: RunnerTestFile } => ({}));

/**
 * The test that asks, when a test does. vitest knows of one running test a process; where several are under way, the one
 * whose code this is was told by {@link asTest}.
 */
export function runningTest(): RunnerTestCase | undefined {
  const test = asking.getStore();
  if (test) return test;
  const current = TestRunner.getCurrentTest() as RunnerTestCase | undefined;
  // Of concurrent tests vitest knows the one that began last, where a hook of a suite may be what asks.
  return current && isBesideOthers(current) ? undefined : current;
}

/** Runs a test, hooks and all, so that {@link runningTest} is this one for all that it starts. */
export function asTest(test: RunnerTestCase, run: () => Promise<void>): Promise<void> {
  // Following what starts what slows each promise down; a test that runs alone needs it not.
  return isBesideOthers(test) ? asking.run(test, run) : run();
}

/** Has {@link runningHook} look for hooks in this file. */
export function fileBegins(file: RunnerTestFile): void {
  files.current = file;
}

/** The suite whose hook runs now, and the hook: `installs > on arm (beforeAll)`; undefined when none or several do. */
export function runningHook(): string | undefined {
  const { current } = files;
  const [hook, ...others] = current ? hooksIn(current) : [];
  return others.length === 0 ? hook : undefined;
}

function hooksIn(suite: RunnerTestSuite, name = ''): string[] {
  const { state, hooks } = suite.result ?? {};
  if (state !== 'run') return [];
  const own = (['beforeAll', 'afterAll'] as const).filter((hook) => hooks?.[hook] === 'run').map((hook) => `${name}(${hook})`);
  return [...own, ...suite.tasks.flatMap((task) => (task.type === 'suite' ? hooksIn(task, `${[name.trim(), task.name].filter((text) => text !== '').join(' > ')} `) : []))];
}

function isBesideOthers({ concurrent, suite }: Nested): boolean {
  return concurrent === true || (suite !== undefined && isBesideOthers(suite));
}
