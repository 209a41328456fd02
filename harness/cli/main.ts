#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { didYouMean } from '../diagnostics/suggest.js';
import { PluginError } from '../vitest/plugin-error.js';
import { commandHelp, mainHelp } from './help.js';
import { COMMANDS } from './commands.js';
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
  if (name === '--version') return print(version());
  if (name === '--help' || name === '-h') return print(mainHelp(COMMANDS));
  const entry = Object.entries(COMMANDS).find(([known]) => known === name)?.[1];
  if (!entry) {
    const kind = name.startsWith('-') ? 'option' : 'command';
    throw new UsageError(`there is no ${kind} '${name}'.${didYouMean(name, kind === 'option' ? ['--help', '--version'] : Object.keys(COMMANDS)) || ' `shellrig --help` lists them'}`);
  }
  const command = await entry.load();
  // What follows `--` is the command's own.
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (own.includes('--help') || own.includes('-h')) return print(commandHelp(name, entry.summary, command));
  return command.run(args);
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}
