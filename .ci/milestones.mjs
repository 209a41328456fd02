#!/usr/bin/env node
// `npm run milestones [-- --calibrate | --plain]`: boots a node in the order before work was deferred until after kubelet's start and
// in the order of today, by the virtual clock, with everything taking as long as specs/milestones/costs.json says, and
// prints when each came by its milestones, beside what was published. The free numbers of the costs are those with which
// the first order comes out as published; --calibrate finds them anew and writes them into the file. The second order is
// then a prediction: whatever its error is, no number is changed for it. --plain tells of another node, of whose work the
// deferral moves less, with free numbers of its own that are kept nowhere: which node was published is not known.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters, parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';
import { endedWithUs, exitOnSignals } from './children.mjs';
import { differenceOf, milestonesOf } from './milestones/tables.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const COSTS = join(ROOT, 'specs/milestones/costs.json');
const SPEC = 'specs/milestones/milestones.spec.ts';
const REPORT = join(ROOT, `node_modules/.cache/shellrig/milestones-${process.pid}.json`);

process.exitCode = await milestones(process.argv.slice(2));

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function milestones(args) {
  let options;
  try {
    options = parseArgs({ args, options: { calibrate: { type: 'boolean', default: false }, plain: { type: 'boolean', default: false } } }).values;
    if (options.calibrate && options.plain) throw new Error('the plain node has no numbers that are kept');
  } catch (error) {
    console.error(`milestones: ${/** @type {Error} */ (error).message}; there is --calibrate, and --plain`);
    return 2;
  }
  const { calibrate, plain } = options;
  exitOnSignals();
  process.once('exit', () => rmSync(REPORT, { force: true }));
  console.error(calibrate || plain ? 'milestones: a node boots again and again until the free numbers are found' : 'milestones: a node boots in both orders');
  try {
    const report = await booted({ MILESTONES_CALIBRATE: calibrate || plain, MILESTONES_PLAIN: plain });
    if (calibrate) keep(report.free);
    const { published, measured } = costs();
    console.log(`${milestonesOf(published, report)}\n\n${differenceOf(report)}\n\n${sources(report.free, measured, plain)}`);
    return 0;
  } catch (error) {
    console.error(`milestones: ${/** @type {Error} */ (error).message}`);
    return 1;
  }
}

/**
 * Boots by the spec of the milestones, which leaves what it found.
 *
 * @param {Readonly<Record<string, boolean>>} wishes variables of the spec, and whether they are set
 * @returns {Promise<import('./milestones/tables.mjs').Report>}
 * @throws Error with what the spec said when it fails
 */
async function booted(wishes) {
  rmSync(REPORT, { force: true });
  const env = { ...process.env, NO_COLOR: '1', MILESTONES_REPORT: REPORT, ...Object.fromEntries(Object.entries(wishes).flatMap(([name, wished]) => (wished ? [[name, '1']] : []))) };
  const run = $({ cwd: ROOT, quiet: true, nothrow: true, detached: true, preferLocal: true, timeout: '15m', env });
  const { exitCode, stdout, stderr } = await endedWithUs(run`vitest run --project specs ${SPEC}`);
  if (exitCode === 0) return JSON.parse(readFileSync(REPORT, 'utf8'));
  const said = stripVTControlCharacters(`${stdout}${stderr}`);
  const reason = /^\s*(\w*Error: [^]*?)(?:\n\s*❯|\n\n)/m.exec(said)?.[1] ?? said.trim();
  throw new Error(`no milestones were found: ${reason.replace(/^\w*Error: /, '')}`);
}

/** @returns {any} the costs, which the spec has found to be as they should be */
function costs() {
  return JSON.parse(readFileSync(COSTS, 'utf8'));
}

/** @param {Readonly<Record<string, number>>} free */
function keep(free) {
  const text = readFileSync(COSTS, 'utf8');
  const changed = Object.entries(free).reduce((changed, [name, value]) => changed.replace(new RegExp(`("${name}": \\{ "value": )[\\d.]+`), `$1${value}`), text);
  writeFileSync(COSTS, changed);
}

/**
 * @param {Readonly<Record<string, number>>} free
 * @param {{ where: string }} measured
 * @param {boolean} plain
 */
function sources(free, { where }, plain) {
  const node = plain ? 'one with neither kubenet nor a name server of its own; without --plain, one with both' : 'one with kubenet and a name server of its own; with --plain, one with neither';
  return `Which node was published is not known. This is ${node}.\nFree, and calibrated on the order before alone: the pace, by which all that was measured is multiplied (${free['pace']}); kubelet until its node is registered (${free['registering']} ms); the node until it is ready (${free['becomingReady']} ms).\nMeasured ${where}\n${COSTS.slice(ROOT.length + 1)} says how, one by one.`;
}
