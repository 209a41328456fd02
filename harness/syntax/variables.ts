import type { Command, SyntaxNode } from 'unbash';
import { linesOf } from './lines.js';
import { memoised } from './memo.js';
import { parseScript, walk } from './parse.js';
import { wordsOf } from './words.js';

/** A place where a script reads a variable. */
export interface VariableRead {
  readonly name: string;
  /** The line of the expansion, and that of the command that it is part of; counted from 1. */
  readonly line: number;
  readonly commandLine: number;
}

/**
 * Where a script expands a variable and gives no default for it (`${x:-}`). Not what arithmetic reads, nor the
 * strings given to `eval`. The result is shared: do not change it.
 */
export const readsOf: (source: string) => readonly VariableRead[] = memoised((source) => {
  const reads: VariableRead[] = [];
  const lineAt = linesOf(source);
  let commandLine = 1;
  walk(parseScript(source), (node, offset) => {
    if (node.type === 'Command' || node.type === 'TestCommand') commandLine = lineAt(offset);
    const name = nameRead(node);
    if (name !== undefined && /^[A-Za-z_]\w*$/.test(name)) reads.push({ name, line: lineAt(offset), commandLine });
    return undefined;
  });
  return reads;
}, 64);

/**
 * The variables that a script gives a value anywhere, by a literal name: assignments, loops, and builtins that take
 * names (`read`, `local`, `printf -v`). The result is shared: do not change it.
 */
export const writesOf: (source: string) => ReadonlySet<string> = memoised((source) => {
  const names = new Set<string>();
  walk(parseScript(source), (node) => {
    if (node.type === 'Assignment') names.add(node.name);
    if (node.type === 'For' || node.type === 'Select') names.add(node.name.value);
    if (node.type === 'Command') for (const name of namesGiven(node)) names.add(name);
    if (node.type === 'ParameterExpansion' && node.operation?.type === 'Default' && /^:?=$/.test(node.operation.operator)) names.add(node.parameter);
    if (node.type === 'ArithmeticWord' && /^[A-Za-z_]/.test(node.value)) names.add(node.value);
    return undefined;
  });
  return names;
}, 64);

function nameRead(node: SyntaxNode): string | undefined {
  if (node.type === 'SimpleExpansion') return node.text.slice(1);
  if (node.type !== 'ParameterExpansion' || node.prefix === '!') return undefined;
  const { operation } = node;
  return operation?.type === 'Default' && !operation.operator.includes('?') ? undefined : node.parameter;
}

const NAMING = new Set(['declare', 'export', 'getopts', 'local', 'mapfile', 'read', 'readarray', 'readonly', 'typeset', 'unset', 'wait']);

/** Any word of such a builtin that could be a name: one too many does no harm. */
function namesGiven(command: Command): string[] {
  const [name = '', ...words] = wordsOf(command);
  if (name === 'printf') return words[0] === '-v' ? words.slice(1, 2) : [];
  return NAMING.has(name) ? words.map((word) => word.replace(/[=+[].*$/s, '')).filter((word) => /^[A-Za-z_]\w*$/.test(word)) : [];
}
