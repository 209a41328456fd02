import { nextElapse } from './calendar.js';
import { globExists } from './conditions.js';
import { problem } from './problem.js';
import { partsOf } from './specifiers.js';
import { Unit, type Timer } from './unit.js';
import { spanOf } from './values.js';

/** A target or slice: it has no work of its own. */
export class PlainUnit extends Unit {
  start(): void {
    this.result = 'success';
    this.enter('active', 'active');
  }

  stop(): void {
    this.enter('inactive', 'dead');
  }
}

/** A unit that waits for something, and then starts another. */
export abstract class Trigger extends Unit {
  /** The unit that it starts. */
  get triggered(): string {
    const own = this.last(this.section, this.type === 'socket' ? 'Service' : 'Unit');
    const { name, type } = partsOf(this.name);
    return own?.value ?? `${name.slice(0, -type.length)}service`;
  }

  protected get section(): string {
    return (this.type[0] as string).toUpperCase() + this.type.slice(1);
  }

  /** Whether it cannot be started without the unit that it starts. */
  get needsTriggered(): boolean {
    return true;
  }

  /** What the journal has where that is not there. */
  get refusal(): string {
    return `Refusing to start, unit ${this.triggered} to trigger not loaded.`;
  }

  /** The unit that it starts has come to another state. */
  abstract onTriggered(isOff: boolean): void;

  protected trigger(): void {
    this.enter('active', 'running');
    if (this.context.request('start', this.triggered, this.name)) return;
    this.context.journal.say(this.name, `${this.name}: Failed to queue unit startup job: Unit ${this.triggered} not found.`);
    this.result = 'resources';
    this.context.journal.say(this.name, `${this.name}: Failed with result '${this.result}'.`);
    this.enter('failed', 'failed');
  }
}

/** A timer: systemd.timer(5). */
export class TimerUnit extends Trigger {
  private timer: Timer | undefined;
  private startedAt = 0;
  /** When it last elapsed: milliseconds since the run began. */
  lastTrigger: number | undefined;
  private lastEnd: number | undefined;

  start(): void {
    this.result = 'success';
    this.startedAt = this.context.now;
    this.wait();
  }

  stop(): void {
    this.context.cancel(this.timer);
    this.enter('inactive', 'dead');
  }

  /** When it elapses next, as {@link lastTrigger}; undefined while it does not wait. */
  get next(): number | undefined {
    return this.sub === 'waiting' ? this.timer?.time : undefined;
  }

  onTriggered(isOff: boolean): void {
    if (this.sub !== 'running' || !isOff) return;
    this.lastEnd = this.context.now;
    this.wait();
  }

  /** Waits for the next time that any of its directives names; where none is left, it has elapsed. */
  private wait(): void {
    const { now } = this.context;
    const from = (key: string, base: number | undefined) => (base === undefined ? [] : this.list('Timer', key).map((setting) => base + spanOf(setting)));
    const once = [...from('OnActiveSec', this.startedAt), ...from('OnBootSec', -this.context.up), ...from('OnStartupSec', -this.context.up)].filter((time) => this.lastTrigger === undefined || time > this.lastTrigger);
    const times = [...once, ...from('OnUnitActiveSec', this.lastTrigger), ...from('OnUnitInactiveSec', this.lastEnd)];
    for (const setting of this.list('Timer', 'OnCalendar')) {
      const next = nextElapse(setting, this.context.date);
      if (next !== undefined) times.push(now + next - this.context.date);
    }
    if (!this.config.settings.some(({ key }) => key.startsWith('On'))) throw problem(this.config.fragment ?? this.name, 'a timer without OnCalendar= or On...Sec= never elapses');
    if (times.length === 0) {
      this.enter('active', 'elapsed');
      return;
    }
    this.timer = this.context.after(Math.max(0, Math.min(...times) - now), () => {
      this.lastTrigger = this.context.now;
      this.trigger();
    });
    this.enter('active', 'waiting');
  }
}

/** A path unit: systemd.path(5). It looks whenever everything in the sandbox waits. */
export class PathUnit extends Trigger {
  private known = new Map<string, string>();

  start(): void {
    this.result = 'success';
    if (this.boolean('Path', 'MakeDirectory', false)) this.context.processes.order(['/run/shellrig/host/bin/mkdir', '-p', '--', ...this.watched().filter(({ key }) => !key.startsWith('PathExists')).map(({ value }) => value)]);
    for (const { key, value } of this.watched()) this.known.set(`${key} ${value}`, this.stateOf(value));
    this.enter('active', 'waiting');
    this.look();
  }

  stop(): void {
    this.enter('inactive', 'dead');
  }

  onTriggered(isOff: boolean): void {
    if (this.sub !== 'running' || !isOff) return;
    this.enter('active', 'waiting');
    this.look();
  }

  /** @returns whether it began anything. */
  look(): boolean {
    if (this.sub !== 'waiting') return false;
    const isDue = this.watched().some(({ key, value }) => {
      if (key === 'PathExists') return this.context.files.kind(value) !== undefined;
      if (key === 'PathExistsGlob') return globExists(value, this.context.files);
      if (key === 'DirectoryNotEmpty') return this.context.files.names(value).length > 0;
      const before = this.known.get(`${key} ${value}`);
      const now = this.stateOf(value);
      this.known.set(`${key} ${value}`, now);
      return now !== before;
    });
    if (isDue) this.trigger();
    return isDue;
  }

  private watched() {
    return ['PathExists', 'PathExistsGlob', 'PathChanged', 'PathModified', 'DirectoryNotEmpty'].flatMap((key) => this.list('Path', key));
  }

  private stateOf(path: string): string {
    const { files } = this.context;
    return `${files.kind(path) ?? ''} ${files.names(path).join('/')} ${files.text(path) ?? ''}`;
  }
}

/** A socket: its states alone. Nothing listens at its addresses. */
export class SocketUnit extends Trigger {
  /** With Accept= each connection has an instance of its own. */
  override get needsTriggered(): boolean {
    return !this.boolean('Socket', 'Accept', false);
  }

  override get refusal(): string {
    return `Socket service ${this.triggered} not loaded, refusing.`;
  }

  start(): void {
    this.result = 'success';
    this.enter('active', 'listening');
  }

  stop(): void {
    this.enter('inactive', 'dead');
  }

  onTriggered(): void {}
}
