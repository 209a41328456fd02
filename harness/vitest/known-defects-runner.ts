import { TestRunner, type RunnerTestCase } from 'vitest';
import { KNOWN_DEFECTS_VARIABLE } from './known-defects.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Ids of the defects that a test proves to be mended: `it('...', { meta: { lessons: ['C3'] } }, ...)`. */
    lessons?: string[];
    /** Set by `--known-defects` on tests that carry an id of its file: whether the defect showed. */
    knownDefect?: { ids: string[]; isThere: boolean };
  }
}

/**
 * vitest's runner with known defects: a failure of a test that carries one of their ids is expected, and told as such
 * instead of as a failure. It is asked last, after everything that can still fail a test.
 */
export default class KnownDefectsRunner extends TestRunner {
  private readonly known = new Set(JSON.parse(process.env[KNOWN_DEFECTS_VARIABLE] ?? '[]') as string[]);

  override onAfterRunTask(test: RunnerTestCase): void {
    const ids = (test.meta.lessons ?? []).filter((id) => this.known.has(id));
    if (ids.length > 0 && test.result) {
      const isThere = test.result.state === 'fail';
      test.meta.knownDefect = { ids, isThere };
      if (isThere) {
        test.mode = 'skip';
        // As vitest records a skip with a reason (context.skip('...')); its types keep the reason to themselves.
        test.result = { state: 'skip', note: `known defect ${ids.join(', ')}`, pending: true, duration: test.result.duration } as unknown as NonNullable<RunnerTestCase['result']>;
      }
    }
    super.onAfterRunTask(test);
  }
}
