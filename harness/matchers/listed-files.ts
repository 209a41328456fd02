import { mismatches, undecidable } from '../tree/mismatches.js';
import { kindText } from '../tree/print.js';
import type { RunRecord } from '../shell/run.js';
import type { EntrySpec, FileSpecs } from '../tree/entry.js';

/** One path of an expectation, in the spelling of trees. */
export interface ListedFile {
  readonly path: string;
  readonly spec: string | EntrySpec;
}

/**
 * The paths of an expectation, without trailing slashes.
 * @throws TypeError when one is not absolute.
 */
export function listedFiles(files: FileSpecs, matcher: string): ListedFile[] {
  return Object.entries(files).map(([path, spec]) => ({ path: absolutePath(path, matcher), spec }));
}

/** @throws TypeError when the path is not absolute, or names the tree's root. */
export function absolutePath(path: string, matcher: string): string {
  const clean = path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
  if (typeof path === 'string' && clean.startsWith('/') && clean !== '/') return clean;
  throw new TypeError(`${matcher}() takes absolute paths; received '${path}'.`);
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
