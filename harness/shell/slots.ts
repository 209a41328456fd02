import type { Box } from '../sandbox/box.js';
import { isAlive } from './processes.js';

/** How often the host looks whether stubs that hold a slot are still there; milliseconds. */
const LOOK = 50;

/**
 * The slots through which stubs ask the host. A stub gives its slot back; one that was ended while it waited (by
 * `timeout`, or `kill`) cannot, so the host takes the slot from it, or the last stubs of a run would wait for ever.
 */
export class Slots {
  private readonly held = new Map<string, Holder>();
  private timer: NodeJS.Timeout | undefined;

  /** @param proc the sandbox's proc as the host sees it. */
  constructor(private readonly box: Box, private readonly proc: string) {}

  /** A stub asks. @param id of its call: the process, a dot, a time. */
  take(slot: string, id: string): void {
    this.held.set(slot, { id, work: Promise.resolve(), told: undefined, isAnswered: false });
    this.timer ??= setInterval(() => this.look(), LOOK);
  }

  /**
   * Has a stub that waits for its answer unpack an archive meanwhile: no other process has to be started for it.
   * @returns whether it did; false also when it waits no more, or ended at it.
   */
  async unpack(slot: string, id: string, archive: Buffer): Promise<boolean> {
    const holder = this.held.get(slot);
    if (holder?.id !== id || holder.isAnswered) return false;
    const unpacked = holder.work.then(() => this.handOver(slot, holder, archive));
    holder.work = unpacked;
    return await unpacked;
  }

  private handOver(slot: string, holder: Holder, archive: Buffer): Promise<boolean> {
    if (this.held.get(slot) !== holder) return Promise.resolve(false);
    return new Promise((resolve) => {
      holder.told = resolve;
      try {
        this.box.replace(`tar/${slot}`, archive);
        this.box.wake(slot, 'unpack');
      } catch {
        // A script may have removed it.
        this.tell(slot, holder.id, false);
      }
    });
  }

  /** A stub has unpacked what it was handed over, or could not. */
  tell(slot: string, id: string, isDone: boolean): void {
    const holder = this.held.get(slot);
    if (holder?.id !== id) return;
    holder.told?.(isDone);
    holder.told = undefined;
  }

  /** Gives a stub its answer, after all that it was handed over; does nothing for one that waits no more. */
  async answer(slot: string, id: string, text: Buffer, files: Buffer | undefined): Promise<void> {
    const holder = this.held.get(slot);
    if (holder?.id !== id) return;
    holder.isAnswered = true;
    await holder.work;
    if (this.held.get(slot) !== holder) return;
    if (files) this.box.replace(`tar/${slot}`, files);
    this.box.replace(`reply/${slot}`, text);
    this.box.wake(slot);
  }

  /** A stub has its answer, or none will be read. Its own word may come after the host took the slot from it. */
  free(slot: string, id: string): void {
    if (this.held.get(slot)?.id !== id) return;
    this.tell(slot, id, false);
    this.box.freeSlot(slot);
    this.held.delete(slot);
    if (this.held.size === 0) this.clear();
  }

  /** No stub can wait any more. */
  clear(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    for (const [slot, { id }] of this.held) this.tell(slot, id, false);
    this.held.clear();
  }

  private look(): void {
    for (const [slot, { id }] of this.held) {
      if (!isAlive(this.proc, id.split('.', 1)[0] as string)) this.free(slot, id);
    }
  }
}

/** A call that waits in a slot. */
interface Holder {
  readonly id: string;
  /** All that it was handed over so far, one after the other. */
  work: Promise<unknown>;
  /** What waits for its word that it has unpacked. */
  told: ((isDone: boolean) => void) | undefined;
  isAnswered: boolean;
}
