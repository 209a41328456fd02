import { outputTail } from '../diagnostics/output-tail.js';
import { treeText } from '../diagnostics/tree-text.js';
import { indented, whereText } from '../diagnostics/where.js';
import type { BrokenInvariant } from '../invariants/invariant.js';
import type { RunRecord } from '../shell/run.js';
import { changesBetween } from '../tree/compare.js';
import type { Change } from '../tree/entry.js';
import type { BrokenText } from './sweep.js';

/** Differences that a message lists; the rest is counted. */
const MOST = 15;

/** An invariant that does not hold of a run of a sweep. */
export function brokenText({ invariant, broken }: BrokenInvariant, record: RunRecord): BrokenText {
  return {
    reason: `${invariant.name}: ${broken.reason}`,
    details: [...(broken.details ?? []), broken.advice, ended(record)].flatMap((detail) => (detail === undefined || detail === '' ? [] : [detail])),
  };
}

/** A run that a rule of shellrig's refuses, or an expectation: its first line is why. */
export function errorText(who: string, error: unknown): BrokenText {
  const message = error instanceof Error ? error.message : String(error);
  const [first = '', ...rest] = message.split('\n');
  return { reason: `${who}: ${first}`, details: [rest.join('\n').trim()].filter((text) => text !== '') };
}

/** An expectation of a run that does not hold; one of this package's own tells of the run itself. */
export function unexpectedText(error: unknown, record: RunRecord): BrokenText {
  const { reason, details } = errorText('expect', error);
  return { reason, details: details.length === 0 ? [ended(record)] : details };
}

/** A run from what a kill left that has not come to what it was to come to, as a spec says. */
export function unconverged(error: unknown, record: RunRecord): BrokenText {
  const { reason, details } = errorText('the next run does not converge', error);
  return { reason, details: [...details, ended(record)] };
}

/** What two runs made of the tree differently. */
export function differencesOf(wanted: RunRecord, found: RunRecord, counts: (path: string) => boolean): Change[] {
  return [...changesBetween(wanted.after, found.after).values()].filter(({ path }) => counts(path));
}

/** A run from what a kill left that comes to something else than the undisturbed one. */
export function notConverged(record: RunRecord, undisturbed: RunRecord, differences: readonly Change[]): BrokenText {
  const reasons = [
    record.exitCode === undisturbed.exitCode ? '' : `ended with exit code ${record.exitCode}, undisturbed with ${undisturbed.exitCode}`,
    differences.length === 0 ? '' : `left ${differences.length === 1 ? differences[0]!.path : `${differences.length} paths`} otherwise`,
  ].filter((text) => text !== '');
  return {
    reason: `the next run, from what was left, ${reasons.join(', and ')}`,
    details: [
      differences.length === 0 ? '' : `found after it, in place of what the undisturbed run left:\n${indented(treeText(differences, { names: record.context, attributes: 'always', most: MOST }))}`,
      ended(record),
    ].filter((text) => text !== ''),
  };
}

function ended({ exitCode, stdout, stderr, lastStack, context }: RunRecord): string {
  const where = whereText(lastStack.slice(0, 1), context.hostPaths);
  return [`that run ended with exit code ${exitCode}${where === undefined ? '' : `, ${where.split('\n', 1)[0]}`}`, outputTail('stdout', stdout), outputTail('stderr', stderr)].filter((text) => text !== undefined && text !== '').join('\n\n');
}
