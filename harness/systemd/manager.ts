import type { Call } from '../stubs/call.js';
import type { Answer } from '../stubs/stub.js';
import type { Inside, Supervision } from '../stubs/supervisor.js';
import type { Tree } from '../tree/entry.js';
import { problem } from './problem.js';
import { liveFiles, treeFiles, type Files } from './files.js';
import { Jobs } from './jobs.js';
import { Journal } from './journal.js';
import { makeUnit } from './make-unit.js';
import { PathUnit, PlainUnit, Trigger } from './plain-units.js';
import { Processes } from './processes.js';
import { refusalOf } from './refusal.js';
import { reportOf, type SystemdReport, type Transition } from './report.js';
import { Service } from './service.js';
import { Streams } from './streams.js';
import { Transactions } from './transactions.js';
import { Turns, type Request } from './turns.js';
import { Unit, type ActiveState, type Context, type JobType, type Timer } from './unit.js';
import { REACHED_TARGETS, UnitFiles } from './unit-files.js';

/** How commands of systemd are answered: bash text, or undefined while the answer is not there yet. */
export type Answering = (request: Request, manager: Manager) => void;

/** What a spec says of the machine. */
export interface Options {
  /** Units that run since before the run began, and for how many milliseconds then. No process of them is there. */
  readonly active: ReadonlyMap<string, number>;
  /** Milliseconds that the machine has been up when the run begins. */
  readonly up: number;
}

/** systemd's manager in one run: its units, jobs, timers and processes. */
export class Manager implements Supervision, Context {
  now = 0;
  readonly asks = true;
  readonly files: Files;
  readonly journal: Journal;
  readonly processes: Processes;
  readonly turns: Turns;
  readonly streams: Streams;
  readonly jobs: Jobs;
  readonly transactions: Transactions;
  /** What units went through, in order. */
  readonly transitions: Transition[] = [];
  unitFiles: UnitFiles;
  private readonly units = new Map<string, Unit>();
  /** Units that are no longer in memory, as they were last. */
  private readonly past = new Map<string, Unit>();
  private readonly timers = new Set<Timer>();
  /** Those that were waited for once. */
  private readonly orphans = new Set<number>();
  private invocations = 0;
  /** Whether processes have ended that are not gone yet: everything else waits for that. */
  private isBurying = false;
  private isOver = false;

  constructor(readonly inside: Inside, private readonly before: () => Tree, private readonly options: Options, private readonly respond: Answering) {
    this.files = liveFiles(inside.root);
    this.unitFiles = new UnitFiles(this.files);
    this.journal = new Journal(() => this.date);
    this.processes = new Processes(inside);
    this.turns = new Turns(inside, this.processes);
    this.streams = new Streams(inside, this.journal);
    this.transactions = new Transactions(this);
    this.jobs = new Jobs({
      journal: this.journal,
      isAfter: (unit, other) => this.transactions.isAfter(unit, other),
      requiring: (unit) => this.transactions.requiring(unit),
      refuse: (unit) => refusalOf(unit, this),
      now: () => this.now,
    });
  }

  get date(): number {
    return this.inside.started + this.now;
  }

  get up(): number {
    return this.options.up;
  }

  get next(): number | undefined {
    return this.isOver || this.timers.size === 0 ? undefined : Math.min(...[...this.timers].map(({ time }) => time));
  }

  answer(call: Call): Pick<Answer, 'mode' | 'text'> {
    return this.turns.take(call);
  }

  hear(words: string): void {
    const [what, turn] = words.split(' ');
    if (what === 'worked') this.turns.hear(Number(turn));
    else this.processes.hear(words);
  }

  async perform(now: number): Promise<boolean> {
    if (this.isOver) return false;
    this.now = now;
    this.unitFiles.forget();
    this.processes.forget();
    this.turns.forgetEnded();
    this.begin();
    // What was ordered when everything last waited is done by now.
    let acted = false;
    while (this.settle()) acted = true;
    if (this.processes.carryOut() || this.isBurying) return true;
    // By the real clock it may still be on its way.
    if (this.processes.isKeeperDue) return acted;
    if (this.turns.isEndDue && this.hasNewOrphans()) return true;
    if (this.turns.end()) return true;
    if (!acted && this.isAlone()) {
      this.isOver = true;
      this.processes.end();
      return true;
    }
    return acted;
  }

  buried(): readonly number[] {
    const watched = new Set([...this.units.values()].map((unit) => (unit instanceof Service ? unit.mainPid : undefined)));
    return this.processes.orphans().filter((pid) => !watched.has(pid));
  }

  /** Whether some have ended that are still to be buried: who is answered now would meet them. */
  private hasNewOrphans(): boolean {
    const found = this.buried().filter((pid) => !this.orphans.has(pid));
    for (const pid of found) this.orphans.add(pid);
    return found.length > 0;
  }

  stateOf(name: string): ActiveState {
    return this.units.get(name)?.active ?? 'inactive';
  }

  end(): SystemdReport {
    this.streams.drainAll(true);
    return reportOf([...new Map([...this.past, ...this.units]).values()].filter(({ config }) => config.load !== 'not-found'), this);
  }

  readonly owns = (pid: number): boolean => this.processes.owns(pid);

