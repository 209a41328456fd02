import { commandsOf, type Command } from './command-line.js';
import { execute, type Execution } from './execution.js';
import { problem } from './problem.js';
import { partsOf } from './specifiers.js';
import { Unit, type ActiveState, type Timer } from './unit.js';
import { signalName, signalOf, type Ending } from './values.js';

/** The states of a service, as `systemctl show -p SubState` names them, and what each counts as. */
export const STATES = {
  'dead': 'inactive', 'condition': 'activating', 'start-pre': 'activating', 'start': 'activating', 'start-post': 'activating', 'running': 'active', 'exited': 'active',
  'reload': 'reloading', 'stop': 'deactivating', 'stop-watchdog': 'deactivating', 'stop-sigterm': 'deactivating', 'stop-sigkill': 'deactivating', 'stop-post': 'deactivating',
  'final-sigterm': 'deactivating', 'final-sigkill': 'deactivating', 'failed': 'failed', 'auto-restart': 'activating',
} as const satisfies Record<string, ActiveState>;

/** A state of a service. */
export type State = keyof typeof STATES;

/** A state in which what was signalled is waited for. */
export type Signalled = 'stop-watchdog' | 'stop-sigterm' | 'stop-sigkill' | 'final-sigterm' | 'final-sigkill';

/** The directives that hold commands. */
export type CommandList = 'ExecCondition' | 'ExecStartPre' | 'ExecStart' | 'ExecStartPost' | 'ExecReload' | 'ExecStop' | 'ExecStopPost';

/** What the journal calls the commands of a list. */
const TASKS: Readonly<Record<CommandList, string>> = { ExecCondition: 'exec-condition', ExecStartPre: 'start-pre', ExecStart: 'start', ExecStartPost: 'start-post', ExecReload: 'reload', ExecStop: 'stop', ExecStopPost: 'stop-post' };

const TYPES = ['simple', 'exec', 'forking', 'oneshot', 'notify', 'notify-reload', 'idle', 'dbus'];

/** One command of a service that ran, as `systemctl status` lists it. */
export interface Ran {
  readonly list: CommandList;
  readonly execution: Execution;
  ending: Ending | undefined;
  /** Milliseconds since the run began. */
  readonly start: number;
  end: number | undefined;
}

/** A service's processes: which it has, how they are begun and signalled. What follows from that is {@link Service}'s. */
export abstract class ServiceProcesses extends Unit {
  state: State = 'dead';
  main: Ran | undefined;
  /** Of Type=forking: the process that was left. */
  mainPid: number | undefined;
  /** All commands of the present life. */
  ran: Ran[] = [];
  invocation = '';
  protected control: Ran | undefined;
  /** Commands of the list that runs, still to come. */
  protected waiting: Command[] = [];
  protected timer: Timer | undefined;

  /** Ends what is there, then what stopping means. */
  protected abstract signalAll(state: Signalled, result: string): void;
  /** Its time for this state is over. */
  protected abstract timedOut(): void;

  /** The type, as Type= says. @throws StrictError for one that does not exist, or that the stand-in does not do. */
  get kind(): string {
    const setting = this.last('Service', 'Type');
    if (setting && !TYPES.includes(setting.value)) throw problem(setting.place, `Type=${setting.value} is none of ${TYPES.join(', ')}`);
    if (setting && ['dbus', 'notify-reload'].includes(setting.value)) throw problem(setting.place, `the stand-in does not do Type=${setting.value}`);
    return setting?.value ?? (this.list('Service', 'ExecStart').length === 0 ? 'oneshot' : 'simple');
  }

  /** The pid of the main process, 0 where there is none. */
  get livingMain(): number {
    const pid = this.mainPid ?? (this.main?.ending ? undefined : this.main?.execution.process.pid);
    return pid !== undefined && this.context.processes.isAlive(pid) ? pid : 0;
  }

  /** What it has been waiting for when everything waits: the command that runs now, for the journal. */
  get speaker(): { readonly identifier: string; readonly pid: number } {
    const { execution } = this.control ?? this.main ?? this.ran.at(-1) ?? {};
    const path = execution?.command.path ?? this.name;
    return { identifier: this.last('Service', 'SyslogIdentifier')?.value ?? path.slice(path.lastIndexOf('/') + 1), pid: execution?.process.pid ?? 0 };
  }

  /** WatchdogSec=: milliseconds, 0 for none. */
  get watchdogSpan(): number {
    const span = this.span('Service', 'WatchdogSec', 0);
    return span === Infinity ? 0 : span;
  }

