import type { RunRecord } from '../shell/run.js';
import type { Site } from '../stubs/call.js';
import { scriptLines } from './script-text.js';

/**
 * Where a run ended, innermost first: the last place that it executed, without what an EXIT trap did after that. bash
 * gives a function that a trap calls a frame above the place at which the trap came, as if that had called it.
 */
export function endedAt(record: RunRecord): readonly Site[] {
  const { lastStack, context, after } = record;
  const lines = (file: string) => scriptLines(file, context.hostPaths, after) ?? [];
  const at = lastStack.findLastIndex((site, index) => {
    const callee = lastStack[index - 1];
    return callee !== undefined && isTrap(callee, lines(callee.file)) && !names(lines(site.file)[site.line - 1] ?? '', callee.function) && !endsItself(lastStack, index, lines);
  });
  return lastStack.slice(Math.max(at, 0));
}

/** Steps that a shell may take between the end of a subshell and its own, to end with the same code: `return`, the head of a loop, an EXIT trap. */
const FEW = 8;

/**
 * The `exit` of a subshell that a run's exit code came from: of `f() ( ... )`, of `$(f)`, of a pipeline. Told from the
 * steps alone: the shell went on with that code, and not for long.
 */
export function subshellEndedAt({ steps, exitCode, context, after }: RunRecord): Site | undefined {
  const main = steps[0]?.pid;
  const at = steps.findLastIndex(({ pid, file, line }) => pid !== main && names(scriptLines(file, context.hostPaths, after)?.[line - 1] ?? '', 'exit'));
  const then = steps.slice(at + 1).filter(({ pid }) => pid === main);
  if (at < 0 || exitCode === 0 || then.length > FEW) return undefined;
  return then.length === 0 || then[0]?.previousStatus === exitCode ? steps[at] : undefined;
}

/** Whether a script has a function called when it ends. */
function isTrap(callee: Site, lines: readonly string[]): boolean {
  return callee.function !== 'main' && lines.some((line) => /\btrap\b.*\b(EXIT|0)\b/.test(line) && names(line, callee.function));
}

/** A trap that exits is where the exit code comes from. */
function endsItself(stack: readonly Site[], index: number, lines: (file: string) => readonly string[]): boolean {
  return stack.slice(0, index).some((site) => names(lines(site.file)[site.line - 1] ?? '', 'exit'));
}

function names(line: string, word: string): boolean {
  return line.split(/[^\w:.@+-]+/).includes(word);
}
