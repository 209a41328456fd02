import { expect } from 'vitest';
import { defineShell } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import { SCRIPTS } from './scripts.js';

const shell = defineShell({ source: [helpers] });

/** A unit file of systemd: the values of its settings in their order, by `Section.Setting`. */
export type Unit = Readonly<Record<string, readonly string[]>>;

/** A program and its arguments. */
export type Argv = readonly [string, ...string[]];

/** The text of a unit file that lies beside the node's scripts, whichever these are: so it is read where they are. */
export async function unitText(name: string): Promise<string> {
  const run = await shell.call('cat', `${SCRIPTS}/${name}`);
  expect(run).toSucceed();
  return run.stdout;
}

/** Reads a unit file by the rules of systemd.syntax(7), as far as units here use them. @throws Error for a line that is no setting. */
export function parseUnit(text: string): Unit {
  const unit: Record<string, string[]> = {};
  let section = '';
  for (const line of text.replaceAll(/\\\n\s*/g, ' ').split('\n')) {
    const [, header, setting = '', value = ''] = /^(?:\[(\w+)\]|([A-Za-z]+)=(.*))$/.exec(line) ?? [];
    if (header) section = header;
    else if (setting) (unit[`${section}.${setting}`] ??= []).push(value.trim());
    else if (line !== '' && !line.startsWith('#')) throw new Error(`not a line of a unit file: ${line}`);
  }
  return unit;
}

/**
 * The program and arguments of a command line in a unit, by the rules of systemd.service(5): quotes hold words together,
 * `$$` is a dollar sign, and so is a `$` inside of a word that no brace follows.
 *
 * @throws Error for what stands for something else: variables of the unit, specifiers, escapes, prefixes
 */
export function argvOf(commandLine: string): Argv {
  const words = [...commandLine.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain = '']) => single ?? double ?? plain);
  if (/[%\\]|\$\{/.test(commandLine) || /^[-@:+!|]/.test(commandLine) || words.some((word) => /^\$\w/.test(word))) {
    throw new Error(`systemd would put something else in its place: ${commandLine}`);
  }
  const [program = '', ...others] = words.map((word) => word.replaceAll('$$', '$'));
  return [program, ...others];
}
