import { printed } from '../diagnostics/printed.js';
import type { AsymmetricMatcher } from '../tree/entry.js';
import { verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

/** `expect(run).toExit(code)`: the exit code is this one, or one that an asymmetric matcher accepts. */
export function toExit(this: MatcherContext, received: unknown, expected: number | AsymmetricMatcher): Verdict {
  const run = receivedRun(received, 'toExit');
  return exitVerdict(this, run, expected, written(this.isNot, 'toExit', printed(expected)));
}

/** `expect(run).toSucceed()`: the exit code is 0. */
export function toSucceed(this: MatcherContext, received: unknown): Verdict {
  const run = receivedRun(received, 'toSucceed');
  return exitVerdict(this, run, 0, written(this.isNot, 'toSucceed'));
}

function exitVerdict(context: MatcherContext, run: ReturnType<typeof receivedRun>, expected: number | AsymmetricMatcher, as: string): Verdict {
  const { exitCode } = run.record;
  // Whatever the answer, somebody has now looked.
  run.looked.add('exitCode');
  const wanted = context.isNot ? `another exit code than ${printed(expected)}` : `exit code ${printed(expected)}`;
  return verdict(context.equals(exitCode, expected), run.record, () => ({ reason: `${as}: expected ${wanted}, received ${exitCode}` }));
}
