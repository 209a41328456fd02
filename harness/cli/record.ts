import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { shellWords } from '../diagnostics/command-text.js';
import { fromHere } from '../diagnostics/place.js';
import { StrictError } from '../diagnostics/strict-error.js';
import type { KnownAnswer, Question } from '../learning/learn.js';
import { SCRIPT_SETS_VARIABLE } from '../shell/script-sets.js';
import { findScriptSets } from '../vitest/find-script-sets.js';
import type { Command } from './command.js';
import { parseOptions, type OptionSpec, type Options } from './options.js';
import { patternsWithout, projectRoot, vitestOf } from './project.js';
import { mainAdvice, refusalText } from './record-advice.js';
import { givenFiles, hostFile, scriptFile } from './record-files.js';
import { UsageError } from './usage-error.js';
import { writeWhole } from './write-whole.js';

const OPTIONS: readonly OptionSpec[] = [
  { name: 'out', short: 'o', value: 'FILE', help: 'where the spec is written; - prints it. Default: FUNCTION.spec.ts, or SCRIPT.spec.ts, beside the script; SCRIPT.FUNCTION.spec.ts where a function of another script has that' },
  { name: 'force', help: 'replaces the file if it is there' },
  { name: 'source', value: 'SCRIPT', repeats: true, help: 'a script to source first' },
  { name: 'stub', value: 'NAME[:CODE][=TEXT]', repeats: true, help: 'what a command is known to answer: its exit code, and a line that it prints' },
  { name: 'file', value: 'PATH=FILE', repeats: true, help: 'a file that is there, with the content of FILE, or all that is in the folder FILE; PATH/ alone is an empty directory' },
  { name: 'env', value: 'NAME=VALUE', repeats: true, help: 'an exported variable, while scripts are sourced and after' },
  { name: 'var', value: 'NAME=VALUE', repeats: true, help: 'a shell variable, set just before the call' },
  { name: 'time', value: 'DURATION', help: 'how long a run may take; default 10s' },
  { name: 'stdin', value: 'FILE', help: 'what is on standard input; nothing by default' },
];

/** `shellrig record`: runs a function or a script in the sandbox, and writes its first spec. */
export const record: Command = {
  usage: 'SCRIPT [FUNCTION [ARG]...] [OPTIONS] [-- ARG...]',
  options: OPTIONS,
  notes: `With FUNCTION, SCRIPT is sourced and its function called; without, SCRIPT runs as a whole. An ARG that begins with a dash
stands behind --. Nothing outside the sandbox is touched: commands that are neither tools nor known to be harmless print
nothing and succeed, and the spec has a placeholder \`_\` for each, where you say what it answers. The spec holds what was
found, which need not be right: read it. Exit code: 0 when the spec is written, 1 when the run cannot be recorded.`,

  async run(args) {
    const { question, options } = questionOf(args);
    const root = projectRoot(process.cwd());
    const sets = findScriptSets(root);
    const out = outFile(options.value('out'), question, root);
    if (out !== undefined && existsSync(out) && !options.has('force')) throw new UsageError(`record: ${relative(process.cwd(), out)} is there already: --force replaces it, --out FILE names another`);
    await vitestOf('record');
    process.env[SCRIPT_SETS_VARIABLE] = JSON.stringify(sets);
    // What it needs comes with vitest.
    const [{ learn, MissingArgument, UnknownFunction }, { specText }, { knownFunctions }, { closeSessions }, { summaryText }] = await Promise.all([
      import('../learning/learn.js'), import('../learning/spec-text.js'), import('../learning/known-functions.js'), import('../shell/session-pool.js'), import('../learning/summary-text.js'),
    ]);
    try {
      const learned = await learn(question);
      const known = knownFunctions(question, learned.needs.stubs);
      const text = specText(learned, {
        spec: out ?? defaultFile(question, root), known, commandLine: `shellrig record ${shellWords(toRepeat(args))}`,
        sets: Object.fromEntries(sets.map(({ name, directory }) => [name, directory])),
      });
      if (out === undefined) process.stdout.write(text);
      else writeWhole(out, text, options.has('force'));
      process.stderr.write(summaryText(learned, known, out));
      process.stderr.write(lateOptions(args) ?? '');
      const patterns = out === undefined ? undefined : await patternsWithout(root, out);
      if (patterns) process.stderr.write(`  the project does not look for specs there, but for ${patterns.join(', ')}: --out FILE writes it elsewhere\n`);
      return 0;
    } catch (error) {
      if (error instanceof UnknownFunction) throw new UsageError(`record: ${lowered(firstLine(error.message))}`);
      if (error instanceof MissingArgument && error.isSourcing) throw new UsageError(`record: ${fromHere(question.script)} reads $${error.position} while it is sourced, which gives it no arguments.\n${mainAdvice(fromHere(question.script)).join('\n')}`);
      if (error instanceof MissingArgument) throw new UsageError(`record: ${question.function ?? question.script} reads $${error.position}, which the command line does not give`);
      if (!isToldToTheReader(error)) throw error;
      process.stderr.write(`shellrig: record: the run cannot be recorded.\n${refusalText(error, fromHere(question.script))}`);
      return 1;
    } finally {
      closeSessions();
    }
  },
};

