import type { Task } from '../stubs/supervisor.js';
import type { Journal } from './journal.js';
import { Service } from './service.js';
import type { Timer, Unit, JobResult, JobType, ActiveState } from './unit.js';

/** Something that a unit is to do. */
export interface Job {
  /** Its number, from 1. */
  readonly id: number;
  readonly unit: Unit;
  type: JobType;
  state: 'waiting' | 'running';
  /** Whether it cannot come to anything: what it needs was not there when it was queued. */
  isDoomed: boolean;
  /** Of a restart: whether there was anything to stop. */
  hasStopped: boolean;
  readonly onEnd: ((result: JobResult) => void)[];
  timer: Timer | undefined;
  /** What is told of it. */
  readonly task: { -readonly [Key in keyof Task]: Task[Key] };
}

/** What jobs need of the manager. */
export interface JobWorld {
  readonly journal: Journal;
  /** Units that a unit is ordered after, by After= of its own and Before= of others. */
  isAfter(unit: Unit, other: Unit): boolean;
  /** Units that need this one to have been started: they fail where it does. */
  requiring(unit: Unit): readonly Unit[];
  /** Why a unit may not start, or undefined: tells the journal. */
  refuse(unit: Unit): JobResult | undefined;
  /** Milliseconds since the run began. */
  readonly now: () => number;
}

/** The jobs that wait and run, at most one a unit. */
export class Jobs {
  /** Of all jobs that ever were, in the order in which they were added. */
  readonly tasks: Task[] = [];
  private readonly all = new Map<Unit, Job>();
  private latest = 0;

  constructor(private readonly world: JobWorld) {}

  of(unit: Unit): Job | undefined {
    return this.all.get(unit);
  }

  get count(): number {
    return this.all.size;
  }

  list(): readonly Job[] {
    return [...this.all.values()];
  }

  /**
   * Adds a job, or has one of its kind that is there already stand for it; one of another kind is cancelled.
   * @param by who asks for it: see {@link Task}. @returns undefined where there is nothing to do.
   */
  add(unit: Unit, type: JobType, by: Task['by']): Job | undefined {
    const present = this.all.get(unit);
    if (present) {
      const merged = mergeOf(present.type, type);
      if (merged === present.type && (present.state === 'waiting' || type !== 'restart')) return present;
      if (merged !== undefined && present.state === 'waiting') {
        present.type = merged;
        return present;
      }
      this.finish(present, 'canceled');
    } else if (isDone(unit, type)) {
      return undefined;
    }
    this.latest += 1;
    const task = { subject: unit.name, what: type, asked: this.world.now(), began: undefined, ended: undefined, by, after: undefined };
    const job: Job = { id: this.latest, unit, type, state: 'waiting', isDoomed: false, hasStopped: false, onEnd: [], timer: undefined, task };
    this.tasks.push(task);
    this.all.set(unit, job);
    return job;
  }

  /** Begins the jobs that nothing keeps waiting. @returns whether any did. */
  run(): boolean {
    let began = false;
    for (const job of this.list()) {
      if (job.state !== 'waiting' || this.all.get(job.unit) !== job) continue;
      if (job.type === 'start' && job.unit.active === 'deactivating' && !job.isDoomed) continue;
      const waitsFor = this.waitsFor(job);
      if (waitsFor) {
        job.task.after = waitsFor.unit.name;
        continue;
      }
      began = true;
      job.state = 'running';
      job.task.began ??= this.world.now();
      if (job.isDoomed) this.finish(job, 'dependency');
      else this.perform(job);
    }
    return began;
  }

  /** A unit has come to another state: its job may be over. */
  changed(unit: Unit): void {
    const job = this.all.get(unit);
    if (job?.state !== 'running') return;
    const { active } = unit;
    const isOff = active === 'inactive' || active === 'failed';
    if (job.type === 'stop' || job.type === 'restart') {
      if (!isOff) return;
      if (job.type === 'stop') {
        this.finish(job, 'done');
        return;
      }
      if (job.hasStopped) this.told(job, 'done');
      job.type = 'start';
      job.state = 'waiting';
      job.task.began = undefined;
      return;
    }
    if (job.type === 'reload') {
      if (active === 'active') this.finish(job, unit instanceof Service && unit.reloadFailed ? 'failed' : 'done');
      else if (active !== 'reloading') this.finish(job, 'failed');
      return;
    }
    if (active === 'active') this.finish(job, 'done');
    else if (isOff) this.finish(job, active === 'failed' ? 'failed' : unit.result === 'exec-condition' ? 'skipped' : 'done');
  }

  /** A job is over. */
  finish(job: Job, result: JobResult): void {
    if (this.all.get(job.unit) !== job) return;
    this.all.delete(job.unit);
    job.task.ended = this.world.now();
    this.told(job, result);
    if (job.type === 'start' && !['done', 'skipped', 'canceled'].includes(result)) {
      for (const unit of this.world.requiring(job.unit)) {
        const dependent = this.all.get(unit);
        if (dependent && ['start', 'restart'].includes(dependent.type) && dependent.state === 'waiting') this.finish(dependent, 'dependency');
      }
    }
    for (const act of job.onEnd) act(result);
  }

