import { removeDirectories } from './execution.js';
import type { Process } from './process.js';
import { STATES, type Ran, type Signalled } from './service-processes.js';
import { ServiceStart } from './service-start.js';
import { holds, isClean, statusSet, statusText, type Ending } from './values.js';

/** A service and what it goes through: systemd.service(5). */
export class Service extends ServiceStart {
  restarts = 0;
  /** The last reload did not come off. */
  reloadFailed = false;
  /** While it comes to an end from which it will be started anew. */
  willRestart = false;

  override get canReload(): boolean {
    return this.list('Service', 'ExecReload').length > 0;
  }

  stop(): void {
    this.forbidsRestart = true;
    if (this.state === 'auto-restart') {
      this.context.cancel(this.timer);
      this.set('dead');
    } else if (this.state === 'running' || this.state === 'exited') {
      this.enterStop('success');
    } else if (['condition', 'start-pre', 'start', 'start-post', 'reload'].includes(this.state)) {
      this.signalAll('stop-sigterm', 'success');
    }
  }

  override reload(): void {
    this.reloadFailed = false;
    this.runList('reload', 'ExecReload');
  }

  override reset(): void {
    super.reset();
    this.restarts = 0;
    if (this.state === 'failed') this.state = 'dead';
  }

  override refuseStart(): void {
    super.refuseStart();
    this.state = 'failed';
  }

  /** A process of it said so, by systemd-notify: sd_notify(3). */
  notify(variables: readonly string[]): void {
    for (const variable of variables) {
      if (variable.startsWith('STATUS=')) this.statusLine = variable.slice('STATUS='.length);
      if (variable === 'WATCHDOG=1' && STATES[this.state] !== 'deactivating') this.keepAlive();
      if (variable === 'WATCHDOG=trigger') this.fallSilent(`Watchdog request (last status: ${this.statusLine || '<unset>'})!`);
      if (variable === 'READY=1' && this.state === 'start' && this.kind === 'notify') this.startPost();
    }
  }

  /** A process of it has ended. */
  ended(process: Process, how: Ending): void {
    const ran = this.ran.find(({ execution }) => execution.process === process);
    const refused = ran?.execution.refused;
    const ending: Ending = refused ? { code: 'exited', status: refused.exitCode } : how;
    if (ran) Object.assign(ran, { ending, end: this.context.now });
    if (ran && ran === this.main) this.mainEnded(ran, ending);
    else if (ran && ran === this.control) this.controlEnded(ran, ending);
  }

  /** Whether what was begun before it could be looked at has come to something; asked whenever everything waits. */
  look(): boolean {
    if (this.kind === 'exec' && this.state === 'start' && this.main?.execution.process.pid !== undefined && !this.main.execution.refused && !this.main.execution.process.ending) {
      this.startPost();
      return true;
    }
    if (this.mainPid !== undefined && this.state === 'running') {
      const ending = this.context.processes.endingOf(this.mainPid);
      if (!ending) return false;
      this.mainPid = undefined;
      this.mainEnded(this.main as Ran, ending);
      return true;
    }
    // What it was asked to end may be gone without a process that was waited for.
    if (/watchdog$|sig(term|kill)$/.test(this.state) && !this.isAnyoneLeft() && !this.control && (!this.main || this.main.ending)) {
      this.allGone();
      return true;
    }
    return false;
  }

  protected enterStop(result: string): void {
    this.context.cancel(this.lifeTimer);
    if (this.result === 'success') this.result = result;
    if (!this.runList('stop', 'ExecStop')) this.signalAll('stop-sigterm', 'success');
  }

  private enterStopPost(result: string): void {
    if (this.result === 'success') this.result = result;
    if (!this.runList('stop-post', 'ExecStopPost')) this.signalAll('final-sigterm', 'success');
  }

  /** Signals what is left of it, and waits; where nothing is left, goes on at once. */
  protected signalAll(state: Signalled, result: string): void {
    this.context.cancel(this.lifeTimer);
    if (this.result === 'success') this.result = result;
    if (this.signalLeft(state)) {
      const stop = this.span('Service', 'TimeoutStopSec', this.span('Service', 'TimeoutSec', 90_000));
      this.arm(state === 'stop-watchdog' ? this.span('Service', 'TimeoutAbortSec', stop) : stop);
      this.set(state);
      return;
    }
    // Nobody was left to be told: what follows in its place.
    const isKilled = this.boolean('Service', 'SendSIGKILL', true);
    if ((state === 'stop-sigterm' || state === 'stop-watchdog') && isKilled) this.signalAll('stop-sigkill', 'success');
    else if (state.startsWith('stop-')) this.enterStopPost('success');
    else if (state === 'final-sigterm' && isKilled) this.signalAll('final-sigkill', 'success');
    else this.enterDead();
  }

  /** Everything that was signalled is gone. */
  private allGone(): void {
    if (this.state.startsWith('stop-')) this.enterStopPost('success');
    else this.enterDead();
  }

  private enterDead(): void {
    this.context.cancel(this.timer);
    this.context.streams.drain(this.name, true);
    const isSkipped = this.result === 'exec-condition';
    const isFailed = this.result !== 'success' && !isSkipped;
    if (isFailed) this.say(`Failed with result '${this.result}'.`);
    else if (isSkipped) this.say("Skipped due to 'exec-condition'.");
    else this.say('Deactivated successfully.');
    removeDirectories(this, this.context);
    const restarts = !this.forbidsRestart && !this.context.isStopping(this) && this.shallRestart();
    this.willRestart = restarts;
    this.set(isFailed ? 'failed' : 'dead');
    this.willRestart = false;
    if (!restarts) return;
    this.timer = this.context.after(this.span('Service', 'RestartSec', 100), () => {
      this.restarts += 1;
      this.say(`Scheduled restart job, restart counter is at ${this.restarts}.`);
      this.context.request('restart', this.name, this.name);
    });
    this.set('auto-restart');
  }

