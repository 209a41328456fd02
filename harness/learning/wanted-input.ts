import { readFileSync } from 'node:fs';
import type { Command, SyntaxNode } from 'unbash';
import { fromHere } from '../diagnostics/place.js';
import { linesOf } from '../syntax/lines.js';
import { parseScript, walk } from '../syntax/parse.js';
import { wordsOf } from '../syntax/words.js';
import type { Learned } from './learn.js';

const READERS = new Set(['mapfile', 'read', 'readarray']);

/**
 * Where a run without standard input read it, or might have: a script that finds none does less than it would.
 * @returns `a.sh:3`; undefined where nothing reads what it was started with.
 */
export function wantedInput({ question, run }: Pick<Learned, 'question' | 'run'>): string | undefined {
  if (question.stdin !== undefined) return undefined;
  const { steps, context } = run.record;
  const executed = new Set(steps.filter(({ file }) => context.hostPaths.get(file) === question.script).map(({ line }) => line));
  // A script of dash tells of no steps; as a whole it comes by all that it has.
  if (executed.size === 0 && question.function !== undefined) return undefined;
  const line = readersIn(readFileSync(question.script, 'utf8')).find((one) => executed.size === 0 || executed.has(one));
  return line === undefined ? undefined : `${fromHere(question.script)}:${line}`;
}

/** Lines of commands that read what the script has on standard input, and not what a pipe or a redirection gives them. */
function readersIn(source: string): number[] {
  const lineAt = linesOf(source);
  const fed: { readonly pos: number; readonly end: number }[] = [];
  const readers: { readonly at: number; readonly line: number }[] = [];
  walk(parseScript(source), (node: SyntaxNode, offset) => {
    if (node.type === 'Pipeline') fed.push(...node.commands.slice(1));
    if (node.type === 'Redirected' && node.redirects.some(isInput)) fed.push(node);
    if (node.type === 'Command' && isReader(node)) readers.push({ at: offset, line: lineAt(offset) });
    return undefined;
  });
  return readers.filter(({ at }) => !fed.some(({ pos, end }) => pos <= at && at < end)).map(({ line }) => line);
}

function isReader(command: Command): boolean {
  const [name = '', ...words] = wordsOf(command);
  if (command.redirects.some(isInput)) return false;
  return name === 'cat' ? words.length === 0 || words.includes('-') : READERS.has(name) && !words.some((word) => /^-\w*u/.test(word));
}

function isInput({ operator }: { readonly operator: string }): boolean {
  return operator.startsWith('<');
}
