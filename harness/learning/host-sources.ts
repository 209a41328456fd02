import { existsSync, readFileSync } from 'node:fs';
import type { Command, Redirect } from 'unbash';
import type { RunRecord } from '../shell/run.js';
import { functionsOf } from '../syntax/functions.js';
import { linesOf } from '../syntax/lines.js';
import { parseScript, walk } from '../syntax/parse.js';
import { wordsOf } from '../syntax/words.js';
import type { Question } from './learn.js';

/** Tools that tell of the machine or of the moment; `date` apart, whose answers are times. */
const TELLING_TOOLS = new Set(['arch', 'df', 'nproc', 'uname']);

/** Where a run read of the machine that it ran on, and of the moment. */
export interface HostSources {
  /** Files of /proc that this machine has, in the order in which they stand. */
  readonly files: readonly string[];
  /** Tools, likewise. */
  readonly tools: readonly string[];
  /** Formats of `date` and `printf`: `%Y`; with the words of `date --date` before a blank line: `tomorrow\n\n%F`. */
  readonly formats: readonly string[];
  /** Whether it asked a program or bash for its version. */
  readonly asksVersions: boolean;
  /** Whether it looked for the machine's architecture. */
  readonly asksMachine: boolean;
}

/**
 * What the commands that a run executed, and those at the top level of what was sourced, say that they read. Of a
 * script that tells of no steps (dash) everything counts.
 */
export function hostSources(question: Pick<Question, 'script' | 'before'>, { steps, context }: RunRecord): HostSources {
  const lines = new Map<string, Set<number>>([question.script, ...question.before].map((host) => [host, new Set()]));
  for (const { file, line } of steps) {
    const host = context.hostPaths.get(file);
    if (host !== undefined) lines.set(host, (lines.get(host) ?? new Set()).add(line));
  }
  const [files, tools, formats] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let [asksVersions, asksMachine] = [false, false];
  for (const [host, executed] of lines) for (const { text, words } of executedParts(readFileSync(host, 'utf8'), executed)) {
    for (const [path] of text.matchAll(/\/proc\/(?!self\b|thread-self\b)[a-z][\w/]*\w/g)) files.add(path);
    for (const [, format = ''] of text.matchAll(/%\(([^)$]+)\)T/g)) formats.add(format);
    const name = commandOf(words, context.toolNames);
    if (name === 'date') for (const format of dateFormats(words)) formats.add(format);
    if (TELLING_TOOLS.has(name ?? '') && context.toolNames.has(name ?? '') && !context.stubNames.has(name ?? '')) tools.add(name ?? '');
    asksVersions ||= (name !== undefined && words.includes('--version')) || /\$\{?BASH_VERS/.test(text);
    asksMachine ||= ['arch', 'uname'].includes(name ?? '') || /\$\{?(?:HOST|MACH)TYPE\b/.test(text) || words.includes('--version');
  }
  return { files: [...files].filter((path) => existsSync(path)), tools: [...tools], formats: [...formats], asksVersions, asksMachine };
}

/** The tool that a command runs, also behind `env LC_ALL=C`, `command` or `timeout 5`. */
function commandOf(words: readonly string[], tools: ReadonlySet<string>): string | undefined {
  const names = words.map((word) => word.replace(/^\/(?:usr\/)?s?bin\//, ''));
  const isPrefix = ['command', 'env', 'nice', 'timeout', 'xargs'].includes(names[0] ?? '');
  return isPrefix ? names.slice(1).find((name) => tools.has(name)) : names[0];
}

/** What `date` is asked to write; the common parts of a date where that stands in a variable. */
function dateFormats(words: readonly string[]): string[] {
  const format = words.find((word) => word.startsWith('+'))?.slice(1);
  const at = words.findIndex((word) => /^(?:-d|--date$)/.test(word));
  const day = words.find((word) => word.startsWith('--date='))?.slice(7) ?? (at < 0 ? '' : words[at]!.replace(/^-d|^--date/, '') || (words[at + 1] ?? ''));
  if (/[$`]/.test(day)) return [];
  if (format === undefined) return [];
  return (/[$`]/.test(format) ? ['%Y', '%m', '%d', '%H', '%M', '%j'] : [format]).map((one) => (day === '' ? one : `${day}\n\n${one}`));
}

interface Part {
  readonly text: string;
  /** Of a command; of a redirection none. */
  readonly words: readonly string[];
}

function executedParts(source: string, executed: ReadonlySet<number>): Part[] {
  const lineAt = linesOf(source);
  const functions = functionsOf(source);
  const isInside = (line: number) => functions.findLast((one) => one.line <= line && line <= one.endLine);
  const counts = (line: number) => executed.size === 0 || executed.has(line) || isInside(line) === undefined;
  const regions = new Set(functions.filter(({ line, endLine }) => [...executed].some((one) => line <= one && one <= endLine)));
  const parts: Part[] = [];
  walk(parseScript(source), (node, offset) => {
    const line = lineAt(offset);
    if (node.type === 'Command' && counts(line)) parts.push({ text: textOf(node, source), words: wordsOf(node) });
    // Bash tells of no step where a loop's redirection stands.
    const region = isInside(line);
    if (node.type === 'Redirect' && (counts(line) || (region !== undefined && regions.has(region)))) parts.push({ text: textOf(node, source), words: [] });
    return undefined;
  });
  return parts;
}

function textOf(node: Command | Redirect, source: string): string {
  return source.slice(node.pos, node.end);
}
