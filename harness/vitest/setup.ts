import { afterAll, expect, type RunnerTestFile } from 'vitest';
import { registerMatchers } from '../matchers/register.js';
import { checkRunsOutsideTests } from '../shell/test-watch.js';
import type { Run } from '../shell/run.js';

// What vitest loads in each worker before a spec: with `isolate: false` several times, so all of it may be repeated.
registerMatchers();
// eslint-disable-next-line no-empty-pattern -- vitest wants fixtures spelt out, though here are none
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
