import { notRecorded } from '../diagnostics/strict-messages.js';
import type { Tree } from '../tree/entry.js';
import { BASH_SIDE } from '../sandbox/places.js';
import type { RunRecord } from './run.js';

/** @throws StrictError `not-recorded` when calls of this name leave no record, or others than those recorded were made: no answer about them is true. */
export function requireRecorded(name: string, record: RunRecord): void {
  const { stubNames, toolNames } = record.context;
  if (!stubNames.has(name)) throw notRecorded(name, toolNames.has(name) ? 'tool' : 'undeclared', stubNames);
  const instead = name.startsWith('/') || record.calls.some((call) => call.name === name) ? undefined : metInstead(name, record);
  if (instead) throw notRecorded(name, { metInstead: instead }, stubNames);
}

/** A file that a script meets by a name that is stubbed: bash executed it, or it was given where PATH looks before it does for stubs. */
function metInstead(name: string, { before, steps }: RunRecord): string | undefined {
  const executed = steps.find(({ file }) => file.endsWith(`/${name}`))?.file;
  return executed ?? BEFORE_STUBS.map((directory) => `${directory}/${name}`).find((path) => isProgram(path, before));
}

/** What stands in the default PATH before the directories in which stubs lie. */
const BEFORE_STUBS = ['/usr/local/sbin', '/usr/local/bin'];

function isProgram(path: string, tree: Tree): boolean {
  const entry = tree.get(path);
  return entry?.kind === 'symlink' || (entry?.kind === 'file' && (entry.mode & 0o111) !== 0 && !isStub(path, tree));
}

/** Whether what lies there is the executable form of a stub. */
export function isStub(path: string, tree: Tree): boolean {
  const entry = tree.get(path);
  return entry?.kind === 'file' && entry.content.toString('latin1', 0, 2) === '#!' && entry.content.includes(`${BASH_SIDE}/stub `);
}
