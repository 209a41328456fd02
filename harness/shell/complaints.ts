import type { ShellComplaint } from '../diagnostics/strict-messages.js';
import type { Site } from '../stubs/call.js';
import type { Allowances } from './options.js';
import type { Step } from './run.js';

/** Why bash cannot read a script any further: its own messages, C locale (parse.y of its sources). */
const UNREADABLE = [
  'syntax error.*', 'unexpected EOF while looking for matching .*', 'unexpected argument .*to conditional (?:unary|binary) operator',
  'conditional (?:unary|binary) operator expected', "unexpected token .* in conditional command", "unexpected token .*, expected `\\)'", 'unexpected token .*, conditional binary operator expected',
].join('|');

/** What bash says of a fault in a command that it executes; what it names stands before. */
const FAULT = [
  'unbound variable', 'command not found', 'syntax error.*', 'integer expression expected', 'bad substitution', 'ambiguous redirect', 'bad array subscript.*', 'division by 0.*',
  'unary operator expected', 'binary operator expected', 'not a valid identifier', 'readonly variable', 'invalid arithmetic operator.*', 'too many arguments', 'value too great for base.*',
  "missing `\\]'", 'numeric argument required', 'can only be used in a function', 'expression expected', 'nameref variable self references not allowed',
  'cannot convert (?:indexed to associative|associative to indexed) array', 'unexpected end of file', 'exec: .*: not found',
].join('|');

const UNREADABLE_SCRIPT = new RegExp(`^(.+?): line (\\d+): (?:${UNREADABLE})$`, 'm');
const COMPLAINT = new RegExp(`^(.+?): line (\\d+): (${UNREADABLE}|.*(?:${FAULT}))$`, 'gm');

/** bash's complaints in what a run wrote: lines `FILE: line N: TEXT`. */
export function complaintsIn(text: string, steps: readonly Step[]): ShellComplaint[] {
  return [...text.matchAll(COMPLAINT)].map(([, file = '', line, words = '']) => {
    const site: Site = { file, line: Number(line), function: functionAt(steps, file, Number(line)) };
    return { text: words, stack: [site] };
  });
}

/** Where bash could first not read a script. */
export function unreadableAt(text: string): Site | undefined {
  const [, file, line] = UNREADABLE_SCRIPT.exec(text) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), function: 'main' };
}

/** The complaints that no allowance covers. */
export function unallowed(complaints: readonly ShellComplaint[], allow: Allowances): ShellComplaint[] {
  return complaints.filter(({ text }) => {
    const missing = /^(.*): command not found$/.exec(text)?.[1];
    return !isAllowed(allow.shellErrors, text, (item) => text.includes(item)) && (missing === undefined || !isAllowed(allow.commands, missing));
  });
}

/** @param fits whether an item of the list means `text`, beside one that is the same. */
export function isAllowed(list: readonly string[] | true | undefined, text: string, fits: (item: string) => boolean = () => false): boolean {
  return list === true || (list ?? []).some((item) => item === text || fits(item));
}

function functionAt(steps: readonly Step[], file: string, line: number): string {
  return steps.findLast((step) => step.file === file && step.line === line)?.function ?? 'main';
}
