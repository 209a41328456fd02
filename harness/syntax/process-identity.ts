import type { Command, SyntaxNode } from 'unbash';
import { linesOf } from './lines.js';
import { memoised } from './memo.js';
import { parseScript, walk } from './parse.js';
import { scriptInString, wordsOf } from './words.js';

/** A place where a script depends on being its own process, so that a fork of another shell would behave differently. */
export interface ProcessIdentityUse {
  /** What it does, to be read after "because it": `uses $$`. */
  readonly reason: string;
  /** Counted from 1 in the source that was given. */
  readonly line: number;
}

/**
 * Where a script uses `$$`, `$PPID`, job control (`set -m`, fg, bg, jobs, `%1`) or its process group (`kill 0`,
 * `kill -- -...`), also in double quotes, here-documents, and the strings given to `trap` and `eval`, but not in
 * comments and other single quotes. In source order; the result is shared: do not change it.
 */
export const processIdentityUses: (source: string) => readonly ProcessIdentityUse[] = memoised((source) => {
  if (!mentionsProcessIdentity(source)) return [];
  const uses: ProcessIdentityUse[] = [];
  const lineAt = linesOf(source);
  walk(parseScript(source), (node, offset) => {
    const reason = node.type === 'Command' ? reasonOfCommand(node) : reasonOfExpansion(node);
    if (reason !== undefined) uses.push({ reason, line: lineAt(offset) });
    const inner = node.type === 'Command' ? scriptInString(node) : undefined;
    if (inner !== undefined) {
      for (const use of processIdentityUses(inner)) uses.push({ reason: use.reason, line: lineAt(offset) });
    }
    return undefined;
  });
  return uses;
}, 4096);

/** Anything that {@link processIdentityUses} could find, and more: it does not know quotes and comments. */
const MENTION = new RegExp(
  [
    String.raw`\$\\*\$|\$\{[!#]?\$|PPID`,
    String.raw`\bmonitor\b|\bset\b[^\n]*-[A-Za-z]*m|\b(?:fg|bg|jobs|kill)\b`,
    String.raw`\b(?:wait|disown)\b[^\n]*%|(?:^|[;&|({!]|\b(?:then|do|else|elif|if|while|until|time)\b)[ \t]*%`,
  ].join('|'),
  'm',
);

/**
 * Whether it is worth parsing: false only where {@link processIdentityUses} finds nothing (unless a script splits
 * such a word by quotes: `k"ill" 0`).
 */
export function mentionsProcessIdentity(source: string): boolean {
  return MENTION.test(source.includes('\\\n') ? source.replaceAll('\\\n', '') : source);
}

function reasonOfExpansion(node: SyntaxNode): string | undefined {
  let name: string | undefined;
  if (node.type === 'SimpleExpansion') name = node.text.slice(1);
  else if (node.type === 'ParameterExpansion') name = node.parameter;
  else if (node.type === 'ArithmeticWord') name = /^PPID$/.exec(node.value)?.[0];
  return name === '$' || name === 'PPID' ? `uses $${name}` : undefined;
}

function reasonOfCommand(command: Command): string | undefined {
  let [name = '', ...args] = wordsOf(command);
  while ((name === 'command' || name === 'builtin') && args.length > 0) [name = '', ...args] = args;
  if (name === 'set' && turnsOnMonitor(args)) return 'turns on job control (set -m)';
  if (name === 'shopt' && args.includes('monitor')) return 'turns on job control (shopt -o monitor)';
  if (name === 'fg' || name === 'bg' || name === 'jobs') return `uses job control (${name})`;
  if (name.startsWith('%')) return `uses job control (${name})`;
  const job = /^(?:.*\/)?(?:kill|wait|disown)$/.test(name) ? args.find((word) => word.startsWith('%')) : undefined;
  if (job !== undefined) return `uses job control (${name} ${job})`;
  const target = /^(?:.*\/)?kill$/.test(name) ? processGroupIn(args) : undefined;
  return target === undefined ? undefined : `signals a process group (kill ${target})`;
}

function turnsOnMonitor(args: readonly string[]): boolean {
  for (const [index, word] of args.entries()) {
    if (!/^[-+]./.test(word) || word === '--') return false;
    if (word.startsWith('-') && word.includes('m')) return true;
    if (word.endsWith('o') && args[index + 1] === 'monitor') return word.startsWith('-');
    if (word.endsWith('o') && turnsOnMonitor(args.slice(index + 2))) return true;
    if (word.endsWith('o')) return false;
  }
  return false;
}

/** The operand of kill that means a group: 0 or a negative number, after the signal (`-9`, `-s TERM`) and `--`. */
function processGroupIn(args: readonly string[]): string | undefined {
  const [first = ''] = args;
  if (/^-[lL]/.test(first)) return undefined;
  let operands = args;
  if (first === '-s' || first === '-n') operands = args.slice(2);
  else if (/^-./.test(first) && first !== '--') operands = args.slice(1);
  if (operands[0] === '--') operands = operands.slice(1);
  return operands.find((word) => word === '0' || word.startsWith('-'));
}
