import { written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';
import { exitVerdict } from './to-exit.js';

/** `expect(run).toSucceed()`: the exit code is 0. */
export function toSucceed(this: MatcherContext, received: unknown): Verdict {
  const run = receivedRun(received, 'toSucceed');
  return exitVerdict(this, run, 0, written(this.isNot, 'toSucceed'));
}
