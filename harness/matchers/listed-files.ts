import { treeText } from '../diagnostics/tree-text.js';
import { mismatches, undecidable } from '../tree/mismatches.js';
import { kindText } from '../tree/print.js';
import type { Run, RunRecord } from '../shell/run.js';
import { entrySpec, type Attributes, type Change, type EntrySpec, type FileSpecs, type Tree } from '../tree/entry.js';
import { canonicalPath } from '../tree/specs.js';

/** Changes that are told with their differences; the rest is counted. */
const MOST_CHANGES = 20;

/** One path of an expectation, in the spelling of trees. */
export interface ListedFile {
  readonly path: string;
  readonly spec: string | EntrySpec;
}

/**
 * The paths of an expectation, as the tree spells them.
 * @throws TypeError when one is not absolute.
 */
export function listedFiles(files: FileSpecs, record: RunRecord, matcher: string): ListedFile[] {
  return Object.entries(files).map(([path, spec]) => {
    entrySpec(`${matcher}: what '${path}' is expected to be`, spec);
    // The links on the way to what is gone may be gone with it.
    const isRemoval = typeof spec !== 'string' && spec.spec === 'removed';
    return { path: treePath(path, isRemoval ? record.before : record.after, matcher), spec };
  });
}

/**
 * A path as a tree spells it: without trailing slash, links among its parents followed (`/bin/x` is `/usr/bin/x`).
 * @throws TypeError when the path is not absolute, or names the tree's root.
 */
export function treePath(path: string, tree: Tree, matcher: string): string {
  const clean = path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
  if (clean.startsWith('/') && clean !== '/') return canonicalPath(clean, tree);
  throw new TypeError(`${matcher}() takes absolute paths; received '${path}'.`);
}

/** Has the changes of these paths count as looked at: what they hold, and of mode and owner what is named. */
export function lookAtChanges({ looked }: Pick<Run, 'looked'>, files: Iterable<{ readonly path: string; readonly spec?: string | EntrySpec | undefined }>): void {
  for (const { path, spec } of files) {
    looked.add(`content ${path}`);
    const { mode, owner } = (typeof spec === 'object' ? spec : {}) as Attributes;
    if (mode !== undefined) looked.add(`mode ${path}`);
    if (owner !== undefined) looked.add(`owner ${path}`);
  }
}

/** How a path's change differs from the one that was listed; no text when it changed so. */
export function changeMismatches({ path, spec }: ListedFile, record: RunRecord): string[] {
  const change = record.changes.get(path);
  const isRemoval = typeof spec !== 'string' && spec.spec === 'removed';
  if (isRemoval) {
    if (change?.kind === 'removed') return [];
    const after = record.after.get(path);
    return [after === undefined ? 'expected it to be removed, but it was not there before the run' : `expected it to be removed, found ${kindText(after)}`];
  }
  const found = mismatches(spec, record.after.get(path), record.context);
  if (change?.kind === 'removed') return ['the run removed it'];
  if (change === undefined && found.length === 0) return ['it is as listed, but it was so before the run'];
  return found;
}

/** Each path and how it differs, indented below it. */
export function mismatchText(path: string, found: readonly string[]): string {
  return [path, ...found.map((text) => text.replace(/^(?=.)/gm, '  '))].join('\n');
}

/** Why one of the listed paths cannot be judged on this machine, if so. */
export function undecidableText(files: readonly ListedFile[], record: RunRecord): string | undefined {
  for (const { path, spec } of files) {
    const problem = undecidable(spec, record.context);
    if (problem !== undefined) return mismatchText(path, [problem]);
  }
  return undefined;
}

/** Changes with modes, owners and differences of text, indented. */
export function changedText(changes: readonly Change[], record: RunRecord): string {
  return treeText(changes, { names: record.context, attributes: 'always', most: MOST_CHANGES }).replace(/^(?=.)/gm, '  ');
}

/** Listed paths as the first line of a message shows them. */
export function pathsText(listed: readonly ListedFile[]): string {
  if (listed.length === 0) return '{}';
  const shown = listed.slice(0, 2).map(({ path }) => `'${path}'`);
  return `{ ${[...shown, ...(listed.length > 2 ? [`${listed.length - 2} more`] : [])].join(', ')} }`;
}
