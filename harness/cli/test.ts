import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from './command.js';
import { parseOptions, type OptionSpec, type Options } from './options.js';
import { projectRoot } from './project.js';
import { runSpecs } from './run-specs.js';
import { UsageError } from './usage-error.js';
import { findScriptSets } from '../vitest/find-script-sets.js';

const OPTIONS: readonly OptionSpec[] = [
  { name: 'test-name', short: 't', value: 'PATTERN', help: 'only tests whose full name (suites and test, joined by blanks) matches' },
  { name: 'scripts', value: 'NAME=DIR', repeats: true, help: 'uses the scripts in DIR for the script set NAME' },
  { name: 'watch', help: 'runs what a change concerns, again and again' },
  { name: 'trace', help: 'prints everything that each run executes' },
  { name: 'sweeps', help: "runs the vitest project named 'sweeps' too" },
  { name: 'value', value: 'VALUE', help: 'tries this one value of the sweep that -t names, as its failure has it' },
  { name: 'seed', value: 'N', help: 'draws what sweeps try a sample of by another number' },
  { name: 'most', value: 'N', help: 'has sweeps that try some of what there is try N of it' },
  { name: 'known-defects', value: 'FILE', help: 'a failure of a spec that carries an id of FILE does not fail the run' },
  { name: 'unasserted', help: 'lists what the runs did and no expectation covered, a test each' },
  { name: 'bail', value: 'N', help: 'stops after N failures' },
];

/** `shellrig test`: runs the specs of a project with the vitest and the configuration that it has. */
export const test: Command = {
  usage: '[FILTER]... [OPTIONS]',
  options: OPTIONS,
  notes: `A FILTER is a part of a spec file's path. Without one, all specs run: those of the vitest project named 'specs' where there
is one, else all. Script sets are the entries of "imports" in package.json that name a folder of scripts:
"#node/*": "./scripts/node/*" is the set 'node'. FILE of --known-defects holds an id a line; # begins a comment.`,

  async run(args) {
    const options = parseOptions('test', OPTIONS, args);
    const root = projectRoot(process.cwd());
    const scripts = replacements(options);
    findScriptSets(root, scripts);
    return runSpecs(root, {
      filters: options.words,
      namePattern: pattern(options.value('test-name')),
      scripts,
      watch: options.has('watch'),
      trace: options.has('trace'),
      knownDefects: knownDefects(options.value('known-defects')),
      unasserted: unasserted(options),
      sweeps: options.has('sweeps'),
      value: sweepValue(options),
      seed: seed(options.value('seed')),
      most: fromOne('most', options),
      bail: fromOne('bail', options),
    });
  },
};

function replacements(options: Options): Record<string, string> {
  const scripts: Record<string, string> = {};
  for (const text of options.values('scripts')) {
    const [, name, directory] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (name === undefined || directory === undefined) throw new UsageError(`test: --scripts takes NAME=DIR, got '${text}'`);
    if (name in scripts) throw new UsageError(`test: --scripts names the set '${name}' twice`);
    scripts[name] = resolve(directory);
  }
  return scripts;
}

/** vitest takes a pattern; what it could not make one of is refused here, in one line. */
function pattern(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : new RegExp(text).source;
  } catch {
    throw new UsageError(`test: --test-name takes a regular expression; '${text}' is none`);
  }
}

function knownDefects(file: string | undefined): readonly string[] | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').split('\n').map((line) => line.replace(/#.*/, '').trim()).filter((id) => id !== '');
  } catch (error) {
    throw new UsageError(`test: --known-defects cannot be read: ${(error as Error).message}`);
  }
}

function unasserted(options: Options): boolean {
  if (options.has('unasserted') && options.has('watch')) throw new UsageError('test: --unasserted tells of a whole run at its end, which --watch has not: give one of them');
  return options.has('unasserted');
}

/** Sweeps have values of the same names, and what one has another lacks. */
function sweepValue(options: Options): string | undefined {
  const value = options.value('value');
  if (value !== undefined && !options.has('test-name')) throw new UsageError(`test: --value names a value of one sweep: add the sweep, -t 'SUITE NAME$', as the command has it that its failure gives`);
  return value;
}

function seed(text: string | undefined): string | undefined {
  if (text !== undefined && !/^\d{1,9}$/.test(text)) throw new UsageError(`test: --seed takes a whole number, got '${text}'`);
  return text;
}

function fromOne(name: string, options: Options): number | undefined {
  const text = options.value(name);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`test: --${name} takes a whole number from 1, got '${text}'`);
  return Number(text);
}