  private waitsFor({ unit, type }: Job): Job | undefined {
    return this.list().find((other) => {
      if (other.unit === unit) return false;
      const isStop = type === 'stop' || type === 'restart';
      const otherStops = other.type === 'stop' || other.type === 'restart';
      if (this.world.isAfter(unit, other.unit)) return !isStop;
      // Of two in order, the later stops first; and what stops goes before what starts.
      if (this.world.isAfter(other.unit, unit)) return otherStops;
      return false;
    });
  }

  private perform(job: Job): void {
    const { unit, type } = job;
    const { active } = unit;
    if (type === 'reload') {
      if (active === 'active') {
        unit.reload();
        if (this.all.get(unit) === job) this.world.journal.say(unit.name, `Reloading ${unit.title}...`);
        return;
      }
      this.world.journal.say(unit.name, `${unit.name}: Unit cannot be reloaded because it is inactive.`);
      this.finish(job, 'invalid');
      return;
    }
    if (type === 'stop' || type === 'restart') {
      if (active === 'inactive' || active === 'failed') {
        this.changed(unit);
        return;
      }
      job.hasStopped = true;
      if (active !== 'deactivating') unit.stop();
      if (active === 'active' && this.all.get(unit) === job && job.state === 'running' && isStopping(job)) this.world.journal.say(unit.name, `Stopping ${unit.title}...`);
      return;
    }
    if (active === 'active' || active === 'reloading') {
      this.finish(job, 'done');
      return;
    }
    if (active === 'activating' && unit.sub !== 'auto-restart') return;
    const refused = this.world.refuse(unit);
    if (refused) {
      if (this.all.get(unit) === job) this.finish(job, refused);
      return;
    }
    unit.start();
    if (this.all.get(unit) === job && unit instanceof Service) this.world.journal.say(unit.name, `Starting ${unit.title}...`);
  }

  /** What the journal has of the end of a job. */
  private told({ unit, type }: Job, result: JobResult): void {
    const { journal } = this.world;
    const isService = unit instanceof Service;
    if (type === 'stop' || type === 'restart') {
      if (result === 'done') journal.say(unit.name, isService ? `Stopped ${unit.title}.` : unit.type === 'target' ? `Stopped target ${unit.title}.` : `Stopped ${unit.title}.`);
      return;
    }
    if (type === 'reload') {
      if (result === 'done') journal.say(unit.name, `Reloaded ${unit.title}.`);
      else if (result === 'failed') journal.say(unit.name, `Reload failed for ${unit.title}.`);
      return;
    }
    if (result === 'skipped' && unit.result === 'exec-condition') journal.say(unit.name, `Condition check resulted in ${unit.title} being skipped.`);
    else if (result === 'failed') journal.say(unit.name, `Failed to ${unit.type === 'socket' ? 'listen on' : 'start'} ${unit.title}.`);
    else if (result === 'timeout') journal.say(unit.name, `Timed out starting ${unit.title}.`);
    else if (result === 'assert') journal.say(unit.name, `Assertion failed for ${unit.title}.`);
    else if (result === 'dependency') {
      journal.say(unit.name, `Dependency failed for ${unit.title}.`);
      journal.say(unit.name, `${unit.name}: Job ${unit.name}/start failed with result 'dependency'.`);
    } else if (result === 'done') journal.say(unit.name, startedText(unit));
  }
}

function startedText(unit: Unit): string {
  if (unit instanceof Service) return unit.kind === 'oneshot' ? `Finished ${unit.title}.` : `Started ${unit.title}.`;
  if (unit.type === 'target') return `Reached target ${unit.title}.`;
  if (unit.type === 'slice') return `Created slice ${unit.title}.`;
  return unit.type === 'socket' ? `Listening on ${unit.title}.` : `Started ${unit.title}.`;
}

function isStopping({ type }: Job): boolean {
  return type === 'stop' || type === 'restart';
}

/** Two jobs of a unit as one; undefined where the later takes the other's place: systemd's table of jobs that can be merged. */
function mergeOf(present: JobType, next: JobType): JobType | undefined {
  if (present === next) return present;
  if (present === 'stop' || next === 'stop') return undefined;
  if (present === 'restart' || next === 'restart') return 'restart';
  return present === 'start' ? 'start' : undefined;
}

/** Whether there is nothing to do for a job. */
function isDone({ active, sub }: Unit, type: JobType): boolean {
  const isOn: readonly ActiveState[] = ['active', 'reloading'];
  if (type === 'start') return isOn.includes(active);
  return type === 'stop' && (active === 'inactive' || active === 'failed') && sub !== 'auto-restart';
}
