import { median } from './measure.mjs';

/**
 * @typedef {import('./project.mjs').Project} Project
 * @typedef {import('./table.mjs').Row} Row
 */

const MEGABYTE = 1024 * 1024;

/** How much more each example of a larger file may cost than in the file before it. */
const TIME_FACTOR = 1.3;
const MEMORY_FACTOR = 1.5;

/**
 * Time for each example, and memory of the worker, as the examples in one file become more. What must stay flat is the
 * memory kept: the peak says as much of when the garbage collector saw reason to run. vitest keeps some kilobytes of
 * each test itself, so what counts is the memory beyond that of as many tests that do nothing.
 *
 * @param {Project} project
 * @param {{ sizes: readonly number[], batsSizes: readonly number[], say: (text: string) => void }} options
 *   `sizes`: examples in a file, ascending; the last is held against the one before it
 * @returns {Promise<Row[]>}
 */
export async function growthRows(project, { sizes, batsSizes, say }) {
  say('growth: 1 example');
  const base = {
    shellrig: await typical(async () => (await project.shellrig('trivial', 1)).time),
    bats: await typical(() => project.bats('trivial', 1)),
  };
  const measures = [];
  for (const size of sizes) {
    say(`growth: ${size.toLocaleString('en')} examples`);
    const { time, peak, kept } = await project.shellrig('trivial', size);
    const alone = await project.shellrig('vitest', size);
    const bats = batsSizes.includes(size) ? [((await project.bats('trivial', size)) - base.bats) / (size - 1)] : [];
    measures.push({ size, each: (time - base.shellrig) / (size - 1), bats, peak, beyond: kept - alone.kept });
  }
  const [before, last] = measures.slice(-2);
  return measures.flatMap(({ size, each, bats, peak, beyond }) => {
    const isLast = size === last?.size && before !== undefined;
    const than = before?.size.toLocaleString('en');
    const name = `${size.toLocaleString('en')} in one file`;
    return /** @type {Row[]} */ ([
      { name: `${name}, each`, unit: 'ms', shellrig: [each], bats, ...(isLast ? { budget: `${TIME_FACTOR}x that of ${than}`, holds: () => each <= TIME_FACTOR * before.each } : {}) },
      { name: `${name}, memory of the worker at its peak`, unit: 'MB', shellrig: [peak / MEGABYTE] },
      { name: `${name}, memory kept beyond vitest's own`, unit: 'MB', shellrig: [beyond / MEGABYTE], ...(isLast ? { budget: `${MEMORY_FACTOR}x that of ${than}`, holds: () => beyond <= MEMORY_FACTOR * before.beyond } : {}) },
    ]);
  });
}

/** @param {() => Promise<number>} run */
async function typical(run) {
  return median([await run(), await run(), await run()]);
}