  after(span: number, act: () => void): Timer | undefined {
    if (span === Infinity) return undefined;
    const timer = { time: this.now + span, act };
    this.timers.add(timer);
    return timer;
  }

  cancel(timer: Timer | undefined): void {
    if (timer) this.timers.delete(timer);
  }

  changed(unit: Unit, before: ActiveState): void {
    if (before !== unit.active) this.inside.tell({ supervisor: 'systemd', subject: unit.name, state: unit.active }, this.now);
    this.transitions.push({ unit: unit.name, time: this.now, from: before, to: unit.active, sub: unit.sub });
    this.jobs.changed(unit);
    this.transactions.changed(unit, before);
  }

  request(type: JobType, name: string, by: string): boolean {
    const unit = this.unit(name);
    if (unit.config.load !== 'loaded') return false;
    this.transactions.enqueue(unit, type, by);
    return true;
  }

  readonly isStopping = (unit: Unit): boolean => this.jobs.of(unit)?.type === 'stop';

  invocation(): string {
    this.invocations += 1;
    return this.invocations.toString(16).padStart(32, '5e');
  }

  /** The unit of a name, read where it is not in memory or may be read anew. */
  unit(name: string): Unit {
    const canonical = this.unitFiles.canonicalName(name);
    const present = this.units.get(canonical);
    if (present) return present;
    const unit = makeUnit(canonical, this.unitFiles.load(canonical), this);
    this.units.set(canonical, unit);
    return unit;
  }

  /** Units in memory. */
  loaded(): readonly Unit[] {
    return [...this.units.values()];
  }

  /** Timers, paths and sockets that start a unit. */
  triggersOf(unit: Unit): Unit[] {
    return this.loaded().filter((one) => one instanceof Trigger && one.config.load === 'loaded' && one.triggered === unit.name);
  }

  /** Whether a unit's files are others than those that were read. */
  isStale(unit: Unit): boolean {
    return this.unitFiles.load(unit.name).source !== unit.config.source;
  }

  /** `systemctl daemon-reload`. */
  reloadAll(): void {
    for (const unit of this.units.values()) unit.config = this.unitFiles.load(unit.name);
    this.readReached();
  }

  /** Once, before the first thing: what was there before the run. */
  private begin(): void {
    if (this.units.size > 0) return;
    // What was in memory at the start is as the files were then, whatever the script has written since.
    this.unitFiles = new UnitFiles(treeFiles(this.before(), this.files));
    this.readReached();
    for (const [name, since] of this.options.active) {
      const unit = this.unit(name);
      if (unit.config.load !== 'loaded') throw problem(`active: ['${name}']`, `there is no such unit: it is ${unit.config.load}`);
      if (unit instanceof Service || unit instanceof PlainUnit) unit.assume(-since);
      else unit.start();
    }
    this.unitFiles = new UnitFiles(this.files);
  }

  /** Targets that are reached hold the units that they want in memory. */
  private readReached(): void {
    for (const name of REACHED_TARGETS) {
      const isNew = !this.units.has(name);
      const target = this.unit(name);
      if (isNew && target instanceof PlainUnit) target.assume(0);
      for (const wanted of [...target.config.wants, ...target.config.requires]) this.unit(wanted);
    }
  }

  /** Lets go of units that nothing holds in memory: they are read anew when they are named again, and know nothing. */
  private collect(): void {
    const kept = new Set<string>();
    const waiting = [...this.units.values()].filter((unit) => unit.active !== 'inactive' || this.jobs.of(unit));
    for (let unit = waiting.pop(); unit; unit = waiting.pop()) {
      if (kept.has(unit.name)) continue;
      kept.add(unit.name);
      for (const name of this.transactions.names(unit)) {
        const other = this.units.get(name);
        if (other) waiting.push(other);
      }
    }
    for (const [name, unit] of this.units) {
      if (kept.has(name)) continue;
      this.units.delete(name);
      this.past.set(name, unit);
    }
  }

  /** One round of what is due. @returns whether anything was. */
  private settle(): boolean {
    let acted = false;
    this.streams.drainAll();
    const { ended, isBurying } = this.processes.look();
    this.isBurying = isBurying;
    for (const process of ended) {
      acted = true;
      for (const unit of this.units.values()) if (unit instanceof Service && process.ending) unit.ended(process, process.ending);
    }
    if (isBurying) return acted;
    for (const timer of [...this.timers].filter(({ time }) => time <= this.now).sort((one, other) => one.time - other.time)) {
      if (!this.timers.delete(timer)) continue;
      acted = true;
      timer.act();
    }
    for (const unit of this.units.values()) if ((unit instanceof Service || unit instanceof PathUnit) && unit.look()) acted = true;
    if (this.turns.goOn()) acted = true;
    const request = this.turns.next();
    if (request) {
      acted = true;
      this.collect();
      this.respond(request, this);
    }
    return this.jobs.run() || acted;
  }

  /** Whether nobody is left but units that have come to rest. */
  private isAlone(): boolean {
    if (this.turns.state !== 'answered' || this.jobs.count > 0) return false;
    if ([...this.units.values()].some(({ active }) => ['activating', 'deactivating', 'reloading'].includes(active))) return false;
    return this.processes.hasKeeper && !this.processes.hasOthers();
  }
}
