import { treeText } from '../diagnostics/tree-text.js';
import type { RunRecord } from '../shell/run.js';
import { parentsOf } from '../tree/compare.js';
import type { Change, FileSpecs } from '../tree/entry.js';
import { absolutePath, changeMismatches, listedFiles, mismatchText, undecidableText, type ListedFile } from './listed-files.js';
import { failure, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

/** Unlisted changes that are told with their differences. */
const MOST_UNLISTED = 20;

/**
 * `expect(run).toHaveChanged(files)`: the run changed each of these paths, and so that it is as listed; other
 * paths do not matter. `not`: it changed none of them so. Paths alone ask only whether they changed; without
 * an argument the question is whether anything did.
 */
export function toHaveChanged(this: MatcherContext, received: unknown, files?: FileSpecs | string | readonly string[]): Verdict {
  const { record } = receivedRun(received, 'toHaveChanged');
  if (files === undefined) return anythingChanged(this, record);
  if (typeof files === 'string' || Array.isArray(files)) return pathsChanged(this, record, [files].flat() as string[]);
  const listed = listedFiles(files as FileSpecs, 'toHaveChanged');
  const as = written(this.isNot, 'toHaveChanged', pathsText(listed));
  const problem = undecidableText(listed, record);
  if (problem !== undefined) return failure(this.isNot, record, () => ({ reason: `${as}: cannot be told on this machine`, details: [problem] }));
  const wrong = listed.map((one) => ({ path: one.path, found: changeMismatches(one, record) })).filter(({ found }) => found.length > 0);
  // Negated, one path that changed so is enough to fail.
  const pass = this.isNot ? wrong.length < listed.length : wrong.length === 0;
  return verdict(pass, record, () => {
    if (!this.isNot) return { reason: `${as}: ${wrong.length} of ${listed.length} did not change so`, details: wrong.map(({ path, found }) => mismatchText(path, found)) };
    const so = listed.filter(({ path }) => !wrong.some((one) => one.path === path));
    return { reason: `${as}: the run changed ${so.map(({ path }) => path).join(', ')} so` };
  });
}

/**
 * `expect(run).toHaveChangedOnly(files)`: the run changed these paths so, and nothing else. Implied are the
 * directories that had to be created above a listed path, when they are 0755 and root:root, and everything
 * below a directory that is listed as removed.
 */
export function toHaveChangedOnly(this: MatcherContext, received: unknown, files: FileSpecs): Verdict {
  const { record } = receivedRun(received, 'toHaveChangedOnly');
  const listed = listedFiles(files, 'toHaveChangedOnly');
  const as = written(this.isNot, 'toHaveChangedOnly', pathsText(listed));
  const problem = undecidableText(listed, record);
  if (problem !== undefined) return failure(this.isNot, record, () => ({ reason: `${as}: cannot be told on this machine`, details: [problem] }));
  const wrong = listed.map((one) => ({ path: one.path, found: changeMismatches(one, record) })).filter(({ found }) => found.length > 0);
  const unlisted = [...record.changes.values()].filter((change) => !isListed(change, listed, record));
  return verdict(wrong.length === 0 && unlisted.length === 0, record, () => {
    if (this.isNot) return { reason: `${as}: it changed exactly that` };
    const counts = [wrong.length > 0 ? `${wrong.length} of ${listed.length} did not change so` : '', unlisted.length > 0 ? `${unlisted.length} not listed changed` : ''];
    return {
      reason: `${as}: ${counts.filter((text) => text !== '').join(', ')}`,
      tellsChanges: true,
      details: [...wrong.map(({ path, found }) => mismatchText(path, found)), unlisted.length === 0 ? undefined : `not listed:\n${unlistedText(unlisted, record)}`],
    };
  });
}

function anythingChanged(context: MatcherContext, record: RunRecord): Verdict {
  const count = record.changes.size;
  return verdict(count > 0, record, () => ({
    reason: `${written(context.isNot, 'toHaveChanged')}: ${context.isNot ? `expected no change, received ${count}` : 'the run changed nothing'}`,
    tellsChanges: true,
    details: context.isNot ? [unlistedText([...record.changes.values()], record)] : [],
  }));
}

function pathsChanged(context: MatcherContext, record: RunRecord, given: readonly string[]): Verdict {
  const paths = given.map((path) => absolutePath(path, 'toHaveChanged'));
  const changed = paths.filter((path) => record.changes.has(path));
  const pass = context.isNot ? changed.length > 0 : changed.length === paths.length;
  return verdict(pass, record, () => {
    const as = written(context.isNot, 'toHaveChanged', paths.map((path) => `'${path}'`).join(', '));
    if (!context.isNot) return { reason: `${as}: ${paths.filter((path) => !changed.includes(path)).join(', ')} did not change` };
    return { reason: `${as}: ${changed.join(', ')} changed`, details: [unlistedText(changed.map((path) => record.changes.get(path)!), record)] };
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

/** A directory as `mkdir -p` of root makes it; one of another mode or owner must be listed. */
function isPlainDirectory({ kind, after }: Change): boolean {
  return kind === 'created' && after?.kind === 'directory' && after.mode === 0o755 && after.owner === '0:0';
}

function unlistedText(changes: readonly Change[], record: RunRecord): string {
  return treeText(changes, { names: record.context, attributes: 'always', most: MOST_UNLISTED }).replace(/^(?=.)/gm, '  ');
}

function pathsText(listed: readonly ListedFile[]): string {
  if (listed.length === 0) return '{}';
  const shown = listed.slice(0, 2).map(({ path }) => `'${path}'`);
  return `{ ${[...shown, ...(listed.length > 2 ? [`${listed.length - 2} more`] : [])].join(', ')} }`;
}
