import { readFileSync } from 'node:fs';
import type { Command, SyntaxNode } from 'unbash';
import type { Step } from '../shell/run.js';
import { linesOf } from '../syntax/lines.js';
import { parseScript, walk } from '../syntax/parse.js';
import { wordsOf } from '../syntax/words.js';
import type { Learned } from './learn.js';

/** Builtins and programs whose arguments are names of commands to look for. */
const PROBES = new Set(['command', 'hash', 'type', 'which']);

/**
 * Programs that a run looked for, or might have, (`command -v x`, `[ -x /usr/bin/x ]`) and that are not in the sandbox: a script that
 * does without them has done something else than it would on a machine that has them.
 */
export function missingPrograms({ run, question }: Learned): readonly string[] {
  const { context, steps, before } = run.record;
  const there = new Set([...context.toolNames, ...context.stubNames, ...Object.keys(question.answers)]);
  const isThere = (name: string) => (name.startsWith('/') ? before.has(name) || there.has(name) || there.has(name.slice(name.lastIndexOf('/') + 1)) : there.has(name));
  const files = executedFiles(steps).flatMap(({ file, lines }) => {
    const host = context.hostPaths.get(file);
    return host === undefined ? [] : [{ host, isExecuted: (line: number) => lines.has(line) }];
  });
  // A script of dash tells of no steps, so all that it could come by counts.
  if (!files.some(({ host }) => host === question.script)) files.push({ host: question.script, isExecuted: () => true });
  const names = files.flatMap(({ host, isExecuted }) => probesIn(readFileSync(host, 'utf8')).filter(({ line }) => isExecuted(line)).map(({ name }) => name));
  return [...new Set(names)].filter((name) => !isThere(name));
}

function executedFiles(steps: readonly Step[]): { file: string; lines: ReadonlySet<number> }[] {
  return [...new Set(steps.map(({ file }) => file))].map((file) => ({ file, lines: new Set(steps.filter((step) => step.file === file).map(({ line }) => line)) }));
}

function probesIn(source: string): { name: string; line: number }[] {
  const found: { name: string; line: number }[] = [];
  const lineAt = linesOf(source);
  walk(parseScript(source), (node: SyntaxNode, offset) => {
    if (node.type === 'Command') for (const name of namesProbed(node)) found.push({ name, line: lineAt(offset) });
    return undefined;
  });
  return found;
}

function namesProbed(command: Command): string[] {
  const [name = '', ...words] = wordsOf(command);
  if (name === '[' || name === 'test') return words.filter((word, index) => words[index - 1] === '-x' && /^\/[\w./+-]+$/.test(word));
  if (!PROBES.has(name) || (name === 'command' && !/^-[vV]$/.test(words[0] ?? ''))) return [];
  return words.filter((word) => /^[\w.+][\w.+-]*$/.test(word));
}
