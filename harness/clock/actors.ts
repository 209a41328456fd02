import { callPatternText } from '../diagnostics/call-text.js';
import { absolutePath } from '../diagnostics/shape.js';
import { checkCallPattern, fits, rest, type ArgumentPattern } from '../stubs/arguments.js';
import type { Call } from '../stubs/call.js';
import type { Selector } from '../timeline/happening.js';
import type { World } from '../stubs/world.js';
import { actAndTell, type Deed } from './deeds.js';
import { durationOf } from './duration.js';

/** The world outside as an actor meets it. */
export interface ActorWorld extends World {
  /** Milliseconds since the run started, by its clock. */
  readonly time: number;
  /**
   * Listens until the run ends; whoever connects is sent the reply, when everything waits, and disconnected. By a virtual
   * clock only.
   * @param where a path for a socket of the file system, or a port of TCP on every address.
   * @throws Error where that cannot be: the address is taken, the directory is not there, or it would be the ninth of the run.
   */
  readonly listen: (where: { readonly path: string } | { readonly port: number }, reply?: string | Uint8Array) => Promise<void>;
}

/** Who has the host act in a run: {@link Schedule}, or another that has its own reasons to. */
export interface Acting {
  /** When it is next due, in milliseconds from the start; undefined where it is not. */
  readonly next: number | undefined;
  /** Whether it is to be asked whenever everything in the sandbox waits, before time moves. */
  readonly asks: boolean;
  /**
   * The instant has come, or everything waits; by a virtual clock time stands until this is done.
   * @param now milliseconds since the start. @returns whether it did anything that may have ended a wait.
   */
  perform(now: number): Promise<boolean>;
  /** Those among the processes that lost their parents and have ended: buried when it has performed. Of a virtual clock only. */
  buried?(): readonly number[];
}

/** What an actor does. The run's time stands until it is done, where the clock is virtual. */
export type Act = (world: ActorWorld) => void | Promise<void>;

/** What a condition is judged by. */
export interface Situation {
  /** The calls recorded so far, in order. */
  readonly calls: readonly Call[];
  /** Whether anything lies at a path, links among its parents followed. */
  readonly exists: (path: string) => boolean;
  /** The state of something that a supervisor of the run keeps: a condition of `shellrig/systemd` asks for that of a unit. Undefined where there is no such supervisor. */
  readonly stateOf: (supervisor: string, name: string) => string | undefined;
}

/** Whether the moment for an actor has come. */
export type Condition = (situation: Situation) => boolean;

/** Somebody outside the script who acts while it runs: made by {@link at}, {@link every} and {@link once}. */
export interface Actor {
  /** Internal: milliseconds from the start of the run to the first time, and between two. */
  readonly first: number | undefined;
  readonly interval: number | undefined;
  readonly condition: Condition | undefined;
  readonly act: Act;
}

/** Acts at an instant of the run: `at('800ms', (world) => world.write({ ... }))`. @throws Error for what is no duration. */
export function at(time: string, act: Act): Actor {
  return { first: durationOf('at(): the time', time), interval: undefined, condition: undefined, act: anAct('at', act) };
}

/** Acts again and again, the first time after the first such span. @throws Error for what is no duration, or none. */
export function every(span: string, act: Act): Actor {
  const interval = durationOf('every(): the span', span);
  if (interval <= 0) throw new Error(`every(): the span is more than nothing, got ${JSON.stringify(span)}`);
  return { first: interval, interval, condition: undefined, act: anAct('every', act) };
}

/**
 * Acts once, when something has come to be: `once(exists('/run/x.pid'), ...)`, `once(called('systemctl', 'start', any), ...)`,
 * or any function of a {@link Situation}. By a virtual clock it is looked whenever everything waits, before time moves; by
 * the real one every few milliseconds.
 */
export function once(condition: Condition, act: Act): Actor {
  if (typeof condition !== 'function') throw new Error('once(): the condition is a function, such as exists(\'/run/x\') gives');
  return { first: undefined, interval: undefined, condition, act: anAct('once', act) };
}

/** A stub or spy was called, with these arguments if any are given: for actors, and of a timeline the beginning of the first such call. @throws Error for what is no name or no argument. */
export function called(name: string, ...args: readonly ArgumentPattern[]): Condition & Selector {
  checkCallPattern('called', name, args);
  const pattern: readonly ArgumentPattern[] = args.length === 0 ? [rest] : args;
  const isMeant = (call: Call) => call.name === name && fits(pattern, call.args);
  const selector: Selector = { what: callPatternText(name, args), at: 'start', command: name, selects: ({ call }) => call !== undefined && isMeant(call) };
  return Object.assign(({ calls }: Situation) => calls.some(isMeant), selector);
}

/** Something lies at a path. @throws Error for a path that is not absolute. */
export function exists(path: string): Condition {
  absolutePath('exists(): the path', path);
  return (situation) => situation.exists(path);
}

function anAct(name: string, act: Act): Act {
  if (typeof act !== 'function') throw new Error(`${name}(): what it does is a function`);
  return act;
}

/** The actors of one run, each with when it is due. */
export class Schedule implements Acting {
  private readonly timed: { time: number; readonly actor: Actor }[];
  private readonly waiting: Set<Actor>;

  /** @param world what they act on. @param situation what conditions are judged by, made when one is. @param tell told what they do, when. */
  constructor(actors: readonly Actor[], private readonly world: Omit<ActorWorld, 'time'>, private readonly situation: () => Situation, private readonly tell: (deed: Deed, now: number) => void) {
    this.timed = actors.flatMap((actor) => (actor.first === undefined ? [] : [{ time: actor.first, actor }]));
    this.waiting = new Set(actors.filter(({ condition }) => condition));
  }

  /** When the next is due, in milliseconds from the start; undefined where none is. */
  get next(): number | undefined {
    return this.timed.length === 0 ? undefined : Math.min(...this.timed.map(({ time }) => time));
  }

  /** Whether some wait for something to come to be. */
  get asks(): boolean {
    return this.waiting.size > 0;
  }

  /**
   * Has those act that are due: by time, then in the order in which they were declared; then those whose condition holds.
   * @param now milliseconds since the start. @returns whether any did.
   */
  async perform(now: number): Promise<boolean> {
    let acted = false;
    for (let due = this.due(now); due; due = this.due(now)) {
      if (due.actor.interval === undefined) this.timed.splice(this.timed.indexOf(due), 1);
      else due.time += due.actor.interval;
      await this.have(due.actor, now);
      acted = true;
    }
    if (this.waiting.size === 0) return acted;
    const situation = this.situation();
    for (const actor of this.waiting) {
      if (!actor.condition?.(situation)) continue;
      this.waiting.delete(actor);
      await this.have(actor, now);
      acted = true;
    }
    return acted;
  }

  private have(actor: Actor, now: number): Promise<void> {
    return actAndTell(actor, { ...this.world, time: now }, (deed) => this.tell(deed, now));
  }

  private due(now: number): { time: number; readonly actor: Actor } | undefined {
    const first = this.next;
    return first === undefined || first > now ? undefined : this.timed.find(({ time }) => time === first);
  }
}
