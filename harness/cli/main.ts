#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { didYouMean } from '../diagnostics/suggest.js';
import { PluginError } from '../vitest/plugin-error.js';
import { commandHelp, mainHelp } from './help.js';
import { COMMANDS, type CommandEntry } from './commands.js';
import { UsageError } from './usage-error.js';

// Where nothing is left to wait for, Node leaves in the middle of an await: that is no success.
let ended = false;
process.once('exit', () => {
  if (!ended) process.exitCode ??= 1;
});
process.exitCode = await main(process.argv.slice(2));
ended = true;

/** @returns the exit code: 0 for success, 1 for what failed, 2 for a command line that cannot be meant. */
async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof PluginError)) throw error;
    process.stderr.write(`shellrig: ${error.message}\n`);
    return 2;
  }
}

async function dispatch([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) throw new UsageError(`expected a command: ${Object.keys(COMMANDS).join(', ')}. \`shellrig --help\` tells of each`);
  if (name === '--version') return print(version(args));
  if (['help', '--help', '-h'].includes(name)) return print(await help(name, args));
  const entry = entryOf(name);
  const command = await entry.load();
  // What follows `--` is the command's own.
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (own.includes('--help') || own.includes('-h')) return print(commandHelp(name, entry.summary, command));
  return command.run(args);
}

/** The text of `shellrig help [COMMAND]`. */
async function help(word: string, [name, ...more]: readonly string[]): Promise<string> {
  if (name === undefined) return mainHelp(COMMANDS);
  if (more.length > 0) throw new UsageError(`${word} takes one command, got '${[name, ...more].join(' ')}'`);
  const entry = entryOf(name);
  return commandHelp(name, entry.summary, await entry.load());
}

function entryOf(name: string): CommandEntry {
  const entry = Object.entries(COMMANDS).find(([known]) => known === name)?.[1];
  if (entry) return entry;
  const [kind, known] = name.startsWith('-') ? ['option', ['--help', '--version']] as const : ['command', [...Object.keys(COMMANDS), 'help']] as const;
  throw new UsageError(`there is no ${kind} '${name}'.${didYouMean(name, known) || ' `shellrig --help` lists them'}`);
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function version(args: readonly string[]): string {
  if (args.length > 0) throw new UsageError(`--version takes no arguments, got '${args.join(' ')}'`);
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}
