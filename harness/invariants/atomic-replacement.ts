import { indented } from '../diagnostics/where.js';
import { placeText } from '../diagnostics/place.js';
import type { PathEvent, RunRecord, Witnessed } from '../shell/run.js';
import { parentsOf } from '../tree/compare.js';
import type { Tree } from '../tree/entry.js';
import { canonicalPath } from '../tree/specs.js';
import type { Broken, Invariant } from './invariant.js';

/** How a path may be replaced. */
export interface Replacing {
  /** How many whole versions one run may put in place, each of which counts as complete. Default 1. */
  readonly versions?: number;
}

/**
 * At every moment of the run there is at each path what was there before it (the old file, or nothing), or the whole new
 * one, as it is at the end, with its mode and owner: as `mv` within a file system, `ln` and `sed -i` do it, and `cp`,
 * `install`, `>` and `mv` from another file system do not. A template that is moved there and filled in afterwards by
 * `sed -i` is not the new one. The kernel tells of every change while the run goes on, so that it is known and not
 * guessed; it has to be declared before the run, by `defineShell({ invariants })` or `given({ invariants })`.
 * A removal is atomic. What is written through another name of the file (a hard link) or a mapping of memory is known by
 * what lies in it, without its place; of a file larger than 4 MB, by its size. Not seen are changes of owners on a
 * machine where those are not real (`shellrig doctor` says so).
 * @param paths absolute paths of files or links; and, last, how they may be replaced.
 * @throws TypeError for no path, or one that is not absolute.
 */
export function atomicReplacement(...paths: readonly [string, ...string[]] | readonly [string, ...string[], Replacing]): Invariant {
  const items: readonly (string | Replacing)[] = paths;
  const { versions = 1 } = items.find((item) => typeof item === 'object') ?? {};
  const written = items.filter((item) => typeof item === 'string');
  if (written.length === 0) throw new TypeError('atomicReplacement() takes the paths that are replaced.');
  for (const path of written) if (!path.startsWith('/') || path === '/') throw new TypeError(`atomicReplacement() takes absolute paths; received '${path}'.`);
  if (!Number.isInteger(versions) || versions < 1) throw new RangeError(`atomicReplacement({ versions }) is a whole number from 1; received ${versions}`);
  const clean = written.map((path) => path.replace(/\/+/g, '/').replace(/\/$/, ''));
  return {
    name: `atomicReplacement(${clean.map((path) => `'${path}'`).join(', ')}${versions === 1 ? '' : `, { versions: ${versions} }`})`,
    witness: clean,
    check(record: RunRecord) {
      const broken = clean.flatMap((path) => brokenAt(path, versions, record) ?? []);
      const [first, ...others] = broken;
      if (!first || others.length === 0) return first;
      return {
        ...first, isUnknown: broken.some(({ isUnknown }) => isUnknown === true),
        reason: `${broken.length} paths of ${clean.length}`,
        details: broken.map(({ reason, details = [] }) => [reason, ...details.map((detail) => indented(detail ?? ''))].join('\n')),
      };
    },
  };
}

/** One wrong moment: what it was, and the event that began it. */
interface Moment {
  readonly what: string;
  readonly event: PathEvent;
}

function brokenAt(path: string, versions: number, record: RunRecord): Broken | undefined {
  const witnessed = record.witnessed.get(canonicalPath(path, record.before));
  if (!witnessed?.isWhole) return unknown(path, witnessed);
  const moments = wrongMoments(witnessed.events, versions);
  if (moments.length === 0) return elsewhere(path, witnessed, record);
  const lines = moments.map(({ what, event: { stack } }) => `${what}${stack[0] ? `   at ${placeText(stack[0], record.context.hostPaths)}` : ''}`);
  return {
    reason: `${path} was not at every moment as before or complete`,
    details: [lines.join('\n')],
    place: moments[0]!.event.stack.length === 0 ? undefined : { label: 'it was so first', stack: moments[0]!.event.stack },
    advice: 'Write the new file beside it, in the same directory; give it its mode and owner; then `mv -fT` it into place.',
  };
}

