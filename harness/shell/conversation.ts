import { actedLine, clockReport, type ClockReport } from '../clock/clock.js';
import type { Box } from '../sandbox/box.js';
import { nulEnded } from '../sandbox/image.js';
import { decodeHeld, HELD_LENGTH, MAY_GO_AT, TURNS_AT, type Held } from './moments.js';
import type { SessionRun } from './session-work.js';
import type { Slots } from './slots.js';

/** As clock/library/waiters.h has it. */
const MOST_LISTENERS = 8;

/** What the inside says to the host while a run goes on, and what that answers. */
export class Conversation {
  /** What the virtual clock told at the end, where there is one. */
  clock: ClockReport | undefined;
  private listeners = 0;
  /** What process 1 was asked to do, in order, and who is told what came of it. */
  private last: Promise<unknown> = Promise.resolve();
  private done: ((error: number) => void) | undefined;
  private isActing = false;

  /** @param isLost whether the sandbox has ended. @param fail called with what a handler or an actor threw. */
  constructor(private readonly box: Box, private readonly slots: Slots, private readonly run: SessionRun, private readonly isLost: () => boolean, private readonly fail: (error: unknown) => void) {}

  /** @returns whether it was the last line of the run. */
  hear(said: string): boolean {
    const [word, first = '', second = ''] = said.split(' ');
    if (word === 'ask') {
      this.slots.take(first, second);
      this.reply(first, second).catch(this.fail);
    }
    if (word === 'unpacked' || word === 'failed') this.slots.tell(first, second, word === 'unpacked');
    if (word === 'free') this.slots.free(first, second);
    if (word === 'act') this.act(Number(first) / 1e6).catch(this.fail);
    if (word === 'done') this.done?.(Number(first));
    if (word === 'told') this.run.hear(said.slice('told '.length));
    this.clock ??= clockReport(said);
    return word === 'exit';
  }

  private async reply(slot: string, id: string): Promise<void> {
    const { answer: text, files } = await this.run.answer(id, (archive) => this.slots.unpack(slot, id, archive));
    // The stub, or all of its run, may have ended meanwhile.
    if (!this.isLost()) await this.slots.answer(slot, id, text, files);
  }

  /** Has process 1 listen, which waits for an answer to `act`. @returns an errno. */
  async listen(where: string, reply: Buffer): Promise<number> {
    const error = await this.ask(() => {
      if (this.listeners < MOST_LISTENERS) this.box.replace(`listen/${this.listeners}`, reply);
      return `listen ${where}`;
    });
    if (error === 0) this.listeners += 1;
    return error;
  }

  /**
   * Has process 1 do something, while it waits for an answer to `act`, which is quicker than to enter the sandbox.
   * @param fields as clock/library/acts.h has them. @returns whether it was done.
   */
  async carryOut(fields: readonly string[], content: Uint8Array = new Uint8Array()): Promise<boolean> {
    if (!this.isActing || fields.some((field) => field.includes('\0'))) return false;
    const error = await this.ask(() => {
      this.box.replace('act', Buffer.concat([nulEnded(fields), content]));
      return 'act';
    });
    return error === 0;
  }

  /** One thing after the other. @param prepare gives the line. */
  private ask(prepare: () => string): Promise<number> {
    const asked = this.last.then(() => new Promise<number>((resolve) => {
      this.done = resolve;
      this.box.acted(prepare());
    }));
    this.last = asked.catch(() => {});
    return asked;
  }

  /** Who waits to be let go on. */
  held(): Held {
    return decodeHeld(this.box.readPart('moments', HELD_LENGTH));
  }

  /** Lets the process go on that is held at its moment, and no job without a turn. */
  letGo(): void {
    this.box.writePart('moments', Buffer.from([0]), MAY_GO_AT);
    this.box.letGo('held');
  }

  /** Lets so many processes of a job go on. @param isFree whether they need no further turn until another job has one. */
  giveTurn(job: number, count: number, isFree: boolean): void {
    this.box.writePart('moments', Buffer.from([0]), TURNS_AT + job);
    this.box.writePart('moments', Buffer.from([isFree ? job + 1 : 0]), MAY_GO_AT);
    this.box.letGo(job, count);
  }

  /** Changes with whatever is recorded of the run. */
  get recorded(): number {
    return this.box.logSize();
  }

  /** Records that everything waits, for a time of this number, or that somebody acts, or a process is held at its moment, or goes on: where in the run, others tell. */
  note(what: 'waits' | 'acts' | 'holds' | 'frees', now: number, number = 0): void {
    this.box.note(Buffer.from(`Q2\0${what} ${number}\0${now}\0`));
  }

  private async act(now: number): Promise<void> {
    const { schedule } = this.run;
    this.isActing = true;
    const acted = await schedule.perform(now).finally(() => { this.isActing = false; });
    if (!this.isLost()) this.box.acted(actedLine(acted, schedule));
  }
}
