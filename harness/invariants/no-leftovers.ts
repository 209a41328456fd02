import { placeText } from '../diagnostics/place.js';
import { printEntry } from '../tree/print.js';
import type { RunRecord } from '../shell/run.js';
import type { Change } from '../tree/entry.js';
import { halfMadeIn } from './half-made.js';
import type { Invariant } from './invariant.js';
import { listedPaths, writtenPaths } from './paths.js';

/** Where leftovers are looked for. */
export interface LeftoverPlaces {
  /** Directories of temporary files, in which a run leaves nothing. Default `/tmp`, `/var/tmp`, `/dev/shm`. */
  readonly in?: readonly string[];
  /** Paths or globs that may stay, with the directories above them. */
  readonly except?: readonly string[];
}

/** Directories that only hold what is temporary (the file system standard, FHS 3.0). */
const TEMPORARY = ['/tmp', '/var/tmp', '/dev/shm'];

/**
 * Nothing temporary stays: no new file in a directory of temporary files, none anywhere whose name is that of a half-made
 * one (`*.tmp`, `*.part`, `*.new` and `*.bak` beside the file itself, its name with the number of a process, as `$$` is,
 * those of mktemp and `sed -i.bak` ...), and no process, even one that `allow: { leftovers }` lets live on. Declared before
 * the run it knows what mktemp and sed were asked for; otherwise a name with a random end is one where it is hidden, of
 * mode 0600 or 0700, or beside the file that it is of.
 * @throws TypeError for a path that is not absolute.
 */
export function noLeftovers(places: LeftoverPlaces = {}): Invariant {
  const isTemporary = listedPaths(places.in ?? TEMPORARY, 'noLeftovers({ in })');
  const mayStay = listedPaths(places.except ?? [], 'noLeftovers({ except })');
  const written = [places.in && `in: ${writtenPaths(places.in)}`, places.except && `except: ${writtenPaths(places.except)}`].filter(Boolean).join(', ');
  return {
    name: `noLeftovers(${written === '' ? '' : `{ ${written} }`})`,
    executed: true,
    check(record: RunRecord) {
      const made = [...record.changes.values()].filter(({ kind }) => kind === 'created');
      const isHalfMade = halfMadeIn(record);
      const [temporary, stays] = [isTemporary(record.before), mayStay(record.before)];
      const left = made.filter((change) => (temporary.has(change.path) || isHalfMade(change)) && !stays.has(change.path) && !stays.isAbove(change.path));
      const files = left.filter(({ path }) => !left.some((other) => path.startsWith(`${other.path}/`)));
      const { leftovers } = record;
      if (files.length + leftovers.length === 0) return undefined;
      const lines = [
        ...files.map((change) => `${printEntry(change.path, change.after!, record.context)}${below(change, left)}`),
        ...leftovers.map(({ command, site }) => `process ${command}${site ? `   started at ${placeText(site, record.context.hostPaths)}` : ''}`),
      ];
      return {
        reason: `the run left ${lines.length === 1 ? lines[0]! : `${lines.length} things behind`}`,
        details: lines.length === 1 ? [] : [lines.join('\n')],
        advice: "Remove it on every way out: `trap 'rm -rf \"$stage\"' EXIT`, or after the last command that needs it. What is meant to stay: noLeftovers({ except: [...] }).",
      };
    },
  };
}

function below({ path }: Change, left: readonly Change[]): string {
  const count = left.filter((other) => other.path.startsWith(`${path}/`)).length;
  return count === 0 ? '' : ` and ${count} below it`;
}
