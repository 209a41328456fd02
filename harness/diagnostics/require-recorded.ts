import type { RunRecord } from '../shell/run.js';
import { notRecorded } from './strict-messages.js';

/** @throws StrictError `not-recorded` when calls of this name leave no record, or others than those recorded were made: no answer about them is true. */
export function requireRecorded(name: string, record: RunRecord): void {
  const { stubNames, toolNames } = record.context;
  if (!stubNames.has(name)) throw notRecorded(name, toolNames.has(name) ? 'tool' : 'undeclared', stubNames);
  if (name.startsWith('/') || record.calls.some((call) => call.name === name)) return;
  // A file of the stub's name that the run itself made, executed by bash.
  const instead = record.steps.find(({ file }) => file.endsWith(`/${name}`));
  if (instead) throw notRecorded(name, { metInstead: instead.file }, stubNames);
}
