import type { RunContext } from '../shell/run.js';
import { literalPattern } from './literal-pattern.js';
import { fromHere, scriptPath, type HostPaths } from './place.js';

/** What was asked of a shell. `defineShell` stands for the sourcing of its scripts, before any run. */
export interface Asked {
  readonly verb: RunContext['verb'] | 'defineShell';
  /** The words after the verb; for `defineShell` the scripts it sources. */
  readonly command: readonly string[];
  readonly hostPaths: HostPaths;
}

/** The command as the spec wrote it: `.call('retry', '3')`. Script paths are shown relative to the working directory. */
export function commandText(asked: Asked): string {
  const onHost = new Set(asked.hostPaths.values());
  const words = asked.command.map((word) => {
    const path = onHost.has(word) ? fromHere(word) : scriptPath(word, asked.hostPaths);
    return quoted(shortened(path, 200));
  });
  return asked.verb === 'defineShell' ? `defineShell({ source: [${words.join(', ')}] })` : `.${asked.verb}(${words.join(', ')})`;
}

/**
 * The command line that repeats one example and prints everything it executed.
 * The name is a pattern to vitest, so its special characters are escaped and its end is anchored:
 * "fails" must not also run "fails twice".
 */
export function repeatText(test: NonNullable<RunContext['test']>): string {
  return `npx shellrig test ${shellWord(fromHere(test.file))} -t ${singleQuoted(`${literalPattern(test.name)}$`)}${test.value === undefined ? '' : ` --value ${shellWord(test.value)}`} --trace`;
}

/** Words as a shell would have to be given them, so that argument boundaries show. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** One word, quoted only where a shell needs it; control characters as `$'\n'`. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./^~-]+$/.test(word)) return word;
  if (/[\x00-\x1f\x7f]/.test(word)) return `$'${word.replace(/[\\']/g, '\\$&').replace(/[\x00-\x1f\x7f]/g, escapedControl)}'`;
  return singleQuoted(word);
}

/** A string as TypeScript would write it in single quotes. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/[\x00-\x1f\x7f]/g, escapedControl)}'`;
}

/** The text, or its beginning and how much was left out. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function escapedControl(character: string): string {
  const named: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };
  return named[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
