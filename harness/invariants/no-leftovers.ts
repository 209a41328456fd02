import { placeText } from '../diagnostics/place.js';
import { printEntry } from '../tree/print.js';
import type { RunRecord } from '../shell/run.js';
import type { Change } from '../tree/entry.js';
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

/** Names of half-made files: `x.tmp`, `tmp.aB3dE6gH9k`, `x.part`, `x~`, `.x.swp`, `x.dpkg-new`. */
const HALF_MADE = /^tmp\.|\.tmp(?:$|[.-])|\.temp$|\.part(?:ial)?$|\.crdownload$|~$|\.sw[op]$|\.dpkg-(?:new|tmp)$|^\.#/i;

/** Names that `mktemp`, `sed -i` and rsync make: a hidden name, or sed's, with a random end that no word is. */
const RANDOM = [/^\..+\.(?!(?:[a-z]+|[A-Z]+|\d+)$)[A-Za-z0-9]{6,}$/, /^sed(?=.*[A-Z])[A-Za-z0-9]{6}$/];

/** What a random end may be once in a hundred times: letters of one case. Then the mode that `mktemp` gives decides. */
const PERHAPS_RANDOM = /^(?:\..+\.|sed)(?:\w{6}|\w{10})$/;
const MADE_PRIVATE = new Set<number | undefined>([0o600, 0o700]);

/**
 * Nothing temporary stays: no new file in a directory of temporary files, none anywhere whose name is that of a half-made
 * one (`*.tmp`, `*.part`, those of mktemp ...), and no process, even one that `allow: { leftovers }` lets live on.
 * @throws TypeError for a path that is not absolute.
 */
export function noLeftovers(places: LeftoverPlaces = {}): Invariant {
  const isTemporary = listedPaths(places.in ?? TEMPORARY, 'noLeftovers({ in })');
  const mayStay = listedPaths(places.except ?? [], 'noLeftovers({ except })');
  const written = [places.in && `in: ${writtenPaths(places.in)}`, places.except && `except: ${writtenPaths(places.except)}`].filter(Boolean).join(', ');
  return {
    name: `noLeftovers(${written === '' ? '' : `{ ${written} }`})`,
    check(record: RunRecord) {
      const made = [...record.changes.values()].filter(({ kind }) => kind === 'created');
      const [temporary, stays] = [isTemporary(record.before), mayStay(record.before)];
      const left = made.filter(({ path, after }) => (temporary.has(path) || isHalfMade(path, after?.mode)) && !stays.has(path) && !stays.isAbove(path));
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

function isHalfMade(path: string, mode: number | undefined): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [HALF_MADE, ...RANDOM].some((pattern) => pattern.test(name)) || (MADE_PRIVATE.has(mode) && PERHAPS_RANDOM.test(name));
}
