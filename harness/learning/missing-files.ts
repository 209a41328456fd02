import { readFileSync } from 'node:fs';
import { fromHere } from '../diagnostics/place.js';
import { parseScript, walk } from '../syntax/parse.js';
import { linesOf } from '../syntax/lines.js';
import { literalOf } from '../syntax/words.js';
import { canonicalPath } from '../tree/specs.js';
import type { Learned } from './learn.js';

/** A file that a run looked for and did not find. */
export interface MissingFile {
  /** Absolute path in the sandbox. */
  readonly path: string;
  /** Where a script sources it: `lib.sh:3`; undefined where a program complained. */
  readonly site: string | undefined;
  /** The stub that was called with its name: the command might have written it. */
  readonly writer: string | undefined;
}

/** Files that were looked for and were not there: what scripts source by a fixed path, and what programs complained of. */
export function missingFiles({ question, run, again }: Learned): MissingFile[] {
  const { before, context, steps } = run.record;
  const found = new Map<string, MissingFile>();
  for (const script of [...question.before, question.script]) {
    const executed = new Set(steps.filter(({ file }) => context.hostPaths.get(file) === script).map(({ line }) => line));
    for (const { path, line, isSure } of sourcedPaths(readFileSync(script, 'utf8'))) {
      if ((isSure || executed.has(line)) && !before.has(canonicalPath(path, before)) && !found.has(path)) found.set(path, { path, site: `${fromHere(script)}:${line}`, writer: undefined });
    }
  }
  // As the C library words it, with the quotes of coreutils.
  for (const [complaint, folder, named = folder ?? ''] of run.stderr.matchAll(/^.*?(?:cd: can't cd to (\/\S+)|[ :'‘"](\/[^\s:'’"*?]+)['’"]?: No such file or directory)$/gm)) {
    // What cannot be made lacks the folder that it was to lie in.
    const isFolder = folder !== undefined || /(?:cannot|failed to) (?:create|touch)/.test(complaint);
    const file = folder === undefined && isFolder && named.lastIndexOf('/') > 0 ? named.slice(0, named.lastIndexOf('/')) : named;
    // What has another name in every run cannot be given.
    if (!found.has(file) && again.stderr.includes(file)) found.set(file, { path: isFolder ? `${file}/` : file, site: undefined, writer: run.allCalls.find(({ args }) => args.some((word) => word.endsWith(file)))?.name });
  }
  return [...found.values()];
}

/** `isSure`: whoever sources or runs the script comes by there. */
function sourcedPaths(source: string): { path: string; line: number; isSure: boolean }[] {
  const { commands } = parseScript(source);
  const paths: { path: string; line: number; isSure: boolean }[] = [];
  const lineAt = linesOf(source);
  walk(parseScript(source), (node, offset) => {
    if (node.type === 'Command' && node.name !== undefined && ['.', 'source'].includes(node.name.value)) {
      const [word] = node.args;
      const path = word?.type === 'Word' ? literalOf(word) : undefined;
      if (path?.startsWith('/') === true) paths.push({ path, line: lineAt(offset), isSure: commands.some(({ command }) => command === node) });
    }
    return undefined;
  });
  return paths;
}
