import { availableParallelism } from 'node:os';

/** Runs of one sweep at one time: the host's part of a run leaves a core idle half of the time. */
const LANES = Math.min(availableParallelism(), 4);

/** How often a long sweep says how far it is; milliseconds. */
const EVERY = 5000;

/**
 * Does something with each item, several at one time, each on a lane of its own; says meanwhile how far it is.
 * @param options.atOnce whether several at one time. @param options.say told of progress, in a line.
 */
export async function eachAtOnce<Item, Result>(items: readonly Item[], { atOnce, say }: { readonly atOnce: boolean; readonly say: (text: string) => void }, work: (item: Item, lane: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const started = performance.now();
  let next = 0;
  let done = 0;
  const timer = setInterval(() => say(`${done} of ${items.length} values, ${Math.round((performance.now() - started) / 1000)} s`), EVERY);
  try {
    await Promise.all(Array.from({ length: atOnce ? Math.min(LANES, items.length) : 1 }, async (_, lane) => {
      for (let index = next++; index < items.length; index = next++) {
        results[index] = await work(items[index]!, lane);
        done += 1;
      }
    }));
  } finally {
    clearInterval(timer);
  }
  return results;
}
