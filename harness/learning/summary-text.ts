import { readFileSync } from 'node:fs';
import { DEFAULT_START } from '../clock/clock.js';
import { shortened } from '../diagnostics/command-text.js';
import { fromHere } from '../diagnostics/place.js';
import { stableText } from '../diagnostics/stable-text.js';
import type { Run } from '../shell/run.js';
import { functionsOf } from '../syntax/functions.js';
import { parseScript } from '../syntax/parse.js';
import type { Learned } from './learn.js';
import { missingFiles, type MissingFile } from './missing-files.js';
import { missingPrograms } from './missing-programs.js';
import { unsetVariables } from './unset-variables.js';
import { wantedInput } from './wanted-input.js';

/** Characters of what a failing run said. */
const LONGEST_REASON = 120;

/** Functions that a line has room for. */
const MOST_FUNCTIONS = 12;

/**
 * What a recording says to the person who asked for it, a line each: what is to be filled in, and what would tell more.
 * @param known commands that are functions of scripts which are not sourced, to those scripts.
 * @param out where the spec was written; undefined where it was printed.
 */
export function summaryText(learned: Learned, known: ReadonlyMap<string, string>, out: string | undefined): string {
  const { needs, run, host } = learned;
  const told = [...host.tools, ...host.files];
  const open = [...needs.stubs, ...needs.environment, ...needs.variables];
  const unset = unsetVariables(learned);
  const input = wantedInput(learned);
  const probed = missingPrograms(learned);
  const lines = [
    `${out === undefined ? 'recorded' : `wrote ${fromHere(out)}`}: exit code ${run.record.exitCode}${reason(run)}, ${counted(run.allCalls.length, 'call')}, ${counted(run.record.changes.size, 'change')}`,
    open.length === 0 ? 'nothing is to be filled in: read it, and name what it says' : `to fill in: ${open.join(', ')}`,
    ...onlyDefines(learned),
    ...[...needs.tools].map((name) => `the real ${name} did its work; a stub in its place would record its calls`),
    ...[...known].map(([name, path]) => `${name} is a function of ${fromHere(path)}: --source ${fromHere(path)} has it do its work`),
    ...(unset.length === 0 ? [] : [`read, and set nowhere: ${unset.join(', ')}; --var NAME=VALUE sets one`]),
    ...(told.length === 0 ? [] : [`read of this machine or this moment: ${told.join(', ')}; what it made of them may be other elsewhere${host.tools.length === 0 ? '' : `: --stub ${host.tools[0]}=TEXT says what is answered`}`]),
    ...(probed.length === 0 ? [] : [`${run.record.steps.length === 0 ? 'might look for' : 'looked for'}, and not there: ${probed.join(', ')}; --stub NAME has one be there`]),
    ...(input === undefined ? [] : [`there was nothing on standard input, which ${input} reads: --stdin FILE gives it`]),
    ...missingFiles(learned).map(missingText),
  ];
  return lines.map((line, index) => `${index === 0 ? 'shellrig: ' : '  '}${line}\n`).join('');
}

/** The last that a failing run said on standard error. */
function reason({ record, stderr }: Run): string {
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  return record.exitCode === 0 || last === '' ? '' : ` (${stableText(shortened(last, LONGEST_REASON), DEFAULT_START * 1000)})`;
}

function missingText({ path, site, writer }: MissingFile): string {
  if (writer !== undefined) return `${path} was not there; if ${writer} makes it, its stub has to: writes({ '${path}': '...' })`;
  return `${path} was not there${site === undefined ? '' : `, which ${site} sources`}: --file ${path}${path.endsWith('/') ? '' : '=FILE'} gives it`;
}

/** Who runs a library as a whole meant one of its functions. */
function onlyDefines({ question, run }: Learned): string[] {
  const { changes, calls, stdout, stderr } = run.record;
  if (question.function !== undefined || changes.size + calls.length + stdout.length + stderr.length > 0) return [];
  const source = readFileSync(question.script, 'utf8');
  if (parseScript(source).commands.some(({ command }) => command.type !== 'Function' && !(command.type === 'Command' && command.name === undefined))) return [];
  const names = [...new Set(functionsOf(source).map(({ name }) => name))];
  if (names.length === 0) return [];
  return [`it only defines functions: ${names.slice(0, MOST_FUNCTIONS).join(', ')}${names.length > MOST_FUNCTIONS ? ' …' : ''}; name the one that is to be called`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
