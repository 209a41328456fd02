import type { RunRecord } from '../shell/run.js';
import { isPlainDirectory, parentsOf } from '../tree/compare.js';
import type { Change, FileSpecs } from '../tree/entry.js';
import { changedText, changeMismatches, listedFiles, lookAtChanges, mismatchText, pathsText, undecidableText, type ListedFile } from './listed-files.js';
import { failure, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

/**
 * `expect(run).toHaveChangedOnly(files)`: the run changed these paths so, and nothing else. Implied are the
 * directories that had to be created above a listed path, when they are 0755 and root:root, and everything
 * below a directory that is listed as removed.
 */
export function toHaveChangedOnly(this: MatcherContext, received: unknown, files: FileSpecs): Verdict {
  const run = receivedRun(received, 'toHaveChangedOnly');
  const { record } = run;
  const listed = listedFiles(files, record, 'toHaveChangedOnly');
  const as = written(this.isNot, 'toHaveChangedOnly', pathsText(listed));
  const problem = undecidableText(listed, record);
  if (problem !== undefined) return failure(this.isNot, record, () => ({ reason: `${as}: cannot be told on this machine`, details: [problem] }));
  const wrong = listed.map((one) => ({ path: one.path, found: changeMismatches(one, record) })).filter(({ found }) => found.length > 0);
  const unlisted = [...record.changes.values()].filter((change) => !isListed(change, listed, record));
  const pass = wrong.length === 0 && unlisted.length === 0;
  if (!this.isNot && pass) lookAtChanges(run, [...listed, ...[...record.changes.keys()].map((path) => ({ path }))]);
  return verdict(pass, record, () => {
    if (this.isNot) return { reason: `${as}: it changed exactly that` };
    const counts = [wrong.length > 0 ? `${wrong.length} of ${listed.length} did not change so` : '', unlisted.length > 0 ? `${unlisted.length} not listed changed` : ''];
    return {
      reason: `${as}: ${counts.filter((text) => text !== '').join(', ')}`,
      tellsChanges: wrong.length === 0,
      details: [
        ...wrong.map(({ path, found }) => mismatchText(path, found)),
        unlisted.length === 0 ? undefined : `not listed:\n${changedText(unlisted, record)}`,
        unlisted.some((change) => isParent(change, listed)) ? 'A directory above a listed path is implied only where it is 0755 and root:root; list it with its mode: directory({ mode: 0o700 })' : undefined,
      ],
    };
  });
}

function isListed(change: Change, listed: readonly ListedFile[], record: RunRecord): boolean {
  return listed.some(({ path, spec }) => {
    if (path === change.path) return true;
    const isRemoval = typeof spec !== 'string' && spec.spec === 'removed';
    if (isRemoval) return change.kind === 'removed' && change.path.startsWith(`${path}/`);
    return isPlainDirectory(change) && record.changes.get(path)?.kind === 'created' && parentsOf(path).includes(change.path);
  });
}

/** A created directory above what is listed, which is not implied for its mode or owner alone: people wonder why. */
function isParent(change: Change, listed: readonly ListedFile[]): boolean {
  const { kind, path, after } = change;
  return kind === 'created' && after?.kind === 'directory' && !isPlainDirectory(change) && listed.some((one) => parentsOf(one.path).includes(path));
}
