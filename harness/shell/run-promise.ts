import type { Run } from './run.js';

/** The promise of a run that knows whether anybody awaited it. */
export class RunPromise extends Promise<Run> {
  /** True once somebody awaits, catches or chains. */
  awaited = false;

  /** Wraps a promise that is already under way. */
  static of(started: Promise<Run>): RunPromise {
    return new RunPromise((resolve) => resolve(started));
  }

  /** Resolves when the run has ended, well or not; does not count as awaiting it. */
  settled(): Promise<void> {
    return super.then(() => undefined, () => undefined);
  }

  // eslint-disable-next-line unicorn/no-thenable -- it is a promise
  override then<A = Run, B = never>(onRun?: ((run: Run) => A | PromiseLike<A>) | null, onError?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    this.awaited = true;
    return super.then(onRun, onError);
  }

  /** Chained promises are ordinary ones. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }
}
