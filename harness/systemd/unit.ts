import type { Files } from './files.js';
import type { Journal } from './journal.js';
import type { Processes } from './processes.js';
import { partsOf, withSpecifiers } from './specifiers.js';
import type { Streams } from './streams.js';
import { listOf, unitNames, type UnitConfig } from './unit-files.js';
import type { Setting } from './unit-text.js';
import { booleanOf, spanOf } from './values.js';

/** systemd(1): the states that every unit has. */
export const ACTIVE_STATES = ['active', 'reloading', 'inactive', 'failed', 'activating', 'deactivating'] as const;

/** One of them. */
export type ActiveState = (typeof ACTIVE_STATES)[number];

/** What a job does: systemd(1), "CONCEPTS". */
export type JobType = 'start' | 'stop' | 'restart' | 'reload';

/** What became of a job. */
export type JobResult = 'done' | 'canceled' | 'timeout' | 'failed' | 'dependency' | 'skipped' | 'assert' | 'invalid' | 'unsupported';

/** A timer that can be taken back. */
export interface Timer {
  readonly time: number;
  readonly act: () => void;
}

/** What a unit has of its manager. */
export interface Context {
  /** Milliseconds since the run began, since the epoch by the run's clock, and for how long the machine was up before the run. */
  readonly now: number;
  readonly date: number;
  readonly up: number;
  readonly journal: Journal;
  readonly processes: Processes;
  /** The tree as it is now. */
  readonly files: Files;
  /** @param span milliseconds; Infinity: never. */
  after(span: number, act: () => void): Timer | undefined;
  cancel(timer: Timer | undefined): void;
  /** A unit has come from one state to another. */
  changed(unit: Unit, before: ActiveState): void;
  /** Has a unit started or stopped because of another, which asks for it. @returns whether there is such a unit. */
  request(type: JobType, name: string, by: string): boolean;
  /** Whether a job to stop the unit waits or runs. */
  isStopping(unit: Unit): boolean;
  /** What services print. */
  readonly streams: Streams;
  /** A number that no life of a unit had before. */
  invocation(): string;
}

/** Conditions or assertions that do not hold. */
export interface Unmet {
  /** `ConditionPathExists=/x`, as the journal has it: the one that decides. */
  readonly text: string;
  /** All that were looked at until then and do not hold. */
  readonly all: readonly string[];
  /** Whether none of those with a pipe sign holds, of which one would do. */
  readonly isTrigger: boolean;
}

/** A unit in memory. */
export abstract class Unit {
  active: ActiveState = 'inactive';
  sub = 'dead';
  /** What the last life came to: `success`, `exit-code` and so on. */
  result = 'success';
  /** Milliseconds since the run began: when it last came to a state of the kind, and left it. */
  readonly times: { changed?: number; activeEnter?: number; activeExit?: number; inactiveEnter?: number; inactiveExit?: number } = {};
  conditionResult = false;
  /** What kept it from starting when that was tried last, and when: milliseconds since the run began. */
  unmet: (Unmet & { readonly kind: 'Condition' | 'Assert'; readonly time: number }) | undefined;
  /** How much the journal held when it last began to start: what came before is of an earlier life. */
  firstEntry = 0;
  private rate = { begin: -Infinity, count: 0 };

  constructor(readonly name: string, public config: UnitConfig, protected readonly context: Context) {}

  /** Begins to start it. Conditions and the limit of starts have been looked at. */
  abstract start(): void;
  /** Begins to stop it. */
  abstract stop(): void;

  /** It runs since before the run began; no process of it is here. @param time when it was started: milliseconds since the run began, 0 or less. */
  assume(time: number): void {
    this.active = 'active';
    this.sub = 'active';
    Object.assign(this.times, { changed: time, inactiveExit: time, activeEnter: time });
  }

  /** Begins to reload it; only where {@link canReload}. */
  reload(): void {}

  get canReload(): boolean {
    return false;
  }

  get type(): string {
    return partsOf(this.name).type;
  }

  get description(): string {
    const last = this.last('Unit', 'Description');
    return last === undefined ? this.name : withSpecifiers(last.value, partsOf(this.name), last.place);
  }

  /** `x.service - What it is`, as messages have it. */
  get title(): string {
    return this.description === this.name ? this.name : `${this.name} - ${this.description}`;
  }

  last(section: string, key: string): Setting | undefined {
    const found = this.config.settings.findLast((setting) => setting.section === section && setting.key === key);
    return found?.value === '' ? undefined : found;
  }

  list(section: string, key: string): Setting[] {
    return listOf(this.config.settings, section, key);
  }

  names(key: string, section = 'Unit'): string[] {
    return unitNames(this.config, section, key);
  }

  boolean(section: string, key: string, otherwise: boolean): boolean {
    const setting = this.last(section, key);
    return setting === undefined ? otherwise : booleanOf(setting);
  }

  span(section: string, key: string, otherwise: number): number {
    const setting = this.last(section, key);
    return setting === undefined ? otherwise : spanOf(setting);
  }

  /** Whether it may be started once more: systemd.unit(5), StartLimitIntervalSec=. Counts the start. */
  mayStart(): boolean {
    const setting = this.last('Unit', 'StartLimitIntervalSec') ?? this.last('Unit', 'StartLimitInterval') ?? this.last('Service', 'StartLimitInterval');
    const burst = Number((this.last('Unit', 'StartLimitBurst') ?? this.last('Service', 'StartLimitBurst'))?.value ?? 5);
    const interval = setting === undefined ? 10_000 : spanOf(setting);
    if (interval === 0 || burst === 0) return true;
    // A machine that waits for an interval comes later than at its end.
    if (this.context.now - this.rate.begin >= interval) this.rate = { begin: this.context.now, count: 0 };
    this.rate.count += 1;
    return this.rate.count <= burst;
  }

  /** It was started too often. */
  refuseStart(): void {
    this.context.journal.say(this.name, `${this.name}: Start request repeated too quickly.`);
    if (this.result === 'success') this.result = 'start-limit-hit';
    this.context.journal.say(this.name, `${this.name}: Failed with result '${this.result}'.`);
    this.enter('failed', 'failed');
  }

  /** `systemctl reset-failed`. */
  reset(): void {
    this.rate = { begin: -Infinity, count: 0 };
    this.result = 'success';
    if (this.active === 'failed') this.enter('inactive', 'dead');
  }

  /** Comes to a state, tells the manager. */
  protected enter(active: ActiveState, sub: string): void {
    const before = this.active;
    const { now } = this.context;
    const wasOff = before === 'inactive' || before === 'failed';
    const isOff = active === 'inactive' || active === 'failed';
    const wasOn = before === 'active' || before === 'reloading';
    const isOn = active === 'active' || active === 'reloading';
    if (before !== active || this.sub !== sub) this.times.changed = now;
    if (wasOff && !isOff) {
      this.times.inactiveExit = now;
      this.firstEntry = this.context.journal.entries.length;
    }
    if (!wasOff && isOff) this.times.inactiveEnter = now;
    if (!wasOn && isOn) this.times.activeEnter = now;
    if (wasOn && !isOn) this.times.activeExit = now;
    this.active = active;
    this.sub = sub;
    this.context.changed(this, before);
  }
}