  /** Comes to a state. */
  protected set(state: State): void {
    this.state = state;
    this.enter(STATES[state], state);
  }

  protected say(message: string): void {
    this.context.journal.say(this.name, `${this.name}: ${message}`);
  }

  protected arm(span: number): void {
    this.context.cancel(this.timer);
    this.timer = this.context.after(span, () => this.timedOut());
  }

  protected commands(list: CommandList): Command[] {
    return commandsOf(this.list('Service', list), partsOf(this.name), (path) => this.context.files.kind(path) === 'file');
  }

  /** Begins the first command of a list, and comes to the state in which it runs. @returns false where the list is empty. */
  protected runList(state: State, list: CommandList): boolean {
    const [first, ...rest] = this.commands(list);
    if (!first) return false;
    this.waiting = rest;
    if (this.begin(list, first)) this.set(state);
    return true;
  }

  /** Begins a command beside the main process, within its time. @returns false where it cannot be begun: the service has ended. */
  protected begin(list: CommandList, command: Command): boolean {
    this.control = this.run(list, command);
    if (!this.control) return false;
    const isStop = list === 'ExecStop' || list === 'ExecStopPost';
    const otherwise = this.span('Service', 'TimeoutSec', this.kind === 'oneshot' && !isStop ? Infinity : 90_000);
    this.arm(this.span('Service', isStop ? 'TimeoutStopSec' : 'TimeoutStartSec', otherwise));
    return true;
  }

  /** Begins a command. @returns undefined where it cannot be begun: the service has ended. */
  protected run(list: CommandList, command: Command): Ran | undefined {
    this.context.streams.drain(this.name, false);
    const execution = execute(this, this.context, command, this.invocation, this.variables(list));
    if (!execution) {
      this.say(`Failed to run '${TASKS[list]}' task: No such file or directory`);
      this.signalAll('final-sigterm', 'resources');
      return undefined;
    }
    const ran: Ran = { list, execution, ending: undefined, start: this.context.now, end: undefined };
    this.ran.push(ran);
    return ran;
  }

  /** Variables that depend on what a command is for: systemd.exec(5). */
  private variables(list: CommandList): Record<string, string> {
    const main = this.livingMain;
    const ending = this.main?.ending;
    const isStop = list === 'ExecStop' || list === 'ExecStopPost';
    const watchdog = this.watchdogSpan;
    return {
      ...(main !== 0 && list !== 'ExecStart' && { MAINPID: String(main) }),
      ...((this.kind === 'notify' || watchdog > 0) && { NOTIFY_SOCKET: '/run/systemd/notify' }),
      ...(list === 'ExecStart' && watchdog > 0 && { WATCHDOG_USEC: String(watchdog * 1000) }),
      ...(isStop && { SERVICE_RESULT: this.result }),
      ...(isStop && ending && { EXIT_CODE: ending.code, EXIT_STATUS: ending.code === 'exited' ? String(ending.status) : signalName(ending.status) }),
    };
  }

  /** Signals what is left of it, as KillMode= says. @returns whether anything was. */
  protected signalLeft(state: Signalled): boolean {
    const { processes } = this.context;
    const mode = this.killMode;
    const isKill = state.endsWith('sigkill');
    const [directive, otherwise] = state === 'stop-watchdog' ? ['WatchdogSignal', 6] as const : isKill ? ['FinalKillSignal', 9] as const : ['KillSignal', 15] as const;
    const named = this.last('Service', directive);
    const signal = signalName(named ? signalOf(named) : otherwise);
    const members = processes.membersOf(this.invocation);
    const main = [this.livingMain, this.control?.execution.process.pid ?? 0].filter((pid) => members.includes(pid));
    const targets = mode === 'none' ? [] : mode === 'process' || (mode === 'mixed' && !isKill) ? main : members;
    if (otherwise !== 15) for (const pid of targets) this.say(`Killing process ${pid} (${processes.nameOf(pid)}) with signal SIG${signal}.`);
    if (!processes.signal(targets, signal)) return false;
    if (otherwise === 15 && this.boolean('Service', 'SendSIGHUP', false)) processes.signal(targets, 'HUP');
    return true;
  }

  protected isAnyoneLeft(): boolean {
    return ['process', 'none'].includes(this.killMode) ? this.livingMain !== 0 : this.context.processes.membersOf(this.invocation).length > 0;
  }

  private get killMode(): string {
    return this.last('Service', 'KillMode')?.value ?? 'control-group';
  }
}