function questionOf(args: readonly string[]): { question: Question; options: Options } {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const options = parseOptions('record', OPTIONS, args.slice(0, end));
  const [script, name, ...words] = options.words;
  if (script === undefined) throw new UsageError('record: expected a script: shellrig record SCRIPT [FUNCTION [ARG]...]');
  const before = options.values('source');
  if (name === undefined && before.length > 0) throw new UsageError('record: --source is for functions: a script that runs as a whole sources what it needs');
  if (name === undefined && options.values('var').length > 0) throw new UsageError('record: --var is for functions: a script that runs as a whole has exported variables only, which --env gives');
  const stdin = options.value('stdin');
  const directories = options.values('file').filter((path) => isDirectory(path));
  return {
    options,
    question: {
      script: scriptFile(script), function: name, args: [...words, ...args.slice(end + 1)],
      before: before.map((path) => scriptFile(path)),
      files: {
        ...Object.fromEntries(directories.map((path) => [path.replace(/\/+$/, ''), undefined])),
        ...Object.assign({}, ...Object.entries(pairs(options, 'file', /^\/[^=]*[^=/]$/)).map(([path, host]) => givenFiles(path, host))) as Question['files'],
      },
      env: pairs(options, 'env', /^[A-Za-z_]\w*$/),
      vars: pairs(options, 'var', /^[A-Za-z_]\w*$/),
      time: duration(options.value('time')),
      answers: Object.fromEntries(options.values('stub').map(answer)),
      stdin: stdin === undefined ? undefined : readFileSync(hostFile(stdin, '--stdin')),
    },
  };
}

function duration(text: string | undefined): string | undefined {
  if (text !== undefined && !/^\d+(?:\.\d+)?(?:ms|s|m)$/.test(text)) throw new UsageError(`record: --time takes a number with ms, s or m, got '${text}'`);
  return text;
}

/** `blkid:2`, `blkid=/dev/sda1`. */
function answer(text: string): [string, KnownAnswer] {
  const [, name = '', code, line] = /^([^\s=:]+)(?::(\d+))?(?:=(.*))?$/s.exec(text) ?? [];
  if (name === '' || Number(code ?? 0) > 255) throw new UsageError(`record: --stub takes NAME[:CODE][=TEXT] with a CODE from 0 to 255, got '${text}'`);
  return [name, { stdout: line === undefined ? '' : `${line}\n`, exitCode: Number(code ?? 0) }];
}

/** A StrictError, or what shellrig says of scripts and machines; anything else is a bug. */
function isToldToTheReader(error: unknown): error is Error {
  return error instanceof StrictError || (error instanceof Error && error.constructor === Error && !error.message.startsWith('shellrig bug'));
}

function firstLine(text: string): string {
  return text.slice(0, `${text}\n`.indexOf('\n'));
}

function lowered(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}

/** Without what says where the spec goes. */
function toRepeat(args: readonly string[]): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  return args.filter((word, index) => index >= end || !(/^--(?:out(?:=.*)?|force)$|^-o/s.test(word) || ['--out', '-o'].includes(args[index - 1] ?? '')));
}

/** `/etc/app/`, of --file. */
function isDirectory(path: string): boolean {
  return /^\/[^=]*[^=/]\/+$/.test(path);
}

function pairs(options: Options, name: string, key: RegExp): Record<string, string> {
  const { value = '' } = OPTIONS.find((option) => option.name === name) ?? {};
  return Object.fromEntries(options.values(name).filter((text) => name !== 'file' || !isDirectory(text)).map((text) => {
    const at = text.indexOf('=');
    if (at < 1 || !key.test(text.slice(0, at))) throw new UsageError(`record: --${name} takes ${value}, got '${text}'${name === 'file' ? ': PATH is absolute, as the script sees it' : ''}`);
    return [text.slice(0, at), text.slice(at + 1)];
  }));
}

/** Words behind -- that this command would have understood before it. */
function lateOptions(args: readonly string[]): string | undefined {
  const late = args.includes('--') ? args.slice(args.indexOf('--') + 1).filter((word) => OPTIONS.some(({ name }) => word === `--${name}` || word.startsWith(`--${name}=`))) : [];
  return late.length === 0 ? undefined : `  ${late.join(', ')}: behind -- this is an argument of the script; what record is to take stands before --\n`;
}

function outFile(asked: string | undefined, question: Question, root: string): string | undefined {
  if (asked === '-') return undefined;
  const file = asked === undefined ? defaultFile(question, root) : resolve(asked);
  if (!existsSync(dirname(file))) throw new UsageError(`record: there is no folder ${relative(process.cwd(), dirname(file))} to write ${asked ?? file} in`);
  if (existsSync(file) && statSync(file).isDirectory()) throw new UsageError(`record: ${relative(process.cwd(), file)} is a folder: --out ${relative(process.cwd(), resolve(file, `${stemOf(question)}.spec.ts`))} names a file in it`);
  return file;
}

/**
 * Beside the script or, where that is not the project's, here; with the script's name too where a function of another
 * script has the file.
 */
function defaultFile({ script, function: name }: Question, root: string): string {
  const isOwn = script.startsWith(`${root}/`) && !script.includes('/node_modules/');
  const place = (stem: string) => resolve(isOwn ? dirname(script) : process.cwd(), `${stem}.spec.ts`);
  const file = place(stemOf({ script, function: name }));
  const isOfAnother = name !== undefined && existsSync(file) && statSync(file).isFile() && ![`/${basename(script)}'`, `/${basename(script)}"`].some((end) => readFileSync(file, 'utf8').includes(end));
  return isOfAnother ? place(`${stemOf({ script, function: undefined })}.${stemOf({ script, function: name })}`) : file;
}

function stemOf({ script, function: name }: Pick<Question, 'script' | 'function'>): string {
  return (name ?? basename(script).replace(/\.(?:sh|bash)$/, '')).replace(/[^\w.-]+/g, '-');
}
