import type { Act, Acting, ActorWorld, Schedule } from '../clock/actors.js';
import type { Conversation } from './conversation.js';

/** Who acts in a run of a sweep of moments, beside the scenario's own actors. */
export interface Interposed {
  /**
   * `never`: nobody; `tells`: nobody, and each time that everything waits is told as a moment; `held`: once a process is held at its moment
   * and everything else waits; a number: the time of this number, from 0, that everything waits.
   */
  readonly when: 'tells' | 'held' | 'never' | number;
  /** What is done; undefined where nothing is but to hold the process. */
  readonly act?: Act | undefined;
  /** For how long the process stays held once everything waits and the actor has acted, in milliseconds. Default: no time. */
  readonly heldFor?: number;
  /** Whether jobs of the run take turns (moments.ts). */
  readonly takesTurns?: boolean;
}

/**
 * The scenario's own actors and one more, who acts at a moment. By a virtual clock it is asked whenever everything waits,
 * before time moves. While a process is held at its moment, jobs go on one after the other, each until everything waits;
 * then the actor acts; once they have waited again for what came of that, the process goes on. So nothing of it is chance.
 */
export class Interposer implements Acting {
  private waits = 0;
  private seen: string | undefined;
  private hasActed = false;
  private hasLetGo = false;
  /** When the process that is held goes on. */
  private end: number | undefined;

  /** @param talk with the run, once that has begun. */
  constructor(private readonly schedule: Schedule, private readonly interposed: Interposed, private readonly world: Omit<ActorWorld, 'time'>, private readonly talk: () => Conversation | undefined) {}

  get next(): number | undefined {
    const [next = Infinity, end = Infinity] = [this.schedule.next, this.hasLetGo ? undefined : this.end];
    return Math.min(next, end) === Infinity ? undefined : Math.min(next, end);
  }

  get asks(): boolean {
    const { when, takesTurns } = this.interposed;
    return this.schedule.asks || when === 'tells' || takesTurns === true || (when === 'held' ? !this.hasLetGo : when !== 'never' && !this.hasActed);
  }

  async perform(now: number): Promise<boolean> {
    const { when, takesTurns } = this.interposed;
    if ((when === 'held' || takesTurns) && (await this.attend(now))) return true;
    if (await this.schedule.perform(now)) return true;
    if (this.isAsBefore(now)) return false;
    const number = this.waits++;
    if (when === 'tells') this.talk()?.note('waits', now, number);
    this.seen = this.stateAt(now);
    if (number !== when) return false;
    await this.act(now);
    return true;
  }

  /** Everything may be found to wait several times without anybody having done anything in between: that is once. */
  private isAsBefore(now: number): boolean {
    return this.seen === this.stateAt(now);
  }

  private stateAt(now: number): string {
    return `${now} ${this.talk()?.recorded}`;
  }

  /** Everything waits, and some of it for the host. @returns whether any does. */
  private async attend(now: number): Promise<boolean> {
    const talk = this.talk();
    if (!talk) return false;
    const { isHeld, turns } = talk.held();
    const isHolding = isHeld && !this.hasLetGo;
    if (isHolding && !this.interposed.act && this.end === undefined) talk.note('holds', now);
    this.end ??= isHolding && (this.hasActed || !this.interposed.act) ? now + (this.interposed.heldFor ?? 0) : undefined;
    const job = turns.findIndex((count) => count > 0);
    if (job !== -1) talk.giveTurn(job, turns[job]!, isHolding);
    else if (!isHolding) return false;
    else if (this.interposed.act && !this.hasActed) await this.act(now);
    else if (this.end !== undefined && now < this.end) return false;
    else {
      this.hasLetGo = true;
      if (!this.interposed.act) talk.note('frees', now);
      talk.letGo();
    }
    return true;
  }

  private async act(now: number): Promise<void> {
    this.hasActed = true;
    this.talk()?.note('acts', now);
    await this.interposed.act?.({ ...this.world, time: now });
  }
}
