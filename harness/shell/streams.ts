import type { Box } from '../sandbox/box.js';

/** Both streams of a run, read as they come; ended when they exceed the limit. */
export class Streams {
  readonly out: Buffer[] = [];
  readonly err: Buffer[] = [];
  readonly both: Buffer[] = [];
  private size = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly box: Box, private readonly limit: number, private readonly onLimit: () => void) {
    this.timer = setInterval(() => this.read(), 2);
  }

  finish(): void {
    clearInterval(this.timer);
    this.read();
  }

  private read(): void {
    for (const stream of ['out', 'err'] as const) {
      for (const chunk of this.box.drain(stream)) {
        this.size += chunk.length;
        if (this.size > this.limit) {
          this.onLimit();
          return;
        }
        this[stream].push(chunk);
        this.both.push(chunk);
      }
    }
  }
}