  private shallRestart(): boolean {
    const ending = this.main?.ending;
    if (ending && holds(statusSet(this.list('Service', 'RestartPreventExitStatus')), ending)) return false;
    if (ending && holds(statusSet(this.list('Service', 'RestartForceExitStatus')), ending)) return true;
    switch (this.last('Service', 'Restart')?.value) {
      case 'always': return this.result !== 'exec-condition';
      case 'on-success': return this.result === 'success';
      case 'on-failure': return this.result !== 'success' && this.result !== 'exec-condition';
      case 'on-abnormal': return !['success', 'exit-code', 'exec-condition'].includes(this.result);
      case 'on-watchdog': return this.result === 'watchdog';
      case 'on-abort': return ['signal', 'core-dump'].includes(this.result);
      default: return false;
    }
  }

  private mainEnded(ran: Ran, ending: Ending): void {
    const isOneshot = this.kind === 'oneshot';
    const result = this.resultOf(ran, ending, !isOneshot);
    if (result !== 'success') this.say(`Main process exited, ${statusText(ending, 'journal')}`);
    if (this.result === 'success') this.result = result;
    const [next, ...rest] = this.waiting;
    switch (this.state) {
      case 'start':
        if (isOneshot && next && result === 'success') {
          this.waiting = rest;
          this.main = this.run('ExecStart', next);
        } else if (isOneshot && result === 'success') {
          this.startPost();
        } else {
          this.signalAll('stop-sigterm', this.kind === 'notify' && result === 'success' ? 'protocol' : result);
        }
        break;
      case 'running':
        this.enterRunning(result);
        break;
      case 'stop-watchdog': case 'stop-sigterm': case 'stop-sigkill': case 'final-sigterm': case 'final-sigkill':
        if (!this.control) this.allGone();
        break;
      default:
        // A command that runs beside it goes on first.
        break;
    }
  }

  private controlEnded(ran: Ran, ending: Ending): void {
    this.control = undefined;
    const result = this.resultOf(ran, ending, false);
    const isSkip = this.state === 'condition' && ending.code === 'exited' && ending.status > 0 && ending.status < 255;
    if (result !== 'success' && !isSkip) this.say(`Control process exited, ${statusText(ending, 'journal')}`);
    if (this.state === 'reload' && result !== 'success') this.reloadFailed = true;
    else if (this.result === 'success') this.result = isSkip ? 'exec-condition' : result;
    const [next, ...rest] = this.waiting;
    if (next && result === 'success' && ran.list !== 'ExecStart') {
      this.waiting = rest;
      this.begin(ran.list, next);
      return;
    }
    this.waiting = [];
    this.context.cancel(this.timer);
    this.afterControl(isSkip ? 'exec-condition' : result);
  }

  private afterControl(result: string): void {
    const isWell = result === 'success';
    switch (this.state) {
      case 'condition':
        if (isWell) this.startPre();
        else this.signalAll('stop-sigterm', result);
        break;
      case 'start-pre':
        if (isWell) this.startMain();
        else this.signalAll('stop-sigterm', result);
        break;
      case 'start':
        if (isWell) this.forked();
        else this.signalAll('stop-sigterm', result);
        break;
      case 'start-post':
        if (isWell) this.enterRunning('success');
        else this.enterStop(result);
        break;
      case 'reload':
        this.enterRunning('success');
        break;
      case 'stop':
        this.signalAll('stop-sigterm', result);
        break;
      case 'stop-post':
        this.signalAll('final-sigterm', result);
        break;
      default:
        if (!this.main || this.main.ending) this.allGone();
    }
  }

  private resultOf({ execution }: Ran, ending: Ending, isDaemon: boolean): string {
    if (execution.command.mayFail || isClean(ending, statusSet(this.list('Service', 'SuccessExitStatus')), isDaemon)) return 'success';
    return { exited: 'exit-code', killed: 'signal', dumped: 'core-dump' }[ending.code];
  }

  protected timedOut(): void {
    switch (this.state) {
      case 'condition': case 'start-pre': case 'start': case 'start-post':
        this.say(`${this.state} operation timed out. Terminating.`);
        this.signalAll('stop-sigterm', 'timeout');
        break;
      case 'reload':
        this.say('Reload operation timed out. Killing reload process.');
        this.reloadFailed = true;
        this.context.processes.signal([this.control?.execution.process.pid ?? 0].filter((pid) => pid > 0), 'KILL');
        break;
      case 'stop':
        this.say('Stopping timed out. Terminating.');
        this.signalAll('stop-sigterm', 'timeout');
        break;
      case 'stop-post':
        this.say('State \'stop-post\' timed out. Terminating.');
        this.signalAll('final-sigterm', 'timeout');
        break;
      case 'stop-watchdog': case 'stop-sigterm': case 'final-sigterm':
        if (this.boolean('Service', 'SendSIGKILL', true)) {
          this.say(`State '${this.state}' timed out. Killing.`);
          this.signalAll(this.state === 'final-sigterm' ? 'final-sigkill' : 'stop-sigkill', 'timeout');
        } else {
          this.say(`State '${this.state}' timed out. Skipping SIGKILL.`);
          this.allGone();
        }
        break;
      default:
        this.say('Processes still around after SIGKILL. Ignoring.');
        this.allGone();
    }
  }
}
