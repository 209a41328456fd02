import type { Box } from '../sandbox/box.js';

/** Both streams of a run, read as they come; ended when they exceed the limit. */
export class Streams {
  readonly out: Buffer[] = [];
  readonly err: Buffer[] = [];
  readonly both: Buffer[] = [];
  private left: number;
  private readonly timer: NodeJS.Timeout;

  /** @param limit bytes of both together. @param onLimit called once, when there are more. */
  constructor(private readonly box: Box, limit: number, private readonly onLimit: () => void) {
    this.left = limit;
    this.timer = setInterval(() => this.read(), 2);
  }

  finish(): void {
    clearInterval(this.timer);
    this.read();
  }

  private read(): void {
    for (const stream of ['out', 'err'] as const) {
      if (this.left < 0) return;
      // A script may write as fast as it is read: no more than one byte too many is taken.
      for (const chunk of this.box.drain(stream, this.left + 1)) {
        const kept = chunk.subarray(0, this.left);
        this.left -= chunk.length;
        this[stream].push(kept);
        this.both.push(kept);
      }
      if (this.left < 0) this.onLimit();
    }
  }
}
