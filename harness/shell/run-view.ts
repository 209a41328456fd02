import type { IFs } from 'memfs';
import stripAnsi from 'strip-ansi';
import { effects } from '../diagnostics/effects.js';
import type { Call } from '../stubs/call.js';
import type { FileEntry } from '../tree/entry.js';
import { Timeline } from '../timeline/timeline.js';
import { parentsOf } from '../tree/compare.js';
import { nearestPaths } from '../tree/nearest.js';
import { canonicalPath } from '../tree/specs.js';
import { readingFace, type Reading } from '../tree/reading-face.js';
import { volumeOf } from '../tree/volume.js';
import { requireRecorded } from '../diagnostics/require-recorded.js';
import type { BackgroundExit, Looked, Run, RunRecord, Sleep } from './run.js';
import { variableFrom, variableNames } from './variables.js';

/** A run as a spec reads it, over its plain record. */
export class RunView implements Run {
  readonly record: RunRecord;
  readonly looked = new Set<Looked>();
  private readonly declarations: string | undefined;
  private volume: IFs | undefined;
  private made: Timeline | undefined;

  /** @param declarations what `declare -p` printed at the called shell's end, if it did. */
  constructor(record: RunRecord, declarations: string | undefined) {
    this.record = record;
    this.declarations = declarations;
  }

  get exitCode(): number {
    this.looked.add('exitCode');
    return this.record.exitCode;
  }

  get stdout(): string {
    this.looked.add('stdout');
    return stripAnsi(this.record.stdout.toString());
  }

  get stderr(): string {
    this.looked.add('stderr');
    return stripAnsi(this.record.stderr.toString());
  }

  get output(): string {
    this.looked.add('stdout').add('stderr');
    return stripAnsi(this.record.output.toString());
  }

  get allCalls(): readonly Call[] {
    return this.lookAt(this.record.calls);
  }

  get background(): readonly BackgroundExit[] {
    return this.record.background;
  }

  get duration(): number {
    return this.record.duration;
  }

  get sleeps(): readonly Sleep[] {
    if (!this.record.sleeps) throw new Error("run.sleeps: sleeps are recorded by a virtual clock only, and this shell has clock: 'real'");
    return this.record.sleeps;
  }

  get timeline(): Timeline {
    this.made ??= new Timeline(this.record);
    return this.made;
  }

  get events(): readonly unknown[] {
    return this.lookAt(this.record.events).map(({ value }) => value);
  }

  get fs(): IFs {
    this.volume ??= readingFace(volumeOf(this.record.after), (path, reading) => this.lookAtPath(path, reading));
    return this.volume;
  }

  calls(name: string): readonly Call[] {
    requireRecorded(name, this.record);
    return this.lookAt(this.record.calls.filter((call) => call.name === name));
  }

  file(path: string): FileEntry & { readonly text: string } {
    this.lookAtPath(path, 'itself');
    const entry = this.record.after.get(canonicalPath(path, this.record.after));
    if (entry?.kind !== 'file') {
      const near = nearestPaths(path, this.record.after);
      throw new Error(`${path} is ${entry ? `a ${entry.kind}, not a file` : 'not there after the run'}${near.length > 0 ? `; near it: ${near.join(', ')}` : ''}`);
    }
    return { ...entry, get text() { return entry.content.toString(); } };
  }

  variable(name: string): string | readonly string[] | Readonly<Record<string, string>> | undefined {
    if (this.record.context.verb === 'exec') {
      throw new Error(`run.variable('${name}'): a script run with .exec() is a process of its own, and its variables end with it; use .call() or .source()`);
    }
    if (!this.declarations) {
      throw new Error(`run.variable('${name}'): the shell left in a way that keeps nothing: by set -e, an error of bash, a signal or exec`);
    }
    return variableFrom(this.declarations, name);
  }

  /** The names of all shell variables that held something after the run; undefined when it told of none. */
  get variableNames(): readonly string[] | undefined {
    return this.declarations ? variableNames(this.declarations) : undefined;
  }

  effects(options: { readonly at?: boolean } = {}): string {
    this.looked.add('stdout').add('stderr');
    for (const things of [this.record.calls, this.record.events, this.record.changes.values()]) this.lookAt(things);
    return effects(this.record, options);
  }

  private lookAt<Things extends Iterable<Looked>>(things: Things): Things {
    for (const thing of things) this.looked.add(thing);
    return things;
  }

  private lookAtPath(path: string, reading: Reading): void {
    const { after, before, changes } = this.record;
    for (const spelt of new Set([canonicalPath(path, after), canonicalPath(path, before)])) {
      for (const change of reading === 'itself' ? [changes.get(spelt)] : changes.values()) {
        if (change && isRead(change.path, spelt, reading)) this.looked.add(change);
      }
    }
  }
}

function isRead(path: string, from: string, reading: Reading): boolean {
  if (path === from) return true;
  const parents = parentsOf(path);
  return reading === 'names' ? (parents[0] ?? '/') === from : reading === 'all names' && (from === '/' || parents.includes(from));
}
