import type { Run } from '../shell/run.js';
import type { Call } from '../stubs/call.js';
import { changeExpectations } from './change-expectations.js';
import { stringLiteral, wordList } from './literals.js';
import type { Learned } from './learn.js';
import { printExpectations } from './print-expectations.js';
import { settledText } from './settled-text.js';
import { variableExpectations } from './variable-expectations.js';

/** Calls that are listed one by one; of more, each command's are counted. */
const MOST_CALLS = 30;

/** An argument that is a text of its own. */
const LONGEST_WORD = 400;

/**
 * What two runs did, as expectations that both meet: exit code, calls, changes, shell variables,
 * output. Statements without indentation.
 * @param uses receives what of shellrig they name.
 */
export function expectations({ run, again, idle }: Pick<Learned, 'run' | 'again' | 'idle'>, uses: Set<string>): string[] {
  return [
    exitExpectation(run, again),
    ...callExpectations(run.allCalls, again.allCalls, uses),
    ...changeExpectations(run.record, again.record, uses),
    ...(idle === undefined ? [] : variableExpectations(run, again, idle)),
    ...printExpectations(run, again),
  ];
}

function exitExpectation({ exitCode }: Run, again: Run): string {
  if (exitCode !== again.exitCode) return `expect(run).toExit(expect.any(Number)); // ${exitCode} at first, then ${again.exitCode}`;
  return exitCode === 0 ? 'expect(run).toSucceed();' : `expect(run).toExit(${exitCode});`;
}

function callExpectations(calls: readonly Call[], again: readonly Call[], uses: Set<string>): string[] {
  if (calls.length === 0) return [];
  const inOrder = calls.length === again.length && calls.every(({ name }, index) => name === again[index]?.name);
  if (!inOrder) {
    const both = [...new Set(calls.map(({ name }) => name))].filter((name) => again.some((call) => call.name === name));
    return ['// The calls, or their order, differ from run to run.', ...both.map((name) => `expect(run).toHaveCalled(${stringLiteral(name)});`)];
  }
  if (calls.length > MOST_CALLS) return [...new Set(calls.map(({ name }) => name))].map((name) => `expect(run).toHaveCalledTimes(${stringLiteral(name)}, ${calls.filter((call) => call.name === name).length});`);
  const words = calls.map((call, index) => callWords(call, again[index]!, uses));
  const [only] = words;
  if (words.length === 1) return [`expect(run).toHaveCalled${wordList(only ?? [], ['(', ')'], '', 'expect(run).toHaveCalled;    '.length)};`];
  return [`expect(run).toHaveCalledInOrder([\n${words.map((one) => `  ${wordList(one, ['[', ']'], '  ', 5)},\n`).join('')}]);`];
}

function callWords(call: Call, again: Call, uses: Set<string>): string[] {
  if (call.args.length === 0 && again.args.length === 0) {
    uses.add('noArguments');
    return [stringLiteral(call.name), 'noArguments'];
  }
  if (call.args.length !== again.args.length) return [stringLiteral(call.name)];
  return [stringLiteral(call.name), ...call.args.map((word, index) => wordLiteral(word, again.args[index]!, uses))];
}

function wordLiteral(word: string, again: string, uses: Set<string>): string {
  const settled = word.length > LONGEST_WORD ? undefined : settledText(word, again);
  if (settled === undefined) {
    uses.add('any');
    return 'any';
  }
  return typeof settled === 'string' ? stringLiteral(settled) : String(settled);
}
