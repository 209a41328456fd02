import { TestRunner, type RunnerTask, type RunnerTestCase, type RunnerTestFile } from 'vitest';
import stripAnsi from 'strip-ansi';
import { forgetScripts } from '../shell/session-pool.js';
import { SCRIPT_SETS_VARIABLE } from '../shell/script-sets.js';
import { runsOf } from '../shell/test-watch.js';
import type { Run } from '../shell/run.js';
import { decide, isDecided, readPlan, testKey, type Executed, type Outcome, type Revision } from './plan.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Set by the runner of revisions: what came of the test with each. */
    revisions?: Outcome[];
  }
}

type Try = { revision: Revision; started: number; runs: readonly Run[]; isIdle: boolean };

/**
 * vitest's runner with revisions: a test is repeated, each time with another state of the scripts. What comes of it is
 * told in the test's meta; to vitest itself every test passes.
 */
export default class RevisionsRunner extends TestRunner {
  private readonly plan = readPlan();
  private readonly chosen = new WeakMap<object, readonly Revision[]>();
  private current: Try | undefined;
  private inUse = '';

  onCollected(files: readonly RunnerTestFile[]): void {
    for (const test of files.flatMap(testsOf)) {
      const revisions = this.plan.revisions.filter(({ tests }) => tests === undefined || tests.includes(testKey(test.file.filepath, test.fullTestName)));
      this.chosen.set(test, revisions);
      // There is one state of the scripts at a time.
      test.concurrent = false;
      test.retry = 0;
      test.repeats = Math.max(0, revisions.length - 1);
      if (revisions.length === 0 && test.mode === 'run') test.mode = 'skip';
    }
  }

  override onBeforeTryTask(test: RunnerTask, { repeats }: { repeats?: number } = {}): void {
    const revision = this.chosen.get(test)?.[repeats ?? 0];
    if (!revision) throw new Error(`shellrig bug: no revision ${repeats} for ${test.name}`);
    const isIdle = this.plan.stopAtFirstFailure && isDecided(this.plan, revision);
    this.current = { revision, started: performance.now(), runs: [], isIdle };
    if (!isIdle) this.use(revision);
    super.onBeforeTryTask(test);
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    if (!this.current?.isIdle) await TestRunner.getTestFn(test)();
  }

  onTaskFinished(test: RunnerTestCase): void {
    if (this.current) this.current.runs = runsOf(test).flatMap(({ run }) => run ?? []);
  }

  /** After everything that can still fail a test. */
  onAfterRetryTask(test: RunnerTestCase): void {
    const { current } = this;
    if (!current || !test.result) return;
    const isFailed = test.result.state === 'fail';
    if (!current.isIdle) (test.meta.revisions ??= []).push(this.outcome(current, isFailed, test.result.errors ?? []));
    if (isFailed && this.plan.stopAtFirstFailure) decide(this.plan, current.revision);
    test.result.state = 'pass';
    delete test.result.errors;
  }

  private use(revision: Revision): void {
    if (this.inUse === revision.id) return;
    this.inUse = revision.id;
    process.env[SCRIPT_SETS_VARIABLE] = JSON.stringify(revision.sets);
    forgetScripts();
  }

  private outcome({ revision, started, runs }: Try, isFailed: boolean, errors: readonly { message?: string; diff?: string | undefined }[]): Outcome {
    const { keep } = this.plan;
    return {
      revision: revision.id,
      state: isFailed ? 'failed' : 'passed',
      messages: errors.map(({ message = '', diff }) => stripAnsi(diff === undefined ? message : `${message}\n\n${diff}`)),
      effects: keep === 'effects' ? runs.map((run) => run.effects()) : [],
      executed: keep === 'executed' ? executedBy(runs) : {},
      duration: performance.now() - started,
    };
  }
}

function testsOf(task: RunnerTask): RunnerTestCase[] {
  return task.type === 'suite' ? task.tasks.flatMap(testsOf) : [task];
}

function executedBy(runs: readonly Run[]): Executed {
  const scripts = new Map<string, { lines: Set<number>; functions: Set<string> }>();
  for (const { record } of runs) {
    for (const { file, line, function: name } of record.steps) {
      const path = record.context.hostPaths.get(file);
      if (path === undefined) continue;
      const script = scripts.get(path) ?? { lines: new Set(), functions: new Set() };
      scripts.set(path, script);
      script.lines.add(line);
      script.functions.add(name);
    }
  }
  return Object.fromEntries([...scripts].map(([path, { lines, functions }]) => [path, { lines: [...lines], functions: [...functions] }]));
}
