import { closeSync, fstatSync, openSync, rmSync, type BigIntStats } from 'node:fs';
import { changesBetween, parentsOf } from '../tree/compare.js';
import type { Change, Tree } from '../tree/entry.js';
import { FoundTree, touchedPaths, treeAt } from '../tree/found-tree.js';
import { pathOf } from '../tree/names.js';
import { keyOf, scan, settledBefore, type Found, type Snapshot } from '../tree/scan.js';
import { entryOf, memberFor } from '../tree/specs.js';
import type { TarMember, TimeMember } from '../tree/tar.js';
import { readInside } from './enter.js';
import { HeldDescriptors, O_PATH } from './held-descriptors.js';
import { insideOwner } from './owners.js';
import { HOST, MEMORY, RIG } from './places.js';
import type { Sandbox } from './sandbox.js';

/** What a run found and what it left. */
export interface TreeOfRun {
  readonly before: Tree;
  readonly after: Tree;
  readonly changes: ReadonlyMap<string, Change>;
  /** When what was created or modified was changed last: its ctime, in nanoseconds since the epoch by the kernel's clock. */
  readonly changedAt: ReadonlyMap<string, bigint>;
}

/** A sandbox's tree from run to run: every run finds what sourcing left, and what it is given. */
export class KeptTree {
  private readonly sandbox: Sandbox;
  /** What sourcing left; keys as the last scan found them. Replaced and never changed: runs share it. */
  private kept: Snapshot;
  private held: HeldDescriptors | undefined;
  /** The root directory, which no tree lists: a descriptor, and as it was found. */
  private readonly top: { readonly descriptor: number; readonly attributes: string; readonly found: Found };
  /** What the last run changed or removed, and the next one's archive brings back. */
  private repairs: TarMember[] = [];
  /** Then the times of what a run touched and of the directories that are put back. */
  private times: TimeMember[] = [];
  private before: Snapshot;
  /** What was taken away for the run, and is no change of its own. */
  private taken: readonly string[] = [];

