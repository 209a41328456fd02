import type { Acting } from './actors.js';

/** How often conditions are looked at; milliseconds. */
const LOOK = 5;

/**
 * Has actors act by the real clock.
 * @param isOver whether the run has ended. @param fail called with what an actor threw.
 */
export async function actByRealTime(schedule: Acting, isOver: () => boolean, fail: (error: unknown) => void): Promise<void> {
  const started = Date.now();
  while (!isOver() && (schedule.asks || schedule.next !== undefined)) {
    const now = Date.now() - started;
    const wait = Math.max(0, (schedule.next ?? Infinity) - now);
    await new Promise((resolve) => setTimeout(resolve, Math.min(wait, LOOK)));
    if (isOver()) return;
    try {
      await schedule.perform(Date.now() - started);
    } catch (error) {
      fail(error);
      return;
    }
  }
}
