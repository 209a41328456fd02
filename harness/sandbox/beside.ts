import { closeSync, constants, ftruncateSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import type { Inside } from '../stubs/supervisor.js';
import type { Sandbox } from './sandbox.js';

/**
 * The part of a sandbox's box through which a supervisor (`harness/stubs/supervisor.ts`) orders its keeper about, answers
 * its stubs and reads what services print. Nothing is opened before it is used: few runs have one.
 */
export class Beside {
  private readonly descriptors = new Map<string, number>();
  private readonly chunk = Buffer.allocUnsafe(64 * 1024);
  private written = 0;

  /** @param path of its directory, as the host sees it. */
  constructor(private readonly path: string) {}

  /** Has the keeper do something (guard/keeper.h): takes words without NUL bytes. */
  order(words: readonly string[]): void {
    const order = Buffer.from(words.map((word) => `${word}\0`).join(''));
    const text = Buffer.concat([Buffer.from(`${order.length}\n`), order]);
    const orders = this.opened('orders', constants.O_RDWR);
    for (let at = 0; at < text.length; ) at += writeSync(orders, text, at, text.length - at, this.written + at);
    this.written += text.length;
    writeSync(this.fifo('bell'), '\n');
  }

  /** What was ordered is not for a keeper that comes now. */
  forgetOrders(): void {
    ftruncateSync(this.opened('orders', constants.O_RDWR));
    this.written = 0;
  }

  /** Answers the stub that waits for this turn. */
  reply(turn: number, text: string | Buffer): void {
    const wake = this.fifo(`wake/${turn}`);
    // Of a stub that was ended before it read its answer.
    this.drain(wake);
    writeFileSync(`${this.path}/reply/${turn}`, text, { flag: 'r+' });
    ftruncateSync(this.opened(`reply/${turn}`, constants.O_RDWR), Buffer.byteLength(text));
    writeSync(wake, '\n');
  }

  /** What was written to a stream since it was read last; never waits. */
  read(stream: number): Buffer {
    return this.drain(this.fifo(`stream/${stream}`));
  }

  /** Before another run. */
  clean(): void {
    for (const [name, descriptor] of this.descriptors) {
      if (name === 'orders') ftruncateSync(descriptor);
      else if (!name.startsWith('reply/')) this.drain(descriptor);
    }
    this.written = 0;
  }

  close(): void {
    for (const descriptor of this.descriptors.values()) closeSync(descriptor);
    this.descriptors.clear();
  }

  /** Held open for reading and writing: no open inside ever waits, and none sees an end of file. */
  private fifo(name: string): number {
    return this.opened(name, constants.O_RDWR | constants.O_NONBLOCK);
  }

  private opened(name: string, flags: number): number {
    let descriptor = this.descriptors.get(name);
    if (descriptor === undefined) {
      descriptor = openSync(`${this.path}/${name}`, flags);
      this.descriptors.set(name, descriptor);
    }
    return descriptor;
  }

  private drain(descriptor: number): Buffer {
    const chunks: Buffer[] = [];
    try {
      for (;;) {
        const count = readSync(descriptor, this.chunk, 0, this.chunk.length, null);
        if (count === 0) break;
        chunks.push(Buffer.from(this.chunk.subarray(0, count)));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    return Buffer.concat(chunks);
  }
}

/**
 * A sandbox as the supervisor of a run meets it.
 * @param clock when the run begins by a virtual clock, in seconds since the epoch. @param tell records a change of state.
 */
export function insideOf({ root, proc, processes }: Pick<Sandbox, 'root' | 'proc' | 'processes'>, beside: Beside, clock: number | undefined, tell: Inside['tell']): Inside {
  return {
    root, proc, tell,
    started: clock === undefined ? Date.now() : clock * 1000,
    processes: () => {
      try {
        return processes();
      } catch {
        // The sandbox has ended.
        return [];
      }
    },
    order: (words) => beside.order(words),
    forgetOrders: () => beside.forgetOrders(),
    reply: (turn, text) => beside.reply(turn, text),
    read: (stream) => beside.read(stream),
  };
}
