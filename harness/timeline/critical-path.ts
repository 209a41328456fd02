import { durationText } from '../clock/duration.js';
import type { RunRecord } from '../shell/run.js';
import type { Site } from '../stubs/call.js';
import type { Task } from '../stubs/supervisor.js';
import { Activities, isSame, type Activity } from './activities.js';
import type { Happening, Instant } from './happening.js';
import { ACTORS, SCRIPT, type Lanes } from './lanes.js';
import { Looks } from './looks.js';
import type { Places } from './places.js';

/** A part of what an instant waited for. Times are milliseconds since the run started. */
export interface PathInterval {
  /**
   * `call`: a stub or spy took its time; `sleep`: a program slept; `look`: what was waited for was there, and had not been
   * looked at yet; `act`: an actor acts at its instant; `state`: something that a supervisor keeps was as it is told;
   * `wait`: of no length, one waits for another, whose intervals come before; `unknown`: nothing says what was waited for.
   */
  readonly kind: 'call' | 'sleep' | 'look' | 'act' | 'state' | 'wait' | 'unknown';
  readonly what: string;
  readonly lane: string;
  readonly from: number;
  readonly to: number;
  /** Of all the time up to the instant, from 0 to 1. */
  readonly share: number;
  /** Where a script was. */
  readonly site: Site | undefined;
  /** Whether what comes before it is what it waited for, as far as can be told from who did what when; else that is known. */
  readonly isPresumed: boolean;
}

interface At {
  readonly lane: string;
  readonly time: number;
}

type Part = Omit<PathInterval, 'share'>;

/** One step back: what was found, and where the path goes on. */
interface Back {
  readonly parts: readonly Part[];
  readonly next: At | undefined;
}

/** What a walk back from an instant needs of a run. */
export class Walk {
  private readonly activities: Activities;
  private readonly looks: Looks;
  private readonly tasks: readonly Task[];
  private readonly subjects: ReadonlySet<string>;
  private readonly kept: ReadonlySet<string>;
  /** Where the walk has been: nothing waits for itself. */
  private readonly seen = new Set<string>();

  constructor(record: RunRecord, private readonly happenings: readonly Happening[], private readonly lanes: Lanes, private readonly places: Places) {
    const sleeps = new Map(record.happened.flatMap((one, order) => (one.kind === 'slept' ? [[order, one.sleep.ancestors] as const] : [])));
    this.activities = new Activities(happenings, ({ call, order = -1 }) => call?.ancestors ?? sleeps.get(order) ?? []);
    this.looks = new Looks(happenings, this.activities, places);
    const reports = [...record.reports.values()];
    this.tasks = reports.flatMap(({ tasks }) => tasks);
    this.subjects = new Set([...this.tasks.map(({ subject }) => subject), ...happenings.flatMap(({ change }) => change?.subject ?? [])]);
    this.kept = new Set(reports.flatMap(({ kept }) => kept.map(({ subject }) => subject)));
  }

  /** The chain of intervals that an instant waited for, from the start of the run on, without a gap between them. */
  to({ happening, time }: Instant): PathInterval[] {
    const parts: Part[] = [];
    this.seen.clear();
    let at: At | undefined = { lane: isWritten(happening) ? this.writerAt(time) ?? SCRIPT : happening.lane, time };
    let reached = time;
    while (at && at.time > 0) {
      const key = keyOf(at);
      const back: Back = this.seen.has(key) ? { parts: [], next: undefined } : (this.seen.add(key), this.back(at, happening));
      parts.unshift(...back.parts);
      reached = back.parts[0]?.from ?? back.next?.time ?? at.time;
      at = back.next;
    }
    if (reached > 0 && !isSame(reached, 0)) parts.unshift(this.unknown(parts[0]?.lane ?? happening.lane, 0, reached));
    return merged(parts.filter(({ kind, from, to }) => kind === 'wait' || !isSame(from, to))).map((part) => ({ ...part, share: (part.to - part.from) / time }));
  }

