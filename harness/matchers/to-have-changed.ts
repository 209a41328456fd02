import type { Run, RunRecord } from '../shell/run.js';
import type { FileSpecs } from '../tree/entry.js';
import { changedText, changeMismatches, listedFiles, lookAtChanges, mismatchText, pathsText, treePath, undecidableText } from './listed-files.js';
import { failure, holds, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

/**
 * `expect(run).toHaveChanged(files)`: the run changed each of these paths, and so that it is as listed; other
 * paths do not matter. `not`: it changed none of them so. Paths alone ask only whether they changed; without
 * an argument the question is whether anything did.
 * @throws TypeError for an empty list, of which anything is true.
 */
export function toHaveChanged(this: MatcherContext, received: unknown, files?: FileSpecs | string | readonly string[]): Verdict {
  const run = receivedRun(received, 'toHaveChanged');
  const { record } = run;
  if (files === undefined) return anythingChanged(this, record);
  if (typeof files === 'object' && Object.keys(files).length === 0) {
    throw new TypeError('toHaveChanged() lists no path. Without an argument it asks whether anything changed; toHaveChangedOnly({}) says that nothing did.');
  }
  if (typeof files === 'string' || Array.isArray(files)) return pathsChanged(this, run, [files].flat() as string[]);
  const listed = listedFiles(files as FileSpecs, record, 'toHaveChanged');
  const as = written(this.isNot, 'toHaveChanged', pathsText(listed));
  const problem = undecidableText(listed, record);
  if (problem !== undefined) return failure(this.isNot, record, () => ({ reason: `${as}: cannot be told on this machine`, details: [problem] }));
  const wrong = listed.map((one) => ({ path: one.path, found: changeMismatches(one, record) })).filter(({ found }) => found.length > 0);
  // Negated, one path that changed so is enough to fail.
  const pass = this.isNot ? wrong.length < listed.length : wrong.length === 0;
  if (!this.isNot && pass) lookAtChanges(run, listed);
  return verdict(pass, record, () => {
    if (!this.isNot) return { reason: `${as}: ${wrong.length} of ${listed.length} did not change so`, details: wrong.map(({ path, found }) => mismatchText(path, found)) };
    const so = listed.filter(({ path }) => !wrong.some((one) => one.path === path));
    return { reason: `${as}: the run changed ${so.map(({ path }) => path).join(', ')} so` };
  });
}

function anythingChanged(context: MatcherContext, record: RunRecord): Verdict {
  const count = record.changes.size;
  return verdict(count > 0, record, () => ({
    reason: `${written(context.isNot, 'toHaveChanged')}: ${context.isNot ? `expected no change, received ${count}` : 'the run changed nothing'}`,
    tellsChanges: true,
    details: context.isNot ? [changedText([...record.changes.values()], record)] : [],
  }));
}

function pathsChanged(context: MatcherContext, run: Run, given: readonly string[]): Verdict {
  const { record } = run;
  const paths = given.map((path) => changedPath(path, record));
  const changed = paths.filter((path) => record.changes.has(path));
  const pass = context.isNot ? changed.length > 0 : changed.length === paths.length;
  if (holds(context, pass)) lookAtChanges(run, paths.map((path) => ({ path })));
  return verdict(pass, record, () => {
    const as = written(context.isNot, 'toHaveChanged', paths.map((path) => `'${path}'`).join(', '));
    if (!context.isNot) return { reason: `${as}: ${paths.filter((path) => !changed.includes(path)).join(', ')} did not change` };
    return { reason: `${as}: ${changed.join(', ')} changed`, details: [changedText(changed.map((path) => record.changes.get(path)!), record)] };
  });
}

/** A bare path may be one that was removed: it is spelt as the tree before the run spelt it, unless it is there now. */
function changedPath(path: string, { before, after }: RunRecord): string {
  const now = treePath(path, after, 'toHaveChanged');
  return after.has(now) ? now : treePath(path, before, 'toHaveChanged');
}
