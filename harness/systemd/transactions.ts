import type { Task } from '../stubs/supervisor.js';
import type { Job } from './jobs.js';
import type { Manager } from './manager.js';
import { Service } from './service.js';
import { Trigger } from './plain-units.js';
import { NAMING } from './setting-checks.js';
import type { ActiveState, JobType, Unit } from './unit.js';

/** A job could not even be queued. */
export class Refused extends Error {
  /** @param exitCode of systemctl. */
  constructor(message: string, readonly exitCode: number, readonly hint?: string) {
    super(message);
  }
}

/** What jobs follow from a job, by the dependencies of systemd.unit(5). */
export class Transactions {
  constructor(private readonly manager: Manager) {}

  /** Names of all units that a unit's directives and directories name. */
  names(unit: Unit): Set<string> {
    return new Set([...NAMING.flatMap((key) => unit.names(key)), ...unit.config.wants, ...unit.config.requires, ...(unit instanceof Trigger ? [unit.triggered] : [])]);
  }

  /**
   * Adds the job and all that follow from it.
   * @param by who asks for it: the process that called systemctl, or a unit. @returns the job, if there is anything to do. @throws Refused
   */
  enqueue(unit: Unit, type: JobType, by: Task['by']): Job | undefined {
    const planned = new Map<Unit, JobType>();
    if (type === 'start' || type === 'restart') this.planStart(unit, type, planned, true);
    else if (type === 'stop') this.planStop(unit, planned);
    else this.planReload(unit, planned);
    const jobs = [...planned].map(([one, what]) => [one, this.manager.jobs.add(one, what, by)] as const);
    for (const [one, job] of jobs) if (job?.type === 'start' && one.names('Requisite').some((name) => !ON.has(this.manager.unit(name).active))) job.isDoomed = true;
    return jobs.find(([one]) => one === unit)?.[1];
  }

  /** Whether a unit is ordered after another. */
  isAfter(unit: Unit, other: Unit): boolean {
    if (this.lists(unit, 'After', other.name) || this.lists(other, 'Before', unit.name)) return true;
    // Targets come after what they pull in: systemd.target(5), "Default Dependencies".
    if (unit.type !== 'target' || !unit.boolean('Unit', 'DefaultDependencies', true) || this.lists(other, 'After', unit.name)) return false;
    return [...this.required(unit), ...unit.names('Wants'), ...unit.config.wants].includes(other.name);
  }

  /** Units that require this one, and fail to start where it does. */
  requiring(unit: Unit): Unit[] {
    return this.others(unit).filter((other) => this.required(other).some((name) => this.manager.unit(name) === unit));
  }

  /** A unit has come from one state to another: those that it takes along. */
  changed(unit: Unit, before: ActiveState): void {
    const isOff = unit.active === 'inactive' || unit.active === 'failed';
    const wasOff = before === 'inactive' || before === 'failed';
    const willRestart = unit instanceof Service && unit.willRestart;
    if (isOff && !wasOff) {
      for (const other of this.others(unit)) {
        // What is bound to it goes with it, however it went.
        if (this.lists(other, 'BindsTo', unit.name) && !OFF.has(other.active) && !this.manager.jobs.of(other)) this.manager.jobs.add(other, 'stop', unit.name);
      }
      if (!willRestart) for (const name of unit.names(unit.active === 'failed' ? 'OnFailure' : 'OnSuccess')) {
        this.manager.journal.say(unit.name, `${unit.name}: Triggering ${unit.active === 'failed' ? 'OnFailure' : 'OnSuccess'}= dependencies.`);
        this.manager.request('start', name, unit.name);
      }
    }
    for (const trigger of this.manager.triggersOf(unit)) if (trigger instanceof Trigger) trigger.onTriggered(isOff && unit.sub !== 'auto-restart' && !willRestart);
  }

  private planStart(unit: Unit, type: 'start' | 'restart', planned: Map<Unit, JobType>, isAnchor: boolean): void {
    if (planned.has(unit)) return;
    const { load } = unit.config;
    if (load === 'not-found') throw new Refused(`Unit ${unit.name} not found.`, 5);
    if (load === 'masked') throw new Refused(`Unit ${unit.name} is masked.`, 1);
    if (load === 'bad-setting') {
      this.manager.journal.say(unit.name, `${unit.name}: ${unit.config.complaint ?? ''}`);
      throw new Refused(`Unit ${unit.name} has a bad unit file setting.`, 1, `See system logs and 'systemctl status ${unit.name}' for details.`);
    }
    if (isAnchor && unit.boolean('Unit', 'RefuseManualStart', false)) throw new Refused('Operation refused, unit ' + `${unit.name} may be requested by dependency only (it is configured to refuse manual start/stop).`, 1);
    planned.set(unit, type);
    for (const name of this.required(unit)) this.planStart(this.manager.unit(name), 'start', planned, false);
    for (const name of [...unit.names('Wants'), ...unit.config.wants]) {
      const attempt = new Map(planned);
      try {
        this.planStart(this.manager.unit(name), 'start', attempt, false);
        for (const [one, what] of attempt) if (!planned.has(one)) planned.set(one, what);
      } catch (error) {
        // What is only wanted may be missing.
        if (!(error instanceof Refused)) throw error;
      }
    }
    for (const other of this.manager.loaded()) {
      if (other !== unit && (this.lists(unit, 'Conflicts', other.name) || this.lists(other, 'Conflicts', unit.name)) && !OFF.has(other.active)) this.planStop(other, planned);
    }
    if (type === 'restart') for (const other of this.others(unit)) if (!OFF.has(other.active) && this.followsStop(other, unit) && !planned.has(other)) this.planStart(other, 'restart', planned, false);
  }

  private planStop(unit: Unit, planned: Map<Unit, JobType>): void {
    if (planned.get(unit) === 'stop') return;
    planned.set(unit, 'stop');
    for (const other of this.others(unit)) if ((!OFF.has(other.active) || this.manager.jobs.of(other)) && this.followsStop(other, unit)) this.planStop(other, planned);
  }

  private planReload(unit: Unit, planned: Map<Unit, JobType>): void {
    if (planned.has(unit)) return;
    planned.set(unit, 'reload');
    for (const name of unit.names('PropagatesReloadTo')) {
      const other = this.manager.unit(name);
      if (ON.has(other.active) && other.canReload) this.planReload(other, planned);
    }
    for (const other of this.others(unit)) if (this.lists(other, 'ReloadPropagatedFrom', unit.name) && ON.has(other.active) && other.canReload) this.planReload(other, planned);
  }

  /** Whether a unit is stopped with another. */
  private followsStop(other: Unit, unit: Unit): boolean {
    return this.required(other).some((name) => name === unit.name) || ['PartOf', 'Requisite', 'StopPropagatedFrom'].some((key) => this.lists(other, key, unit.name)) || this.lists(unit, 'PropagatesStopTo', other.name);
  }

  private required(unit: Unit): string[] {
    return [...unit.names('Requires'), ...unit.names('BindsTo'), ...unit.config.requires];
  }

  private lists(unit: Unit, key: string, name: string): boolean {
    return unit.names(key).includes(name);
  }

  private others(unit: Unit): Unit[] {
    return this.manager.loaded().filter((other) => other !== unit && other.config.load === 'loaded');
  }
}

const OFF: ReadonlySet<ActiveState> = new Set(['inactive', 'failed']);
const ON: ReadonlySet<ActiveState> = new Set(['active', 'reloading']);
