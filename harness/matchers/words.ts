import { diffArrays } from 'diff';
import { shellWords, shortened } from '../diagnostics/command-text.js';
import { printed } from '../diagnostics/printed.js';
import { notOf } from '../diagnostics/shape.js';
import type { Call } from '../stubs/call.js';
import { fitsArgument, isPattern, rest, type ArgumentPattern } from '../stubs/arguments.js';

const LONGEST_WORD = 160;
const SHOWN_BEFORE_DIFFERENCE = 30;

/** As the only expected word: a call without arguments. */
export const noArguments = { words: 'none' } as const;

/** One argument of an expected call, or what stands for several. */
export type ExpectedWord = ArgumentPattern | typeof noArguments;

/** A call as an expectation writes it: its name, then its arguments; the name alone is any call. */
export type ExpectedCall = readonly [name: string, ...args: ExpectedWord[]];

/**
 * Whether a call's arguments are as expected, word by word and none more. No expected words are any arguments.
 * @throws TypeError when `rest` is not last or `noArguments` is not alone.
 */
function matchesWords(expected: readonly ExpectedWord[], args: readonly string[]): boolean {
  const { words, isOpen } = fixedWords(expected);
  return (isOpen ? args.length >= words.length : args.length === words.length) && words.every((word, index) => matchesWord(word, args[index]!));
}

/** @throws TypeError for an expected call that none can be, whether there are calls to compare it with or not. */
export function checkWords([, ...words]: ExpectedCall): void {
  fixedWords(words);
}

/**
 * Looks at what a spec gives for a call, whatever its type says.
 * @param otherwise what may be given instead, to be read after "must be ['NAME', ARG...]".
 * @throws Error for what is no list of a name and words.
 */
export function checkCall(where: string, value: unknown, otherwise: string): asserts value is ExpectedCall {
  if (!Array.isArray(value)) throw notOf(where, `['NAME', ARG...]${otherwise}`, value, typeof value === 'string' && value !== '' ? ` Did you mean ['${value}']?` : '');
  const [name, ...words] = value as readonly unknown[];
  if (typeof name !== 'string' || name === '') throw notOf(`${where}: the name of its command`, 'a text that is not empty', name);
  words.forEach((word, index) => {
    if (!isPattern(word) && word !== noArguments) throw notOf(`${where}[${index + 1}]`, 'text, a RegExp, an asymmetric matcher, any, rest or noArguments', word);
  });
}

/** Whether a recorded call is an expected one. */
export function matchesCall([name, ...args]: ExpectedCall, call: Call): boolean {
  return call.name === name && matchesWords(args, call.args);
}

/** An expected call on one line, as a shell would be given it: `apt-get install /gateway=/`. */
export function expectedText([name, ...args]: ExpectedCall): string {
  if (args.length === 0) return `${name} (any arguments)`;
  return [shellWords([name]), ...args.map((word) => wordText(word))].join(' ');
}

/** The arguments of a matcher as the spec wrote them: `'apt-get', 'install', /gateway=/`. */
export function writtenCall([name, ...args]: ExpectedCall): string {
  return [name, ...args].map((word) => (typeof word === 'string' ? `'${shortened(word, 60)}'` : wordText(word))).join(', ');
}

/** How received arguments differ from expected ones. */
export interface WordDifference {
  /** Whether all words are as expected. */
  readonly isEqual: boolean;
  /** How many are. */
  readonly equal: number;
  /** Runs of equal words on one line each, a missing word after `-`, one too many after `+`. */
  readonly text: string;
}

/** Compares arguments word by word, so that one word too many early on does not make all later ones wrong. */
export function wordDifference(expected: readonly ExpectedWord[], args: readonly string[]): WordDifference {
  const { words, isOpen } = fixedWords(expected);
  const parts = diffArrays<ExpectedWord>([...words], [...args], {
    comparator: (one, other) => (typeof other === 'string' ? matchesWord(one, other) : one === other),
  });
  // What follows the expected words is not a difference where any may follow.
  if (isOpen && parts.at(-1)?.added === true && parts.at(-2)?.removed !== true) parts.pop();
  let equal = 0;
  const lines = parts.flatMap((part, index) => {
    if (part.removed) return part.value.map((word, at) => `- ${wordText(word, parts[index + 1]?.value[at])}`);
    if (part.added) return part.value.map((word, at) => `+ ${wordText(word, parts[index - 1]?.value[at])}`);
    equal += part.value.length;
    return [`  ${part.value.map((word) => wordText(word)).join(' ')}`];
  });
  return { isEqual: parts.every((part) => !part.added && !part.removed), equal, text: lines.join('\n') };
}

function matchesWord(expected: ExpectedWord, word: string): boolean {
  return fitsArgument(expected as ArgumentPattern, word);
}

function fromDifference(word: string, other: string): string {
  let same = 0;
  while (same < word.length && word[same] === other[same]) same += 1;
  const start = same - SHOWN_BEFORE_DIFFERENCE;
  return word.length <= LONGEST_WORD || start <= 0 ? shortened(word, LONGEST_WORD) : `…${shortened(word.slice(start), LONGEST_WORD)}`;
}

function fixedWords(expected: readonly ExpectedWord[]): { words: readonly ExpectedWord[]; isOpen: boolean } {
  if (expected.length === 1 && expected[0] === noArguments) return { words: [], isOpen: false };
  if (expected.length === 0) return { words: [], isOpen: true };
  const isOpen = expected.at(-1) === rest;
  const words = isOpen ? expected.slice(0, -1) : expected;
  if (words.includes(rest)) throw new TypeError('`rest` must be the last argument of an expected call; `any` stands for one argument.');
  if (words.includes(noArguments)) throw new TypeError('`noArguments` must be the only word of an expected call.');
  return { words, isOpen };
}

/** @param other the word that stands in its place on the other side: of two long texts the part that differs is shown. */
function wordText(word: ExpectedWord, other?: ExpectedWord): string {
  if (typeof word === 'string') return shellWords([typeof other === 'string' ? fromDifference(word, other) : shortened(word, LONGEST_WORD)]);
  if (typeof word === 'symbol') return String(word.description);
  if (word === noArguments) return 'noArguments';
  return printed(word);
}
