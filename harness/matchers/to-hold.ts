import { brokenFailure } from '../diagnostics/invariant-messages.js';
import { brokenOf, type Invariant } from '../invariants/invariant.js';
import { failure, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

/**
 * `expect(run).toHold(noLeftovers(), definedExitCodes([4]))`: all of these invariants hold of the run; `not`: one of them
 * does not. See `shellrig/invariants`.
 * @throws TypeError without an invariant, of which anything is true.
 */
export function toHold(this: MatcherContext, received: unknown, ...invariants: readonly Invariant[]): Verdict {
  const { record, looked } = receivedRun(received, 'toHold');
  if (invariants.length === 0) throw new TypeError('toHold() takes one invariant or more, such as noLeftovers() of shellrig/invariants.');
  // Whatever the answer, somebody has now looked: a shell's invariant is not judged again when the test ends.
  for (const { name } of invariants) looked.add(`invariant ${name}`);
  const broken = brokenOf(record, invariants);
  const unknown = broken.filter(({ broken: { isUnknown } }) => isUnknown === true);
  // The invariant's own name follows.
  const as = written(this.isNot, 'toHold', invariants.length === 1 ? '…' : `${invariants.length} invariants`);
  if (unknown.length > 0) return failure(this.isNot, record, () => brokenFailure(as, unknown));
  return verdict(broken.length === 0, record, () => {
    if (this.isNot) return { reason: `${written(true, 'toHold', invariants.map(({ name }) => name).join(', '))}: ${invariants.length === 1 ? 'it holds' : 'they all hold'}` };
    return brokenFailure(as, broken);
  });
}
