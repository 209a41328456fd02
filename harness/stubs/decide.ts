import { fits } from './arguments.js';
import { calledPlaceholder } from '../diagnostics/placeholder-messages.js';
import { notOf } from '../diagnostics/shape.js';
import { unansweredCall } from '../diagnostics/strict-messages.js';
import type { Call } from './call.js';
import { isExitCode, SettledStub, Stub, type Answer, type Parts } from './stub.js';
import type { World } from './world.js';

/** How often each part of one declared stub was asked in this run: sequences go on where they were. */
export type Counts = Map<Parts, number>;

/**
 * Finds the answer of one call whose stub varies: sequence first, then the handler, then the rules.
 * @param parts the stub as declared, or what a rule or a handler gave.
 * @param counts this call is counted in them.
 * @param act what a handler may do to the sandbox meanwhile.
 * @param ask has a supervisor of this run answer.
 */
export async function decide(
  parts: Parts,
  call: Call,
  counts: Counts,
  act: World,
  ask: (call: Call) => Pick<Answer, 'mode' | 'text'>,
): Promise<Answer> {
  const count = counts.get(parts) ?? 0;
  counts.set(parts, count + 1);
  let current = parts;
  let served = count;
  while (current.next && served >= current.times) {
    served -= current.times;
    current = current.next.parts;
  }
  if (current.supervisor) return { ...current.answer, ...ask(call) };
  if (current.handler) {
    const result = await current.handler({ ...call, ...act, previousCalls: served });
    if (result instanceof Stub || result instanceof SettledStub) return decide(result.parts, call, counts, act, ask);
    const answer = { ...current.answer, mode: 'answer' as const };
    if (typeof result === 'number' && isExitCode(result)) return { ...answer, exitCode: result };
    if (typeof result === 'string' || result === undefined) return { ...answer, stdout: result ?? '' };
    throw notOf(`what the handler of '${call.name}' gives`, 'text to print, an exit code from 0 to 255, a stub or nothing', result);
  }
  if (current.rules.length === 0) {
    if (current.answer.mode === 'placeholder') throw calledPlaceholder(call);
    return current.answer;
  }
  const rule = current.rules.find(({ pattern }) => fits(pattern, call.args));
  if (rule) return decide(rule.stub.parts, call, counts, act, ask);
  throw unansweredCall(call);
}
