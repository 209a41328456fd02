#!/usr/bin/env node
// `npm run bench [-- --quick] [-- --strict]`: what an example costs, beside bats and plain bash doing the same work in
// the same run, against the budgets. Exits with 1 when something could not be measured, and with --strict also when a
// budget is exceeded. Progress goes to standard error, the table to standard output.

import { parseArgs } from 'node:util';
import { glob } from 'zx';
import { growthRows } from './bench/growth.mjs';
import { load, machine, slowness } from './bench/machine.mjs';
import { Project, ROOT } from './bench/project.mjs';
import { clockRows, exampleRows, sessionRows, suiteRow, sweepRow, watchRow } from './bench/rows.mjs';
import { isOver, tableOf } from './bench/table.mjs';
import { exitOnSignals } from './children.mjs';

/** `--quick` shows what a change did to the first rows; it is too short for the growth that matters. */
const FULL = { repetitions: 7, sizes: [100, 1000, 10_000], batsSizes: [100, 1000] };
const QUICK = { repetitions: 3, sizes: [100, 1000], batsSizes: [100] };

process.exitCode = await bench(process.argv.slice(2));

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function bench(args) {
  let options;
  try {
    options = parseArgs({ args, options: { quick: { type: 'boolean' }, strict: { type: 'boolean' } } }).values;
  } catch (error) {
    console.error(`bench: ${/** @type {Error} */ (error).message}; there are --quick and --strict`);
    return 2;
  }
  exitOnSignals();
  const { repetitions, sizes, batsSizes } = options.quick ? QUICK : FULL;
  // These run as they are sourced: there is nothing in them to call.
  const programs = ['cse_start', 'cse_main', 'ensure-no-dup', 'ensure_imds_restriction'];
  const project = new Project((await glob(['artifacts/node/**/*.sh', ...programs.map((name) => `!artifacts/node/${name}.sh`)], { cwd: ROOT, absolute: true })).sort());
  console.log(await machine());
  const { rows, failures } = await measure([
    ['examples', () => exampleRows(project, repetitions, say)],
    ['sessions', () => sessionRows(project, repetitions, say)],
    ['sweeps', async () => [await sweepRow(project, repetitions, say)]],
    ['clock', () => clockRows(project, options.quick ? 1 : 3, say)],
    ['watch', async () => [await watchRow(project, repetitions, say)]],
    ['specs', async () => [await suiteRow(options.quick ? 1 : 3, say)]],
    ['growth', () => growthRows(project, { sizes, batsSizes, say })],
  ]);
  console.log(`\n${tableOf(rows)}\n\nMedian (least-most) of ${repetitions} repetitions that took turns; load at the end ${load()}. Slowness: what an empty bash -c took meanwhile, by 1.3 ms; budgets in time are that much larger.`);
  const over = rows.filter(isOver);
  if (over.length > 0) console.log(`Over budget: ${over.map(({ name }) => name).join('; ')}.`);
  if (failures.length > 0) console.log(`Could not be measured, see above: ${failures.join(', ')}.`);
  return failures.length > 0 || (options.strict && over.length > 0) ? 1 : 0;
}

/**
 * Takes all measures, though some may fail.
 *
 * @param {readonly [string, () => Promise<import('./bench/table.mjs').Row[]>][]} parts
 */
async function measure(parts) {
  /** @type {import('./bench/table.mjs').Row[]} */
  const rows = [];
  /** @type {string[]} */
  const failures = [];
  for (const [name, part] of parts) {
    try {
      const before = await slowness();
      const measured = await part();
      const during = (before + await slowness()) / 2;
      rows.push(...measured.map((row) => ({ ...row, slowness: during })));
    } catch (error) {
      failures.push(name);
      console.error(`bench: ${name} could not be measured: ${/** @type {Error} */ (error).message}`);
    }
  }
  return { rows, failures };
}

/** @param {string} text */
function say(text) {
  console.error(`bench: ${text}`);
}
