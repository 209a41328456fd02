import type { Box } from '../sandbox/box.js';
import { isAlive } from './processes.js';

/** How often the host looks whether stubs that hold a slot are still there; milliseconds. */
const LOOK = 50;

/**
 * The slots through which stubs ask the host. A stub gives its slot back; one that was ended while it waited (by
 * `timeout`, or `kill`) cannot, so the host takes the slot from it, or the last stubs of a run would wait for ever.
 */
export class Slots {
  /** Slot to the id of the call that holds it. */
  private readonly held = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;

  /** @param proc the sandbox's proc as the host sees it. */
  constructor(private readonly box: Box, private readonly proc: string) {}

  /** A stub asks. @param id of its call: the process, a dot, a time. */
  take(slot: string, id: string): void {
    this.held.set(slot, id);
    this.timer ??= setInterval(() => this.look(), LOOK);
  }

  /** Whether that call still waits. */
  holds(slot: string, id: string): boolean {
    return this.held.get(slot) === id;
  }

  /** A stub has its answer, or none will be read. Its own word may come after the host took the slot from it. */
  free(slot: string, id: string): void {
    if (!this.holds(slot, id)) return;
    this.box.freeSlot(slot);
    this.held.delete(slot);
    if (this.held.size === 0) this.clear();
  }

  /** No stub can wait any more. */
  clear(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.held.clear();
  }

  private look(): void {
    for (const [slot, id] of this.held) {
      if (!isAlive(this.proc, id.split('.', 1)[0] as string)) this.free(slot, id);
    }
  }
}
