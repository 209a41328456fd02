import type { Command } from './command.js';
import type { CommandEntry } from './commands.js';
import type { OptionSpec } from './options.js';

/** The text of `shellrig --help`. */
export function mainHelp(commands: Readonly<Record<string, CommandEntry>>): string {
  const rows = Object.entries(commands).map(([name, { summary }]): [string, string] => [name, summary]);
  return [
    'shellrig: tests shell scripts for what they do',
    '',
    'Usage: shellrig COMMAND [ARGUMENTS]',
    '',
    'Commands:',
    ...table(rows),
    '',
    'Options:',
    ...table([['--help, -h', 'this text, or that of a command: shellrig COMMAND --help'], ['--version', 'the version of shellrig']]),
    '',
    'Exit code: 0 success, 1 something failed, 2 the command line cannot be meant.',
  ].join('\n');
}

/** The text of `shellrig COMMAND --help`. */
export function commandHelp(name: string, summary: string, { usage, options, notes }: Command): string {
  const rows = [...options.map((option): [string, string] => [optionText(option), option.help]), ['--help, -h', 'this text'] as [string, string]];
  return [
    `shellrig ${name}: ${summary}`,
    '',
    `Usage: shellrig ${[name, usage].filter(Boolean).join(' ')}`,
    '',
    'Options:',
    ...table(rows),
    ...(notes === '' ? [] : ['', notes]),
  ].join('\n');
}

function optionText({ name, short, value, repeats }: OptionSpec): string {
  const names = short === undefined ? `--${name}` : `--${name}, -${short}`;
  return `${names}${value === undefined ? '' : ` ${value}`}${repeats === true ? ' ...' : ''}`;
}

function table(rows: readonly [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
