import { parseLog, pidsIn, type LogRecord } from '../shell/protocol.js';
import type { Acted, BackgroundExit, Executed, RealWait, Sleep, Step, Waited, Witnessed } from '../shell/run.js';
import type { Call, Site } from '../stubs/call.js';
import { BASH_SIDE } from '../sandbox/places.js';
import { BackgroundJobs } from './background-jobs.js';
import { CallStacks, framesIn } from './call-stacks.js';
import { Story, type Happened } from './happened.js';
import type { MissingCommand } from './missing-command.js';
import { readMoment, waitingMoment, type Moment } from './moments.js';
import { Witness } from './witness.js';

/** What a log says, put in order. */
export interface Recording {
  readonly calls: readonly Call[];
  readonly steps: readonly Step[];
  /** Where the main process was last, innermost first. */
  readonly lastStack: readonly Site[];
  /** Commands that do not exist, each with where it was called. */
  readonly undeclared: readonly MissingCommand[];
  /** Background jobs that ended, in that order, as far as their exit codes are known. */
  readonly background: readonly BackgroundExit[];
  /** What was given and cannot be had, so that nothing was run. */
  readonly refused: string | undefined;
  /** By a virtual clock. */
  readonly sleeps: readonly Sleep[];
  readonly realWaits: readonly RealWait[];
  /** What happened to witnessed paths. */
  readonly witnessed: ReadonlyMap<string, Witnessed>;
  /** Moments that were told, in order. */
  readonly moments: readonly Moment[];
  /** Of those that have moments, the names of processes that were started in the background. */
  readonly jobs: readonly string[];
  /** Where the actor of a sweep acted, or a process was held. */
  readonly acted: readonly Acted[];
  /** Programs that told of themselves, of a run that asks. */
  readonly executed: readonly Executed[];
  /** Where processes had waited for their jobs. */
  readonly waits: readonly Waited[];
  /** Numbers of the processes that records tell of. */
  readonly processes: ReadonlySet<number>;
  /** Which process led to which, as far as it is known. */
  readonly parents: ReadonlyMap<number, number>;
  readonly happened: readonly Happened[];
  /** A call by the id that its stub gave it. */
  callById(id: string): Call | undefined;
  /** The call stack of any process at the end, by pid; of a background job, where it was started. */
  stackOf(pid: number): readonly Site[];
}

/** How records that do not lie in the log itself are read. */
export interface RecordingOptions {
  /** Seconds since the epoch at which the run started. */
  readonly started: number;
  /** Reads a file of the box's `big` folder. */
  readonly readBig: (name: string) => Buffer;
  /** The run's exit code, when it has ended: that of the calls that the end of its shell ended. */
  readonly exitCode: number | undefined;
  /** The paths that the run was to witness. */
  readonly witness?: readonly string[];
  /** Milliseconds from `started` to the end of the called shell. */
  readonly ended?: number;
}

/** Reads a run's log. */
export function readRecording(log: Buffer, options: RecordingOptions): Recording {
  let reader = new Reader(options);
  for (const record of parseLog(log)) {
    if (record.type === 'X') reader = new Reader(options);
    else reader.read(record);
  }
  return reader.finish();
}

type OpenCall = { -readonly [Key in keyof Call]: Call[Key] };

/** Puts a log in order, record by record. */
export class Reader {
  private readonly stacks = new CallStacks();
  private readonly jobs = new BackgroundJobs();
  private readonly witness = new Witness();
  private readonly steps: Step[] = [];
  private readonly moments: Moment[] = [];
  private readonly names = new Map<number, string>();
  private readonly acted: Acted[] = [];
  /** How many steps and calls were before the last moment: a process that is held there is told of once the others wait. */
  private atMoment = 0;
  /** The calls so far. */
  readonly calls: OpenCall[] = [];
  private readonly byId = new Map<string, OpenCall>();
  private readonly parents = new Map<number, number>();
  private readonly undeclared: MissingCommand[] = [];
  private readonly executed: Executed[] = [];
  private readonly processes = new Set<number>();
  private readonly waits: Waited[] = [];
  private readonly waiting = new Set<number>();
  /** Of those that began to wait, whose step of the `wait` itself was told. */
  private readonly stepped = new Set<number>();
  private readonly sleeps: Sleep[] = [];
  private readonly realWaits: RealWait[] = [];
  private readonly story = new Story();
  private refused: string | undefined;
  private main: number | undefined;
  private latest = 0;
  private order = 0;
  private lastTime = 0;

