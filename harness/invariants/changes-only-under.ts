import { treeText } from '../diagnostics/tree-text.js';
import { indented } from '../diagnostics/where.js';
import type { RunRecord } from '../shell/run.js';
import { parentsOf } from '../tree/compare.js';
import type { Change } from '../tree/entry.js';
import type { Invariant } from './invariant.js';
import { listedPaths, writtenPaths, type Listed } from './paths.js';

/** Changes that a message lists; the rest is counted. */
const MOST = 15;

/**
 * Nothing changes but these paths and what is below them. Directories that have to be made above a listed path may be
 * made, as root makes them (0755, root:root). Links on the way to a listed path are followed, as they are before the run.
 * @param paths absolute paths, or globs as `eventsFrom` takes them; `[]`: nothing changes at all.
 * @throws TypeError for a path that is not absolute.
 */
export function changesOnlyUnder(paths: readonly string[]): Invariant {
  const name = `changesOnlyUnder(${writtenPaths(paths)})`;
  const listedIn = listedPaths(paths, 'changesOnlyUnder()');
  return {
    name,
    check(record: RunRecord) {
      const changes = [...record.changes.values()];
      const may = listedIn(record.before);
      const listed = changes.filter(({ path }) => may.has(path));
      const others = changes.filter((change) => !listed.includes(change) && !isParent(change, may, listed));
      if (others.length === 0) return undefined;
      return {
        reason: others.length === 1 ? `the run changed ${others[0]!.path} too` : `the run changed ${others.length} other paths`,
        details: [`elsewhere:\n${indented(treeText(others, { names: record.context, attributes: 'always', most: MOST }))}`],
        advice: 'If the script has no business there, mend the script. If it has, list the path.',
      };
    },
  };
}

function isParent({ path, kind, after }: Change, may: Listed, listed: readonly Change[]): boolean {
  if (kind !== 'created' || after?.kind !== 'directory' || after.mode !== 0o755 || after.owner !== '0:0') return false;
  return may.isAbove(path) || listed.some((change) => change.kind === 'created' && parentsOf(change.path).includes(path));
}