  private back(at: At, target: Happening): Back {
    const { lane, time } = at;
    if (lane === ACTORS) return this.backFromAct(time);
    const activity = this.activities.until(lane, time);
    const origin = this.originOf(lane, time);
    if (origin && isSame(origin.began, time)) return { parts: [], next: origin.next };
    const floor = origin?.began ?? 0;
    if (activity && activity.end > floor && activity.happening !== undefined) return this.backThrough(at, activity, floor, origin?.next);
    return this.backOverGap(at, Math.max(floor, this.activities.endBefore(lane, time)), origin, target);
  }

  /** Something that took time ended then. */
  private backThrough(at: At, activity: Activity, floor: number, origin: At | undefined): Back {
    const { happening } = activity;
    const from = Math.max(activity.start, floor);
    const next = from > activity.start ? origin : { lane: at.lane, time: from };
    if (happening.kind === 'sleep') {
      const look = this.looks.before(activity, at.time);
      const cause = look && this.laneOf(look.cause, at.lane);
      const time = look?.cause.kind === 'call' ? look.cause.end ?? look.cause.start : look?.cause.start;
      if (look && cause !== undefined && time !== undefined && !this.seen.has(keyOf({ lane: cause, time }))) {
        return { parts: [{ kind: 'look', what: `${happening.what} goes on after: ${look.cause.what}`, lane: at.lane, from: time, to: at.time, site: happening.site, isPresumed: true }], next: { lane: cause, time } };
      }
    }
    const task = happening.kind === 'call' ? this.waitedFor(activity, at.time) : undefined;
    if (task) return { parts: [waits(at, `${happening.what} waits for ${task.subject}`, happening.site)], next: { lane: task.subject, time: at.time } };
    const isCut = happening.isCut === true || (activity.end > at.time && !isSame(activity.end, at.time));
    return { parts: [{ kind: happening.kind === 'sleep' ? 'sleep' : 'call', what: `${happening.what}${isCut ? ', ended before its time' : ''}`, lane: at.lane, from, to: at.time, site: happening.site, isPresumed: false }], next };
  }

  /** Nothing is recorded that took a lane's time just before: it waited for somebody else. */
  private backOverGap({ lane, time }: At, from: number, origin: { readonly began: number; readonly next: At | undefined } | undefined, target: Happening): Back {
    const next = origin && isSame(from, origin.began) ? origin.next : { lane, time: from };
    const job = this.lanes.jobsOf(lane).find((one) => this.activities.of(one.lane).some(({ end }) => isSame(end, time)));
    if (job) return { parts: [waits({ lane, time }, `waits for ${job.lane}`, this.places.of(lane, from))], next: { lane: job.lane, time } };
    if (this.subjects.has(lane) && !this.kept.has(lane)) {
      return { parts: [{ kind: 'state', what: this.stateAt(lane, from), lane, from, to: time, site: undefined, isPresumed: false }], next };
    }
    const cause = this.happenings.findLast((one) => one.lane !== lane && one !== target && one.kind !== 'file' && one.kind !== 'event' && isSame(one.kind === 'call' ? one.end ?? -1 : one.start, time) && (one.kind === 'act' || one.kind === 'state' || (one.end ?? 0) > one.start));
    const causeLane = cause && this.laneOf(cause, lane);
    if (cause && causeLane !== undefined && !this.seen.has(keyOf({ lane: causeLane, time }))) {
      return { parts: [{ ...waits({ lane, time }, `waits for ${cause.what}`, this.places.of(lane, from)), isPresumed: true }], next: { lane: causeLane, time } };
    }
    return { parts: [this.unknown(lane, from, time)], next };
  }

  /** An actor that acts at its instant waits for nothing; one that waits for something waited for what happened just before. */
  private backFromAct(time: number): Back {
    const act = this.happenings.find(({ kind, start }) => kind === 'act' && isSame(start, time));
    if (act?.deed?.because === 'time') return { parts: [{ kind: 'act', what: act.what, lane: ACTORS, from: 0, to: time, site: undefined, isPresumed: false }], next: undefined };
    const cause = this.happenings
      .flatMap((one) => (one.kind === 'act' || one.kind === 'sleep' ? [] : [{ one, order: isSame(one.start, time) ? one.order : undefined }, { one, order: isSame(one.end ?? -1, time) ? one.endOrder : undefined }]))
      .filter(({ order }) => order !== undefined && order < (act?.order ?? 0))
      .reduce<{ one: Happening; order: number | undefined } | undefined>((last, one) => (last && last.order! > one.order! ? last : one), undefined);
    return { parts: act ? [waits({ lane: ACTORS, time }, `${act.what} waits for ${cause?.one.what ?? 'what is not known'}`, undefined)] : [], next: cause && { lane: cause.one.lane, time } };
  }