function unknown(path: string, witnessed: Witnessed | undefined): Broken {
  return {
    reason: witnessed ? `of ${path} not everything that happened was seen` : `nobody watched ${path}`,
    advice: witnessed
      ? 'The kernel would not watch it for this user: raise fs.inotify.max_user_watches and fs.inotify.max_user_instances (sysctl), or the number of open files, if a script that was sourced lowers it (`ulimit -n`).'
      : 'It has to be declared before the run: given({ invariants: [atomicReplacement(...)] }), or of the shell: defineShell({ invariants: [...] }).',
    isUnknown: true,
  };
}

/** What changed without an event at the path itself: what is written through a link, by another way there, in a directory. */
function elsewhere(path: string, { path: watched, events }: Witnessed, { before, after, changes }: RunRecord): Broken | undefined {
  const now = canonicalPath(path, after);
  const entry = after.get(now);
  const unseen = (reason: string, advice: string): Broken => ({ reason, advice, isUnknown: true });
  if (now !== watched) {
    const link = changedLink(path, before, after);
    return unseen(`${path} was ${watched} before the run and is ${now} after it`, `${link ?? 'A link above it'} changed, and nobody watched that: declare ${link === undefined ? 'the link' : `atomicReplacement('${link}')`}, and paths without links.`);
  }
  if (entry?.kind === 'directory' && events.length > 0) return unseen(`${path} is a directory`, 'Nobody watched what is in it: declare the files that matter.');
  if (entry?.kind !== 'symlink' || before.get(watched)?.kind !== 'symlink' || events.length > 0) return undefined;
  const target = canonicalPath(entry.target.startsWith('/') ? entry.target : `${now.slice(0, now.lastIndexOf('/'))}/${entry.target}`, after);
  return changes.has(target) ? unseen(`${path} is a link to ${target}, which changed`, `Nobody watched that: declare atomicReplacement('${target}').`) : undefined;
}

/** The first link on the way to a path that is no more what it was. */
function changedLink(path: string, before: Tree, after: Tree): string | undefined {
  return [...parentsOf(path)].sort((one, other) => one.length - other.length).map((parent) => canonicalPath(parent, before)).find((parent) => {
    const [was, is] = [before.get(parent), after.get(parent)];
    return was?.kind === 'symlink' && (is?.kind !== 'symlink' || is.target !== was.target);
  });
}

function wrongMoments(events: readonly PathEvent[], versions: number): Moment[] {
  const moments: Moment[] = [];
  const arrivals = events.filter(arrives);
  const last = events.at(-1)?.kind === 'gone' ? undefined : arrivals.at(-1);
  const tooMany = arrivals.length + (last ? 0 : 1) > versions && arrivals.length > 0;
  let isNew = false;
  events.forEach((event, index) => {
    const isLast = index === events.length - 1;
    const arrivesLater = events.slice(index + 1).some(arrives);
    if (tooMany && arrives(event) && event !== last) moments.push({ what: 'what was put there was not the last', event });
    const what = wrong(event.kind, isNew, isLast, arrivesLater);
    if (what !== undefined) moments.push({ what, event });
    if (arrives(event)) isNew = true;
  });
  return moments;
}

function arrives({ kind }: PathEvent): boolean {
  return kind === 'made' || kind === 'moved in' || kind === 'unseen';
}

/** What is wrong about an event; undefined where nothing is. */
function wrong(kind: PathEvent['kind'], isNew: boolean, isLast: boolean, arrivesLater: boolean): string | undefined {
  switch (kind) {
    case 'written':
      return isNew ? 'it was there before all of it was written' : 'the old file was written over';
    case 'attributes':
      if (isNew) return 'it was there before it had its mode and owner';
      return isLast ? undefined : 'the old file got another mode or owner';
    case 'gone':
      return arrivesLater ? 'nothing was there for a while' : undefined;
    case 'other content':
      return 'it was written through another name of it, or a mapping of memory';
    case 'unseen':
      return 'one command made the directory and put it there, which nobody can see: have the directory made before, or given';
    default:
      return undefined;
  }
}
