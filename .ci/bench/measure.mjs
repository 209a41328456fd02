/**
 * Several measures of one thing, in the order in which they were taken.
 *
 * @typedef {readonly number[]} Samples
 */

/** @param {Samples} samples */
export function median(samples) {
  const sorted = samples.toSorted((one, other) => one - other);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}

/**
 * What one example costs: the slope between two sizes of a file, so that what a process takes to start does not count.
 *
 * @param {readonly [few: number, many: number]} sizes
 * @param {(examples: number) => Promise<number>} run milliseconds for that many examples
 */
export async function costOfOne([few, many], run) {
  const base = await run(few);
  return ((await run(many)) - base) / (many - few);
}
