import { pidPath } from './execution.js';
import { spanText } from './journal.js';
import { ServiceProcesses, type State } from './service-processes.js';
import type { Timer } from './unit.js';

/** How a service comes up: from its first command until it runs. */
export abstract class ServiceStart extends ServiceProcesses {
  statusLine = '';
  /** When it was started before the run began: milliseconds since that, 0 or less. */
  assumedStart: number | undefined;
  protected lifeTimer: Timer | undefined;
  private watchdog: Timer | undefined;
  /** Set when it is asked to stop: then it is not started anew. */
  protected forbidsRestart = false;

  /** It ends: its commands for that, then {@link signalAll}. */
  protected abstract enterStop(result: string): void;

  override assume(time: number): void {
    super.assume(time);
    this.state = this.kind === 'oneshot' ? 'exited' : 'running';
    this.sub = this.state;
    this.assumedStart = time;
  }

  start(): void {
    if (this.state === 'auto-restart') this.context.cancel(this.timer);
    this.result = 'success';
    this.main = undefined;
    this.mainPid = undefined;
    this.ran = [];
    this.statusLine = '';
    this.forbidsRestart = false;
    this.invocation = this.context.invocation();
    if (!this.runList('condition', 'ExecCondition')) this.startPre();
  }

  protected startPre(): void {
    if (!this.runList('start-pre', 'ExecStartPre')) this.startMain();
  }

  protected startMain(): void {
    const commands = this.commands('ExecStart');
    const [first, ...rest] = commands;
    if (!first) {
      this.startPost();
      return;
    }
    this.waiting = rest;
    const isOneshot = this.kind === 'oneshot';
    const ran = this.run('ExecStart', first);
    if (!ran) return;
    if (this.kind === 'forking') this.control = ran;
    else this.main = ran;
    if (['simple', 'idle'].includes(this.kind)) {
      this.startPost();
      return;
    }
    this.arm(this.span('Service', 'TimeoutStartSec', this.span('Service', 'TimeoutSec', isOneshot ? Infinity : 90_000)));
    this.set('start');
  }

  protected startPost(): void {
    this.keepAlive();
    if (!this.runList('start-post', 'ExecStartPost')) this.enterRunning('success');
  }

  /** WatchdogSec=: it has said that it lives, or has come up; if it does not say so again in time, it is ended. */
  protected keepAlive(): void {
    const span = this.watchdogSpan;
    this.context.cancel(this.watchdog);
    this.watchdog = span === 0 ? undefined : this.context.after(span, () => this.fallSilent(`Watchdog timeout (limit ${spanText(span)})!`));
  }

  /** It has not said in time that it lives, or says itself that something is amiss. @param message for the journal. */
  protected fallSilent(message: string): void {
    this.say(message);
    this.signalAll('stop-watchdog', 'watchdog');
  }

  protected override set(state: State): void {
    if (!['start-post', 'running', 'reload'].includes(state)) this.context.cancel(this.watchdog);
    super.set(state);
  }

  protected enterRunning(result: string): void {
    this.context.cancel(this.timer);
    if (this.result === 'success') this.result = result;
    if (this.result !== 'success') {
      this.signalAll('stop-sigterm', result);
    } else if (this.isMainAlive()) {
      this.lifeTimer = this.context.after(this.span('Service', 'RuntimeMaxSec', Infinity), () => {
        this.say('Service reached runtime time limit. Stopping.');
        this.signalAll('stop-sigterm', 'timeout');
      });
      this.set('running');
    } else if (this.boolean('Service', 'RemainAfterExit', false)) {
      this.set('exited');
    } else {
      this.enterStop('success');
    }
  }

  protected isMainAlive(): boolean {
    if (this.mainPid !== undefined) return this.context.processes.isAlive(this.mainPid);
    return this.main !== undefined && !this.main.ending;
  }

  /** The command of Type=forking has ended: what it left is the service. */
  protected forked(): void {
    const file = this.last('Service', 'PIDFile');
    const path = file && pidPath(file.value);
    const members = this.context.processes.membersOf(this.invocation);
    const pid = path === undefined ? members[0] : Number(this.context.files.text(path)?.trim());
    if (path !== undefined && (pid === undefined || !members.includes(pid))) {
      this.say(`Can't open PID file ${path} (yet?) after start: No such file or directory`);
      this.signalAll('stop-sigterm', 'protocol');
      return;
    }
    this.mainPid = pid;
    if (pid !== undefined) this.context.processes.keep(this.name, pid);
    this.main = this.ran.findLast(({ list }) => list === 'ExecStart');
    this.startPost();
  }
}
