import type { Deed } from '../clock/deeds.js';
import type { Sleep } from '../shell/run.js';
import type { Call } from '../stubs/call.js';
import type { StateChange } from '../stubs/supervisor.js';

/** One thing that a run's log tells of. Times are milliseconds since the run started. */
export type Happened = { readonly time: number } & (
  /** A call of a stub or spy began, or ended. */
  | { readonly kind: 'began' | 'ended'; readonly call: Call }
  | { readonly kind: 'slept'; readonly sleep: Sleep }
  /** A process started a job in the background. */
  | { readonly kind: 'started'; readonly pid: number; readonly parent: number }
  /** An actor did something. */
  | { readonly kind: 'acted'; readonly deed: Deed }
  /** Something that a supervisor keeps came to another state. */
  | { readonly kind: 'changed'; readonly change: StateChange }
  /** Time went by to this instant. `real`: when that was by the kernel's clock, in nanoseconds; `steps`: how many were before. */
  | { readonly kind: 'moved'; readonly real: bigint; readonly steps: number }
);

/** What the host tells in the log (a `K` record). */
export type Told = { readonly time: number } & ({ readonly kind: 'acted'; readonly deed: Deed } | { readonly kind: 'changed'; readonly change: StateChange });

/** What a run's log tells of, in its order. */
export class Story {
  readonly all: Happened[] = [];
  /** The instant at which the log is. */
  now = 0;

  /** @param time milliseconds since the run started; what is told late does not turn it back. */
  reach(time: number): void {
    if (time > this.now) this.now = time;
  }

  began(call: Call): void {
    this.reach(call.start);
    this.all.push({ kind: 'began', time: call.start, call });
  }

  ended(call: Call): void {
    this.reach(call.end ?? 0);
    this.all.push({ kind: 'ended', time: call.end ?? this.now, call });
  }

  slept(sleep: Sleep): void {
    this.reach(sleep.start);
    this.all.push({ kind: 'slept', time: sleep.start, sleep });
  }

  started(pid: number, parent: number): void {
    this.all.push({ kind: 'started', time: this.now, pid, parent });
  }

  moved(time: number, real: string, steps: number): void {
    this.reach(time);
    this.all.push({ kind: 'moved', time, real: BigInt(real), steps });
  }

  /** @param json as {@link noteOf} wrote it. */
  told(json: string): void {
    const told = JSON.parse(json) as Told;
    this.reach(told.time);
    this.all.push(told);
  }
}

/** The record by which the host tells of something, for the log. */
export function noteOf(told: Told): Buffer {
  return Buffer.from(`K1\0${JSON.stringify(told)}\0`);
}
