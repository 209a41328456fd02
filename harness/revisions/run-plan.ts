import { relative } from 'node:path';
import type { Plugin } from 'vitest/config';
import type { Vitest } from 'vitest/node';
import { PLAN_VARIABLE, testKey, writePlan, type Outcome, type Plan } from './plan.js';
import { endBySignal } from './temporary.js';

/** How vitest is started on a plan. */
export interface Project {
  /** Its directory. */
  readonly root: string;
  /** vite plugins beside those of its configuration, for instance one that leaves a single vitest project. */
  readonly plugins: readonly Plugin[];
  /** Looks at vitest before anything runs. @throws for a project that cannot be run. */
  readonly check?: (vitest: Vitest) => void;
}

/** One test that was collected, with what came of it. */
export interface PlannedTest {
  readonly key: string;
  /** The spec's path from the project's root. */
  readonly file: string;
  /** Suites and test, joined by ` > `. */
  readonly name: string;
  /** The lessons that it carries. */
  readonly lessons: readonly string[];
  /** In the plan's order; empty when no revision names the test, or it is skipped. */
  readonly outcomes: readonly Outcome[];
}

/** What came of a plan. */
export interface PlanResult {
  readonly tests: readonly PlannedTest[];
  /** Spec files that could not be read, and errors outside of tests: no outcome of such a run counts. */
  readonly faults: readonly string[];
}

/**
 * Runs a plan, in one vitest run.
 * @param files spec files to run, absolute, or parts of their paths; empty for all.
 */
export async function runPlan({ root, plugins, check }: Project, plan: Plan, files: readonly string[]): Promise<PlanResult> {
  const { createVitest } = await import('vitest/node');
  const { exitCode } = process;
  // What vitest and its workers leave when they are ended goes with the plan's folder.
  const restore = setEnvironment({ [PLAN_VARIABLE]: writePlan(plan), TMPDIR: plan.folder });
  try {
    const vitest = await createVitest(
      'test',
      { root, watch: false, run: true, update: false, reporters: [{}], silent: true, coverage: { enabled: false }, onConsoleLog: () => false },
      { plugins: [...plugins] },
    );
    const forget = endBySignal(async () => {
      await vitest.cancelCurrentRun('keyboard-input');
      await vitest.close();
    });
    try {
      check?.(vitest);
      // vitest would say that it found no file where nobody listens.
      if ((await vitest.globTestSpecifications([...files])).length === 0) return { tests: [], faults: [] };
      await vitest.start([...files]);
      const modules = vitest.state.getTestModules();
      const tests = modules.flatMap((module) => [...module.children.allTests()].map((test) => ({
        key: testKey(module.moduleId, test.fullName), file: relative(root, module.moduleId), name: test.fullName, lessons: test.meta().lessons ?? [], outcomes: test.meta().revisions ?? [],
      })));
      const faults = [
        ...modules.flatMap((module) => module.errors().map(({ message }) => `${relative(root, module.moduleId)}: ${message}`)),
        ...modules.flatMap((module) => [...module.children.allSuites()].flatMap((suite) => suite.errors().map(({ message }) => `${relative(root, module.moduleId)} > ${suite.fullName}: ${message}`))),
        ...vitest.state.getUnhandledErrors().map((error) => (error as Error).message ?? String(error)),
      ];
      return { tests, faults };
    } finally {
      forget();
      await vitest.close();
    }
  } finally {
    restore();
    // vitest sets it when a run found nothing: what a plan found is told by its outcomes.
    process.exitCode = exitCode;
  }
}

/** @returns puts back what was. */
function setEnvironment(values: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
