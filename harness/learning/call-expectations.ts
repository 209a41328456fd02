import type { RunRecord } from '../shell/run.js';
import type { Call } from '../stubs/call.js';
import { areBeside } from './beside.js';
import type { Fact } from './host-facts.js';
import { stringLiteral, wordList } from './literals.js';
import { settledText } from './settled-text.js';

/** Calls that are listed one by one; of more, each command's are counted. */
const MOST_CALLS = 30;

/** An argument that is a text of its own. */
const LONGEST_WORD = 400;

/**
 * The calls of two runs: in order or, where nothing but chance orders them, one by one.
 * @param uses receives what of shellrig they name.
 */
export function callExpectations(record: RunRecord, again: RunRecord, facts: readonly Fact[], uses: Set<string>): string[] {
  const { calls } = record;
  if (calls.length === 0) return [];
  const names = [...new Set(calls.map(({ name }) => name))];
  const pairs = paired(calls, again.calls);
  const areTheSame = calls.length === again.calls.length && pairs.every(({ other }) => other !== undefined);
  if (calls.length > MOST_CALLS && areTheSame) return names.map((name) => `expect(run).toHaveCalledTimes(${stringLiteral(name)}, ${calls.filter((call) => call.name === name).length});`);
  if (!areTheSame) return ['// The calls, or their order, differ from run to run.', ...names.filter((name) => again.calls.some((call) => call.name === name)).map((name) => `expect(run).toHaveCalled(${stringLiteral(name)});`)];
  const isOrdered = pairs.every(({ other }, index) => other === again.calls[index]) && !areBeside(record) && !areBeside(again);
  const words = pairs.map(({ call, other }) => callWords(call, other ?? call, facts, uses));
  if (words.length === 1 || !isOrdered) {
    const each = [...new Set(words.map((one) => `expect(run).toHaveCalled${wordList(one, ['(', ')'], '', 'expect(run).toHaveCalled;    '.length)};`))];
    return isOrdered ? each : ['// These calls have no order that every run keeps.', ...each.sort()];
  }
  return [`expect(run).toHaveCalledInOrder([\n${words.map((one) => `  ${wordList(one, ['[', ']'], '  ', 5)},\n`).join('')}]);`];
}

interface Pair {
  readonly call: Call;
  /** The same call of the other run; undefined where that has none of its name left. */
  readonly other: Call | undefined;
}

/** Each call with that of the other run: the one in its place or, where all are there in another order, the one of the same words. */
function paired(calls: readonly Call[], again: readonly Call[]): Pair[] {
  const inPlace = calls.map((call, index): Pair => ({ call, other: again[index]?.name === call.name ? again[index] : undefined }));
  if (inPlace.every(({ call, other }) => other !== undefined && keyOf(call) === keyOf(other))) return inPlace;
  const byWords = pairedBy(calls, again, keyOf);
  if (byWords.every(({ other }) => other !== undefined)) return byWords;
  return inPlace.every(({ other }) => other !== undefined) ? inPlace : pairedBy(calls, again, ({ name, args }) => `${name} ${args.length}`);
}

function pairedBy(calls: readonly Call[], again: readonly Call[], key: (call: Call) => string): Pair[] {
  const left = [...again];
  return calls.map((call) => {
    const at = left.findIndex((other) => key(other) === key(call));
    return { call, other: at < 0 ? undefined : left.splice(at, 1)[0] };
  });
}

function keyOf({ name, args }: Call): string {
  return JSON.stringify([name, ...args]);
}

function callWords(call: Call, again: Call, facts: readonly Fact[], uses: Set<string>): string[] {
  if (call.args.length === 0 && again.args.length === 0) {
    uses.add('noArguments');
    return [stringLiteral(call.name), 'noArguments'];
  }
  if (call.args.length !== again.args.length) return [stringLiteral(call.name)];
  return [stringLiteral(call.name), ...call.args.map((word, index) => wordLiteral(word, again.args[index]!, facts, uses))];
}

function wordLiteral(word: string, again: string, facts: readonly Fact[], uses: Set<string>): string {
  const settled = word.length > LONGEST_WORD ? undefined : settledText(word, again, facts);
  if (settled === undefined) {
    uses.add('any');
    return 'any';
  }
  return typeof settled === 'string' ? stringLiteral(settled) : String(settled);
}
