import type { Run } from '../shell/run.js';
import { callExpectations } from './call-expectations.js';
import { changeExpectations } from './change-expectations.js';
import type { Learned } from './learn.js';
import { printExpectations } from './print-expectations.js';
import { variableExpectations } from './variable-expectations.js';

/**
 * What two runs did, as expectations that both meet: exit code, calls, changes, shell variables,
 * output. Statements without indentation.
 * @param uses receives what of shellrig they name.
 */
export function expectations({ run, again, idle, facts }: Pick<Learned, 'run' | 'again' | 'idle' | 'facts'>, uses: Set<string>): string[] {
  return [
    exitExpectation(run, again),
    ...callExpectations(run.record, again.record, facts, uses),
    ...changeExpectations(run.record, again.record, facts, uses),
    ...(idle === undefined ? [] : variableExpectations(run, again, idle, facts)),
    ...printExpectations(run, again, facts),
  ];
}

function exitExpectation({ exitCode }: Run, again: Run): string {
  if (exitCode !== again.exitCode) return `expect(run).toExit(expect.any(Number)); // ${exitCode} at first, then ${again.exitCode}`;
  return exitCode === 0 ? 'expect(run).toSucceed();' : `expect(run).toExit(${exitCode});`;
}