  /** Reads all of a tree, once nothing runs in it any more. */
  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    const descriptor = openSync(`${sandbox.root}/`, O_PATH);
    const stats = fstatSync(descriptor, { bigint: true });
    this.kept = this.scan(new Map(), undefined);
    this.before = this.kept;
    const names = [...this.kept.keys()].filter((path) => path.lastIndexOf('/') === 0).map((path) => path.slice(1));
    const entry = { kind: 'directory', mode: Number(stats.mode) & 0o7777, owner: '' } as const;
    this.top = { descriptor, attributes: attributesOf(stats), found: { entry, names, key: keyOf(stats, settledBefore()), mtime: stats.mtimeNs } };
    this.held = new HeldDescriptors(sandbox.root, this.kept, (entry) => entry.kind === 'symlink' && leadsToTool(entry.target));
  }

  /** What is in it between runs. */
  get tree(): Tree {
    return new FoundTree(this.kept);
  }

  /**
   * Begins a run.
   * @param given what the run is given. @param without paths of {@link tree} that are not to be there, in its order.
   * @returns all that has to be unpacked before it.
   */
  begin(given: readonly TarMember[], without: readonly string[] = []): (TarMember | TimeMember)[] {
    const gone = new Set(without);
    const stays = ({ path }: { readonly path: string }) => !gone.has(path);
    const [repairs, times] = [this.repairs.filter(stays), this.times.filter(stays)];
    this.repairs = [];
    this.times = [];
    const inTree = [...repairs, ...given].filter(({ path }) => !path.startsWith(`${RIG}/`));
    this.before = withEntries(this.takeAway(without), inTree.map((member) => [member.path, { key: '', entry: entryOf(member) }]));
    this.taken = without.filter((path) => !this.before.has(path));
    return [...repairs, ...times, ...given];
  }

  private takeAway(paths: readonly string[]): Snapshot {
    if (paths.length === 0) return this.kept;
    const left = new Map(this.kept);
    for (const path of [...paths].reverse()) {
      left.delete(path);
      try {
        rmSync(pathOf(this.sandbox.root + path), { recursive: true, force: true });
      } catch (error) {
        throw new Error(`${path} is not in the given tree, and cannot be removed from the shell's: ${(error as Error).message}`, { cause: error });
      }
    }
    return left;
  }

  /**
   * Ends a run: finds what it changed and puts the tree back, for the next run.
   * @param keep false when there will be no next run.
   * @returns what the run did, and whether the tree is as it was.
   */
  end(keep: boolean): { readonly run: TreeOfRun; readonly isWhole: boolean } {
    const { found, descriptor } = this.top;
    const isSame = found.key !== '' && found.key === keyOf(fstatSync(descriptor, { bigint: true }), settledBefore());
    const after = this.scan(this.before, isSame ? found : undefined);
    const touched = touchedPaths(this.before, after);
    const changes = changesBetween(treeAt(touched, this.before), treeAt(touched, after));
    const run = {
      before: new FoundTree(this.before), after: new FoundTree(after), changes,
      changedAt: new Map([...changes.keys()].flatMap((path) => {
        const ctime = after.get(path)?.ctime;
        return ctime === undefined ? [] : [[path, ctime] as const];
      })),
    };
    return { run, isWhole: keep && this.restore([...new Set([...touched, ...this.taken])].sort(), after) };
  }

  /** What appeared goes now; what changed or went comes back with the next run's archive. */
  private restore(touched: readonly string[], after: Snapshot): boolean {
    const changes = changesBetween(treeAt(touched, this.kept), treeAt(touched, after));
    let removed = '/';
    try {
      for (const { path, kind, before, after: found } of changes.values()) {
        if ((kind === 'created' || before?.kind !== found?.kind) && !path.startsWith(`${removed}/`)) {
          rmSync(pathOf(this.sandbox.root + path), { recursive: true, force: true });
          removed = path;
        }
        if (!before) continue;
        const member = memberFor(path, before);
        if (!member) return false;
        this.repairs.push({ ...member, mtime: this.kept.get(path)?.mtime });
      }
    } catch {
      // Another owner's private directory, a path that is too long: a new sandbox is cheaper than a better broom.
      return false;
    }
    const timed = this.restoreTimes(touched, changes, after);
    this.kept = withEntries(this.kept, touched.flatMap((path) => {
      const [was, now] = [this.kept.get(path), after.get(path)];
      return was ? [[path, now && !changes.has(path) && !timed.has(path) ? now : { ...was, key: '' }]] : [];
    }));
    return attributesOf(fstatSync(this.top.descriptor, { bigint: true })) === this.top.attributes;
  }

  /** @returns the paths whose times come back: of what was touched and is the same, and of directories in which anything was put back. */
  private restoreTimes(touched: readonly string[], changes: ReadonlyMap<string, Change>, after: Snapshot): ReadonlySet<string> {
    const stirred = new Set([...changes.keys()].map((path) => parentsOf(path)[0] ?? '/'));
    for (const path of touched) {
      const was = this.kept.get(path);
      if (was?.mtime === undefined) continue;
      const isPutBack = changes.has(path) ? was.entry.kind === 'directory' : after.get(path)?.mtime !== was.mtime;
      if (isPutBack || stirred.has(path)) this.times.push({ path, type: 'time', mtime: was.mtime });
    }
    const { mtime } = this.top.found;
    if (mtime !== undefined && (stirred.has('/') || fstatSync(this.top.descriptor, { bigint: true }).mtimeNs !== mtime)) this.times.push({ path: '/', type: 'time', mtime });
    return new Set(this.times.map(({ path }) => path));
  }

  /** Gives back what it holds open. */
  close(): void {
    this.held?.close();
    if (this.held) closeSync(this.top.descriptor);
    this.held = undefined;
  }

  private scan(earlier: Snapshot, top: Found | undefined): Snapshot {
    const { root, namespaces } = this.sandbox;
    return scan({
      root, mounts: [MEMORY], insideOwner, top, isFixed: leadsToTool,
      stats: (path, found) => this.held?.stats(path, found),
      readInside: (path) => readInside(namespaces, path),
    }, earlier);
  }
}

/** A link that makes a tool: only a script that means to harm would touch one. */
function leadsToTool(target: string): boolean {
  return target.startsWith(`${HOST}/`);
}

function attributesOf({ mode, uid, gid }: BigIntStats): string {
  return `${mode} ${uid}:${gid}`;
}

function withEntries(snapshot: Snapshot, entries: readonly (readonly [string, Found])[]): Snapshot {
  return entries.length === 0 ? snapshot : new Map([...snapshot, ...entries]);
}
