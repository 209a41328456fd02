import { sandboxLost } from '../diagnostics/strict-messages.js';
import { insideOf } from '../sandbox/beside.js';
import { Box } from '../sandbox/box.js';
import { firstTree, nulEnded, rigMembers } from '../sandbox/image.js';
import { enter } from '../sandbox/enter.js';
import { KeptTree } from '../sandbox/kept-tree.js';
import { startSandbox, type Sandbox } from '../sandbox/sandbox.js';
import { noteOf, type Told } from '../steps/happened.js';
import { readRecording } from '../steps/recording.js';
import type { Tree } from '../tree/entry.js';
import { packTar } from '../tree/tar.js';
import { clockRequest, exceededBy, timeOf } from '../clock/clock.js';
import { actByRealTime } from '../clock/real-time.js';
import { Conversation } from './conversation.js';
import { environmentOf } from './environment.js';
import type { Inside } from '../stubs/supervisor.js';
import { sourcingFault } from './judge-sourcing.js';
import { commandOf, isNamed } from './processes.js';
import { encodeRequest } from './protocol.js';
import type { Execution, SessionOptions, SessionResult, SessionRun } from './session-work.js';
import { Slots } from './slots.js';
import { Streams } from './streams.js';

/** How long the server may take to answer after a run was stopped, before the sandbox itself is ended; milliseconds. */
const GRACE = 3000;

/** Exit code of what SIGKILL ended. */
const KILLED = 137;

/** A sandbox whose bash has sourced the scripts and forks once a run. Runs one at a time. */
export class Session {
  private readonly sandbox: Sandbox;
  private readonly box: Box;
  private readonly slots: Slots;
  private readonly options: SessionOptions;
  private kept: KeptTree | undefined;
  private readonly ownLists: string;
  private lists: string;
  private listener: (line: string) => void = () => {};
  private lost = false;
  private closed = false;
  /** False while a run goes on, and after one that could not be undone. */
  private isWhole = true;
  private stderrAtEnd = '';
  /** With the run that goes on by a virtual clock. */
  talk: Conversation | undefined;

  private constructor(options: SessionOptions, sandbox: Sandbox) {
    this.options = options;
    this.ownLists = [options.stubs, options.spies].map(nulEnded).join('\n');
    this.lists = this.ownLists;
    this.sandbox = sandbox;
    this.box = new Box(sandbox.root, (line) => this.listener(line));
    this.slots = new Slots(this.box, sandbox.proc);
    void this.untilEnd();
  }