  /** Where a lane began that is a job's, or what a task began of a subject's. */
  private originOf(lane: string, time: number): { readonly began: number; readonly next: At | undefined } | undefined {
    const job = this.lanes.originOf(lane);
    if (job) return { began: job.time, next: job };
    if (lane === SCRIPT || !this.subjects.has(lane)) return undefined;
    const task = this.tasks.findLast(({ subject, began }) => subject === lane && began !== undefined && (began < time || isSame(began, time)));
    if (task?.began === undefined) return { began: 0, next: undefined };
    if (task.after !== undefined && !isSame(task.began, task.asked)) return { began: task.began, next: { lane: task.after, time: task.began } };
    return { began: task.asked, next: { lane: typeof task.by === 'number' ? this.lanes.ofProcess(task.by) : task.by, time: task.asked } };
  }

  /** The task for which a call of a supervisor's stub waited: one that was done when it ended. */
  private waitedFor({ happening: { call } }: Activity, time: number): Task | undefined {
    const done = this.tasks.filter(({ ended, asked }) => ended !== undefined && isSame(ended, time) && asked < time);
    return done.find(({ by }) => by === call?.pid) ?? done.find(({ subject }) => call?.args.some((word) => subject === word || subject === `${word}.service`));
  }

  /** @param other the lane that waited for it. */
  private laneOf(cause: Happening, other: string): string | undefined {
    if (!isWritten(cause)) return cause.lane;
    const act = this.happenings.find(({ kind, start, deed }) => kind === 'act' && isSame(start, cause.start) && deed?.did.split(' ').includes(cause.path ?? ''));
    return act ? ACTORS : this.writerAt(cause.start, other);
  }

  /** Who may have changed a file: who was awake and did not wait for it, where that was one alone. */
  private writerAt(time: number, other?: string): string | undefined {
    const awake = new Set(this.happenings.filter(({ kind, start, end }) => (kind === 'call' || kind === 'sleep') && (isSame(start, time) || isSame(end ?? -1, time))).map(({ lane }) => lane));
    awake.delete(other ?? '');
    return awake.size === 1 ? [...awake][0]! : undefined;
  }

  private stateAt(subject: string, time: number): string {
    return `${subject} ${this.happenings.findLast(({ change, start }) => change?.subject === subject && start <= time)?.change?.state ?? 'as before the run'}`;
  }

  private unknown(lane: string, from: number, to: number): Part {
    const site = this.places.of(lane, from);
    const line = site && this.places.lineAt(site);
    const state = this.subjects.has(lane) ? this.stateAt(lane, from) : undefined;
    return { kind: 'unknown', what: `not known${line === undefined ? '' : `: ${line}`}${state === undefined ? '' : `, while ${state}`}`, lane, from, to, site, isPresumed: false };
  }
}

/** Whether nobody told who did it. */
function isWritten({ kind }: Happening): boolean {
  return kind === 'file' || kind === 'event';
}

function keyOf({ lane, time }: At): string {
  return `${lane} ${time}`;
}

function waits({ lane, time }: At, what: string, site: Site | undefined): Part {
  return { kind: 'wait', what, lane, from: time, to: time, site, isPresumed: false };
}

/** The same again and again in one place is told once. */
function merged(parts: readonly Part[]): Part[] {
  const result: (Part & { count: number; each: string })[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last && last.kind === 'sleep' && part.kind === 'sleep' && last.each === part.what && last.lane === part.lane && last.site?.line === part.site?.line && last.site?.file === part.site?.file) {
      result.splice(-1, 1, { ...last, to: part.to, count: last.count + 1, what: `${part.what} x ${last.count + 1} (${durationText(Math.round((part.to - last.from) * 1000) / 1000)})` });
    } else result.push({ ...part, count: 1, each: part.what });
  }
  return result.map(({ count: _count, each: _each, ...part }) => part);
}
