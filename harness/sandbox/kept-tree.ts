import { closeSync, fstatSync, openSync, rmSync, type BigIntStats } from 'node:fs';
import { changesBetween } from '../tree/compare.js';
import type { Change, Tree } from '../tree/entry.js';
import { FoundTree, touchedPaths, treeAt } from '../tree/found-tree.js';
import { pathOf } from '../tree/names.js';
import { keyOf, scan, settledBefore, type Found, type Snapshot } from '../tree/scan.js';
import { entryOf, memberFor } from '../tree/specs.js';
import type { TarMember } from '../tree/tar.js';
import { readInside } from './enter.js';
import { HeldDescriptors, O_PATH } from './held-descriptors.js';
import { insideOwner } from './owners.js';
import { MEMORY, RIG } from './places.js';
import type { Sandbox } from './sandbox.js';

/** What a run found and what it left. */
export interface TreeOfRun {
  readonly before: Tree;
  readonly after: Tree;
  readonly changes: ReadonlyMap<string, Change>;
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
    this.top = { descriptor, attributes: attributesOf(stats), found: { entry, names, key: keyOf(stats, settledBefore()) } };
    this.held = new HeldDescriptors(sandbox.root, this.kept);
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
  begin(given: readonly TarMember[], without: readonly string[] = []): TarMember[] {
    const gone = new Set(without);
    const members = [...this.repairs.filter(({ path }) => !gone.has(path)), ...given];
    this.repairs = [];
    const inTree = members.filter(({ path }) => !path.startsWith(`${RIG}/`));
    this.before = withEntries(this.takeAway(without), inTree.map((member) => [member.path, { key: '', entry: entryOf(member) }]));
    this.taken = without.filter((path) => !this.before.has(path));
    return members;
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
    const run = {
      before: new FoundTree(this.before), after: new FoundTree(after),
      changes: changesBetween(treeAt(touched, this.before), treeAt(touched, after)),
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
        this.repairs.push(member);
      }
    } catch {
      // Another owner's private directory, a path that is too long: a new sandbox is cheaper than a better broom.
      return false;
    }
    this.kept = withEntries(this.kept, touched.flatMap((path) => {
      const [was, now] = [this.kept.get(path), after.get(path)];
      return was ? [[path, now && !changes.has(path) ? now : { ...was, key: '' }]] : [];
    }));
    return attributesOf(fstatSync(this.top.descriptor, { bigint: true })) === this.top.attributes;
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
      root, mounts: [MEMORY], insideOwner, top,
      stats: (path, found) => this.held?.stats(path, found),
      readInside: (path) => readInside(namespaces, path),
    }, earlier);
  }
}

function attributesOf({ mode, uid, gid }: BigIntStats): string {
  return `${mode} ${uid}:${gid}`;
}

function withEntries(snapshot: Snapshot, entries: readonly (readonly [string, Found])[]): Snapshot {
  return entries.length === 0 ? snapshot : new Map([...snapshot, ...entries]);
}
