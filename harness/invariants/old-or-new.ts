import { quoted } from '../diagnostics/command-text.js';
import { indented } from '../diagnostics/where.js';
import type { RunRecord } from '../shell/run.js';
import { sameEntry } from '../tree/compare.js';
import type { Entry } from '../tree/entry.js';
import { printEntry } from '../tree/print.js';
import { asText } from '../tree/text-difference.js';
import type { Broken, Invariant } from './invariant.js';

/** Bytes of a file that is shown whole. */
const SHORT = 40;

/**
 * Of sweeps: whatever happened to the run, at each path lies what was there before the scenario began (the old file, or
 * nothing), or what its undisturbed run leaves there: the whole new one, with its mode and owner. Never anything else; and
 * where the run ends with 0, as the undisturbed one does, the new one.
 * @param paths absolute paths of files or links.
 * @throws TypeError for no path, or one that is not absolute.
 */
export function oldOrNew(...paths: readonly [string, ...string[]]): Invariant {
  if (paths.length === 0) throw new TypeError('oldOrNew() takes the paths that are replaced.');
  for (const path of paths) if (!path.startsWith('/') || path === '/') throw new TypeError(`oldOrNew() takes absolute paths; received '${path}'.`);
  return {
    name: `oldOrNew(${paths.map((path) => `'${path}'`).join(', ')})`,
    check(record: RunRecord) {
      const { undisturbed } = record;
      if (!undisturbed) {
        return { reason: 'nobody knows what it is to come to', advice: 'Only a sweep has an undisturbed run to compare with: sweepKills(name, scenario, { invariants: [oldOrNew(...)] }). Of other runs ask toHaveChangedOnly().', isUnknown: true };
      }
      const wrong = paths.flatMap((path) => wrongAt(path, record, undisturbed) ?? []);
      const [first, ...others] = wrong;
      if (!first || others.length === 0) return first;
      return { ...first, reason: `${wrong.length} paths of ${paths.length}`, details: wrong.map(({ reason, details = [] }) => [reason, ...details.map((detail) => indented(detail ?? ''))].join('\n')) };
    },
  };
}

function wrongAt(path: string, record: RunRecord, undisturbed: RunRecord): Broken | undefined {
  const found = record.after.get(path);
  const [before, done] = [undisturbed.before.get(path), undisturbed.after.get(path)];
  const claims = record.exitCode === 0 && undisturbed.exitCode === 0;
  if (isSame(done, found) || (!claims && isSame(before, found))) return undefined;
  const told = (entry: Entry | undefined) => (entry ? `${printEntry(path, entry, record.context)}${contentOf(entry)}` : 'nothing');
  return {
    reason: isSame(before, found) ? `${path} is as before, though the run ended with 0` : `${path} is neither as before nor as it is to be`,
    details: [`found:   ${told(found)}\nbefore:  ${told(before)}\nto be:   ${told(done)}`],
    advice: isSame(before, found) ? 'Have the script look whether each command has succeeded on which that hangs.' : 'Make the new file ready beside it, in the same directory, with its mode and owner; then `mv -fT` it into place.',
  };
}

/** Of files that are as long what is in them tells more. */
function contentOf(entry: Entry): string {
  const text = entry.kind === 'file' && entry.content.length <= SHORT ? asText(entry.content) : undefined;
  return text === undefined || text === '' ? '' : `  ${quoted(text)}`;
}

function isSame(one: Entry | undefined, other: Entry | undefined): boolean {
  return one && other ? sameEntry(one, other) : one === other;
}
