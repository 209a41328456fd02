import { afterAll, beforeAll, expect, TestRunner, type RunnerTestFile, type TestContext } from 'vitest';
import { registerMatchers } from '../matchers/register.js';
import { fileBegins } from '../shell/running-test.js';
import { checkRunsOutsideTests, watchTest } from '../shell/test-watch.js';
import type { Run } from '../shell/run.js';

// What vitest loads in each worker before a spec: with `isolate: false` several times, so all of it may be repeated.
registerMatchers();
// vitest's own `aroundEach` would have a test's fixtures made before it, and so by nobody's code.
TestRunner.getCurrentSuite().on('aroundEach', (runTest: () => Promise<void>, { task }: TestContext) => watchTest(task, runTest));
// eslint-disable-next-line no-empty-pattern -- vitest wants fixtures spelt out, though here are none
beforeAll(({}, file) => fileBegins(file as RunnerTestFile));
// eslint-disable-next-line no-empty-pattern -- see above
afterAll(({}, file) => checkRunsOutsideTests(file as RunnerTestFile));

const SERIALIZED = Symbol.for('shellrig.serializes');
const once = globalThis as { [SERIALIZED]?: true };

// A run in a snapshot is told by its effects: its plain data holds process ids and durations.
if (once[SERIALIZED] === undefined) {
  once[SERIALIZED] = true;
  expect.addSnapshotSerializer({
    test: (value: unknown) => isRun(value),
    serialize: (run: Run) => run.effects(),
  });
}

function isRun(value: unknown): boolean {
  const run = value as Partial<Run> | null;
  return typeof run === 'object' && run !== null && run.looked instanceof Set && typeof run.effects === 'function';
}
