import { readFileSync } from 'node:fs';
import { fromHere } from '../diagnostics/place.js';
import { functionsOf, type FunctionDefinition } from '../syntax/functions.js';
import { linesOf } from '../syntax/lines.js';
import { parseScript, walk } from '../syntax/parse.js';
import { wordsOf } from '../syntax/words.js';

/** Lines of `return` that are named. */
const MOST = 3;

/**
 * Why a shell does not have a function although a script that it sourced defines it.
 * @param scripts paths on the host of the sourced scripts.
 * @returns half a sentence; undefined where no script defines it.
 */
export function whyUndefined(name: string, scripts: readonly string[]): string | undefined {
  for (const script of scripts) {
    const source = readFileSync(script, 'utf8');
    const definition = functionsOf(source).find((one) => one.name === name);
    if (definition) return `${fromHere(script)}:${definition.line} defines it, ${whyNotReached(definition, source)}`;
  }
  return undefined;
}

function whyNotReached({ name, line }: FunctionDefinition, source: string): string {
  const outer = functionsOf(source).find((one) => one.line <= line && line <= one.endLine && one.name !== name);
  if (outer) return `inside ${outer.name}, which nothing had called`;
  const ends = endsBefore(line, source);
  if (ends.length > 0) return `but the script may have returned before that, at line ${ends.slice(0, MOST).join(', ')}${ends.length > MOST ? ' …' : ''}`;
  const isPlain = parseScript(source).commands.some(({ command }) => command.type === 'Function' && command.name.value === name);
  return isPlain ? 'but it was not there when it was called: a script may have unset it' : 'but only under a condition, or in a shell of its own';
}

/** Lines before another on which the script itself, and none of its functions, may return. */
function endsBefore(line: number, source: string): number[] {
  const lineAt = linesOf(source);
  const found: number[] = [];
  walk(parseScript(source), (node, offset) => {
    if (node.type === 'Command' && wordsOf(node)[0] === 'return' && lineAt(offset) < line) found.push(lineAt(offset));
    return node.type !== 'Function';
  });
  return found;
}
