import { printed } from '../diagnostics/printed.js';
import type { Run } from '../shell/run.js';
import type { AsymmetricMatcher } from '../tree/entry.js';
import { holds, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

/** `expect(run).toExit(code)`: the exit code is this one, or one that an asymmetric matcher accepts. Only where it holds has somebody looked. */
export function toExit(this: MatcherContext, received: unknown, expected: number | AsymmetricMatcher): Verdict {
  const run = receivedRun(received, 'toExit');
  return exitVerdict(this, run, expected, written(this.isNot, 'toExit', printed(expected)));
}

/** The verdict on an exit code, for the expectation written so. */
export function exitVerdict(context: MatcherContext, run: Run, expected: number | AsymmetricMatcher, as: string): Verdict {
  const { exitCode } = run.record;
  const pass = context.equals(exitCode, expected);
  if (holds(context, pass)) run.looked.add('exitCode');
  const wanted = context.isNot ? `another exit code than ${printed(expected)}` : `exit code ${printed(expected)}`;
  return verdict(pass, run.record, () => ({ reason: `${as}: expected ${wanted}, received ${exitCode}` }));
}