  /** Starts a sandbox and sources the scripts. @throws StrictError `source-failed` or `undeclared-command`; Error when there can be no sandbox. */
  static async start(options: SessionOptions): Promise<Session> {
    const lists = {
      scripts: options.source,
      environment: environmentOf(options.env),
      stubs: options.stubs,
      spies: options.spies,
      clock: options.clock === undefined ? [] : [String(options.clock)],
    };
    const members = [...rigMembers(lists), ...options.members, ...firstTree(options.tools, options.files, options.clock !== undefined), ...options.stubPrograms];
    const sandbox = await startSandbox({ ...options.limits, env: options.env, image: packTar(members, timeOf(options.clock)) });
    const session = new Session(options, sandbox);
    try {
      await session.source();
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  private async untilEnd(): Promise<void> {
    this.stderrAtEnd = await this.sandbox.ended;
    this.lost = true;
    this.listener('lost');
  }

  /** Whether another run can be given to it. */
  get isUsable(): boolean {
    return this.isWhole && !this.lost;
  }

  /** What is in the tree between runs. */
  tree(): Tree {
    return this.kept?.tree ?? new Map();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.sandbox.kill();
    this.lost = true;
    this.listener = () => {};
    this.box.close();
    this.kept?.close();
    this.sandbox.close();
  }

  private async source(): Promise<void> {
    const { box, options, sandbox } = this;
    let exceeded: 'time' | 'output' | undefined;
    const stop = (reason: 'time' | 'output') => {
      exceeded ??= reason;
      sandbox.kill();
    };
    const streams = new Streams(box, options.limits.output, () => stop('output'));
    const started = Date.now() / 1000;
    const timer = setTimeout(() => stop('time'), options.limits.time);
    box.hold(true);
    // The server waits for a reader of its streams, which the box now is, and needs no other word to begin.
    const line = await this.next((said) => said === 'sourced');
    clearTimeout(timer);
    box.hold(false);
    streams.finish();
    const recording = readRecording(box.log(), { started, readBig: () => Buffer.alloc(0), exitCode: undefined });
    const fault = sourcingFault({ recording, streams, exceeded, exitCode: line === 'lost' ? await sandbox.exitCode : undefined }, options);
    if (fault) throw fault;
    box.seal();
    this.kept = new KeptTree(sandbox);
  }

  /** Executes one run. @throws StrictError `sandbox-lost` when the sandbox ended under it; whatever `answer` throws. */
  async run(run: SessionRun): Promise<SessionResult> {
    const { box, kept } = this;
    if (!kept) throw new Error('shellrig bug: a run before the scripts were sourced');
    this.isWhole = false;
    const members = kept.begin(run.members, run.without);
    // A fresh process sources the scripts again: in the tree put back, before anything is given.
    const repairs = members.slice(0, run.request.process === 'fresh' ? members.length - run.members.length : 0);
    const given = members.slice(repairs.length);
    if (repairs.length > 0) box.replace('tar/0', packTar(repairs, timeOf(this.options.clock)));
    if (given.length > 0) box.put('given.tar', packTar(given, timeOf(this.options.clock)));
    if (run.stdin) box.put('stdin', run.stdin);
    const stubs = this.putLists(run);
    if (run.witness.length > 0) box.put('witness', nulEnded(run.witness));
    const { memory, processes } = run.limits;
    box.put('request', encodeRequest({ op: 'run', ...run.request, stubs, clock: clockRequest(run.start, run.limits, run.schedule), memory, processes, witness: run.witness.length > 0, unpack: given.length > 0, repair: repairs.length > 0, stdin: run.stdin !== undefined }));
    box.begin(run);

    const { line, exceeded, thrown, leftovers, streams, started, duration, lateness } = await this.execute(run);
    const lost = line === 'lost' || this.lost;
    // A run that only the end of its sandbox could stop.
    const exitCode = lost ? KILLED : Number(line.split(' ')[1]);
    const recording = readRecording(box.log(), {
      started: started / 1000, exitCode: lost ? undefined : exitCode, ended: duration - lateness,
      witness: run.witness, readBig: (name) => this.readBig(name),
    });
    if (lost && thrown) throw thrown.error;
    if (lost && !exceeded) {
      throw sandboxLost({ ended: 'killed', asked: { ...run.request, hostPaths: this.options.hostPaths }, stderr: Buffer.concat([...streams.err, Buffer.from(this.stderrAtEnd)]) });
    }
    const boxIsWhole = !lost && box.isWhole();
    const variables = boxIsWhole ? box.variables() : undefined;
    // What exceeded the limit of output has left some of it in the pipes.
    const tree = kept.end(boxIsWhole && exceeded !== 'output');
    this.isWhole = tree.isWhole && box.clean();
    // A sandbox that cannot be put back is not worth a repair: the next run gets a new one.
    if (!this.isWhole) this.close();
    if (thrown) throw thrown.error;
    return {
      exitCode, exceeded, leftovers, began: run.start, duration, lateness, recording, variables,
      stdout: Buffer.concat(streams.out), stderr: Buffer.concat(streams.err), output: Buffer.concat(streams.both),
      ...tree.run,
    };
  }

  /** Has the server run what the box holds, until that and what it left running have ended. */
  private async execute(run: SessionRun): Promise<Execution> {
    const { box, sandbox } = this;
    let exceeded: Execution['exceeded'];
    // A stub that never gets its answer would wait until the limit of time and hide the reason.
    let thrown: Execution['thrown'];
    let lastResort: NodeJS.Timeout | undefined;
    let isOver = false;
    const end = () => {
      sandbox.stopRun();
      lastResort ??= setTimeout(() => sandbox.kill(), GRACE);
    };
    const stop = (reason: 'time' | 'output') => {
      exceeded ??= reason;
      end();
    };
    const fail = (error: unknown) => {
      thrown ??= { error };
      end();
    };
    const streams = new Streams(box, run.limits.output, () => stop('output'));
    const started = Date.now();
    const timer = setTimeout(() => stop('time'), run.limits.time);
    box.hold(true);
    try {
      box.go();
      if (this.options.clock === undefined) void actByRealTime(run.schedule, () => isOver || this.lost, fail);
      const talk = new Conversation(box, this.slots, run, () => this.lost, fail);
      this.talk = this.options.clock === undefined ? undefined : talk;
      const line = await this.next((said) => talk.hear(said));
      const { clock } = talk;
      clearTimeout(timer);
      clearTimeout(lastResort);
      lastResort = setTimeout(() => sandbox.kill(), run.limits.background + GRACE);
      const ended = Date.now();
      const isLate = line !== 'lost' && !line.endsWith(' alone');
      const leftovers = isLate ? await this.endBackground(clock ? 0 : run.limits.background, run.owns) : [];
      if (isLate && run.witness.length > 0) await this.ask('look', 'looked');
      return {
        line, leftovers, streams, thrown, exceeded: exceeded ?? exceededBy(clock),
        ...(clock ? { started: (run.start ?? 0) * 1000, duration: clock.all, lateness: clock.all - clock.shell } : { started, duration: Date.now() - started, lateness: isLate ? Date.now() - ended : 0 }),
      };
    } finally {
      isOver = true;
      clearTimeout(timer);
      clearTimeout(lastResort);
      box.hold(false);
      this.slots.clear();
      streams.finish();
    }
  }

  /** @returns whether a run's stubs are others than those that the scripts were sourced with. */
  private putLists(run: SessionRun): boolean {
    const lists = [run.stubs, run.spies].map(nulEnded) as [Buffer, Buffer];
    const text = lists.join('\n');
    if (text !== this.lists) {
      this.lists = text;
      this.box.put('stubs', lists[0]);
      this.box.put('spies', lists[1]);
    }
    return text !== this.ownLists;
  }

  /** Resolves with the first line that `accept` takes, or `lost`. */
  private next(accept: (line: string) => boolean): Promise<string> {
    if (this.lost) return Promise.resolve('lost');
    return new Promise((resolve) => {
      this.listener = (line) => {
        if (line === 'lost' || accept(line)) resolve(line);
      };
    });
  }

  /** Waits for what the run left in the background, then ends it. @returns what had to be ended. */
  private async endBackground(limit: number, owns: (pid: number) => boolean): Promise<{ pid: number; command: string }[]> {
    const { sandbox } = this;
    const deadline = Date.now() + limit;
    while (sandbox.processes().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 1));
    const left = sandbox.processes().filter((pid) => !owns(pid)).map((pid) => ({ pid, command: commandOf(sandbox.proc, pid) })).filter(({ command }) => command !== '');
    if (sandbox.processes().length === 0) return [];
    await this.ask('kill', 'killed');
    while (!this.lost && sandbox.processes().length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    return left;
  }

  /** Has the server do something between runs. */
  private async ask(op: 'kill' | 'look', answer: string): Promise<void> {
    this.box.put('request', encodeRequest({ op }));
    const said = this.next((line) => line === answer);
    this.box.go();
    await said;
  }

  /** A record that does not lie in the log itself; empty when it is gone. */
  readBig(name: string): Buffer {
    return this.lost ? Buffer.alloc(0) : this.box.read(`big/${name}`);
  }

  /** What was recorded so far, or what came behind so many bytes. */
  log(from = 0): Buffer {
    return this.box.log(from);
  }

  /** Has the log tell of what the host does. */
  note(told: Told): void {
    this.box.note(noteOf(told));
  }

  /** The processes of a name, as they see themselves. */
  pidsOf(name: string): number[] {
    return this.sandbox.processes().filter((pid) => isNamed(this.sandbox.proc, pid, name));
  }

  /** As a supervisor of the run that begins now, and its actors, meet it. */
  inside(): Inside {
    return insideOf(this.sandbox, this.box.beside, this.options.clock, (change, time) => this.note({ kind: 'changed', time, change }));
  }

  /** Acts in the sandbox while a run goes on. @param where `among its processes` for what has to see and signal them. */
  act(command: readonly string[], input?: Buffer, where: 'beside' | 'among its processes' = 'beside'): Promise<void> {
    return enter(where === 'beside' ? this.sandbox.namespaces : this.sandbox.among, command, input);
  }
}