  constructor(private readonly options: RecordingOptions) {}

  read(record: LogRecord): void {
    const { type, fields } = record;
    const text = (index: number) => fields[index]?.toString() ?? '';
    switch (type) {
      case 'S':
        this.step(text(0).split(' ').map(Number), text(1), text(2));
        break;
      case 'F': {
        const [pid = 0, parent = 0, background = 0, entered = 0] = text(0).split(' ').map(Number);
        this.parents.set(pid, parent);
        this.processes.add(pid);
        this.stacks.fork(pid, parent, framesIn(fields.slice(1)));
        if (this.jobs.fork(pid, parent, background, { made: this.stacks.of(pid).slice(entered), parent: this.stacks.of(parent) })) this.adopt(background, parent);
        break;
      }
      case 'P':
        this.stacks.startedBy(Number(text(0)), this.chain(text(1)).slice(1));
        break;
      case 'B': {
        const [pid, code] = [Number(text(0)), Number(text(1))];
        this.processes.add(pid);
        this.waited(pid);
        this.endCalls(pid, code, this.milliseconds(text(2)));
        this.jobs.end(pid, code, this.lastTime);
        break;
      }
      case 'V':
        this.waiting.add(Number(text(0)));
        break;
      case 'L':
        for (const part of parseLog(this.options.readBig(text(0)))) this.read(part);
        break;
      case 'C':
        this.begin(fields);
        break;
      case 'E': {
        const call = this.byId.get(text(0));
        // A function's end may be told twice, first by who saw it.
        if (!call || call.exitCode !== undefined) break;
        Object.assign(call, { exitCode: Number(text(1)), end: this.milliseconds(text(2)) });
        this.story.ended(call);
        if (!call.isFunction) this.jobs.end(call.pid, Number(text(1)), this.lastTime);
        break;
      }
      case 'A': {
        const pids = this.chain(text(0));
        const [argv, rest] = [fields.slice(2, 2 + Number(text(1))).map(String), fields.slice(2 + Number(text(1))).map(String)];
        const environment = rest.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const);
        this.executed.push({ argv, environment, pid: pids[0] ?? 0, stack: this.stacks.through(pids) });
        break;
      }
      case 'W':
        this.witness.read(text(0), text(1), this.stacks.through([this.latest]));
        break;
      case 'M':
        this.moments.push(readMoment(record, (pids) => this.stacks.through(this.chain(pids.join(',')))));
        this.names.set(Number.parseInt(text(0), 10), this.moments.at(-1)!.process);
        this.atMoment = this.order;
        break;
      case 'Q': {
        const [what, number] = text(0).split(' ');
        if (what !== 'waits') this.acted.push({ what: what as Acted['what'], time: Number(text(1)), order: what === 'holds' ? this.atMoment : this.order });
        else this.moments.push(waitingMoment(Number(number), Number(text(1)), this.main === undefined ? [] : this.stacks.of(this.main)));
        break;
      }
      case 'I': {
        const call = this.byId.get(text(0));
        if (call) call.stdin = this.options.readBig(`${text(0)}.in`).toString();
        break;
      }
      case 'T': {
        const pids = this.chain(text(0));
        this.sleeps.push({ program: text(1), time: Number(text(3)) * 1000, start: this.milliseconds(text(2)), ended: undefined, pid: pids[0] ?? 0, ancestors: pids, order: this.order, site: this.stacks.through(pids)[0] });
        this.story.slept(this.sleeps.at(-1)!);
        break;
      }
      case 'D':
        Object.assign(this.sleeps.findLast(({ pid }) => pid === Number(text(0))) ?? {}, { ended: this.sinceStart(text(1)) });
        break;
      case 'J':
        this.story.moved(this.sinceStart(text(0)), text(1), this.steps.length);
        break;
      case 'K':
        this.story.told(text(0));
        break;
      case 'R':
        this.realWaits.push({ program: text(1), stack: this.stacks.through(this.chain(text(0))) });
        break;
      case 'G':
        this.refused ??= text(0);
        break;
      case 'U':
        this.missing([Number(text(0)), ...pidsIn(text(1))], text(2), text(3), Number(text(4)), fields[5]?.toString());
        break;
    }
  }

  /** A call by the id that its stub gave it. */
  callById(id: string): Call | undefined {
    return this.byId.get(id);
  }

  finish(): Recording {
    const { stacks, jobs, main } = this;
    if (main !== undefined && this.options.exitCode !== undefined) this.endCalls(main, this.options.exitCode, this.lastTime);
    return {
      calls: this.calls, steps: this.steps, moments: this.moments, acted: this.acted, jobs: jobs.pids.flatMap((pid) => this.names.get(pid) ?? []), sleeps: this.sleeps, realWaits: this.realWaits, undeclared: this.undeclared, background: jobs.ended(this.options.ended ?? Infinity),
      lastStack: main === undefined ? [] : stacks.of(main),
      refused: this.refused,
      witnessed: this.witness.found(this.options.witness ?? []),
      executed: this.executed, processes: this.processes, waits: this.waits, parents: this.parents, happened: this.story.all,
      callById: (id) => this.callById(id),
      stackOf: (pid) => {
        const stack = stacks.of(pid);
        return stack.length > 0 ? stack : jobs.stackOf(pid);
      },
    };
  }

  private step([pid = 0, previousStatus = 0, depth = 0, line = 0, background = 0]: number[], name: string, file: string): void {
    this.main ??= pid;
    this.processes.add(pid);
    this.waited(pid);
    if (this.waiting.delete(pid)) this.stepped.add(pid);
    this.latest = pid;
    // `$!` belongs to what the process executed before this step.
    if (this.jobs.started(pid, background, this.stacks.of(pid))) this.adopt(background, pid);
    const shown = this.stacks.step(pid, depth, { file, line, function: name });
    if (shown) this.steps.push({ ...shown, pid, depth, previousStatus, order: this.order++ });
  }

  /** A job is known from here on. */
  private adopt(job: number, starter: number): void {
    this.stacks.adopt(job, starter, this.jobs.stackOf(job));
    this.story.started(job, starter);
  }

  /** Whatever a process tells after the step of a `wait` comes after its jobs. */
  private waited(pid: number): void {
    if (this.stepped.delete(pid)) this.waits.push({ pid, calls: this.calls.length });
  }

  private begin(fields: readonly Buffer[]): void {
    const [id = '', ancestors = '', name = '', time = '', cwd = '', form = ''] = fields.slice(0, 6).map(String);
    const pids = this.chain(ancestors);
    const stack = this.stacks.through(pids);
    const rawArgs = fields.slice(6);
    const call: OpenCall = {
      name, rawArgs, args: rawArgs.map(String), stdin: undefined, cwd, exitCode: undefined, start: this.milliseconds(time), end: undefined,
      pid: pids[0] ?? 0, ancestors: pids, site: stack[0], stack, index: this.calls.length, isFunction: form === 'f',
    };
    this.calls.push(call);
    this.story.began(call);
    this.byId.set(id, call);
    this.order += 1;
  }

  /** Processes as a record tells them, innermost first; a shell that called a function tells itself alone. */
  private chain(text: string): number[] {
    const pids = pidsIn(text);
    for (const pid of pids) this.processes.add(pid);
    pids.slice(1).forEach((parent, index) => this.parents.set(pids[index] as number, parent));
    for (let pid = this.parents.get(pids.at(-1) as number); pid !== undefined && !pids.includes(pid); pid = this.parents.get(pid)) pids.push(pid);
    return pids;
  }

  /** Functions that a process was in when it ended. */
  private endCalls(pid: number, exitCode: number, end: number): void {
    for (const call of this.calls) {
      if (!call.isFunction || call.pid !== pid || call.exitCode !== undefined) continue;
      Object.assign(call, { exitCode, end: Math.max(end, call.start) });
      this.story.ended(call);
    }
  }

  private missing(pids: readonly number[], name: string, file: string, line: number, searchPath: string | undefined): void {
    const stack = this.stacks.through(pids);
    const isScript = file !== '' && !file.startsWith(BASH_SIDE);
    this.undeclared.push({ name, searchPath, stack: stack.length > 0 || !isScript ? stack : [{ file, line, function: 'main' }] });
  }

  private milliseconds(seconds: string): number {
    this.lastTime = this.sinceStart(seconds);
    return this.lastTime;
  }

  /** Milliseconds since the run's start, to the microsecond as they are told; bash writes the decimal sign of the script's locale. */
  private sinceStart(seconds: string): number {
    return Math.max(0, Math.round((Number(seconds.replace(',', '.')) - this.options.started) * 1e6) / 1e3);
  }
}
