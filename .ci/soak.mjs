#!/usr/bin/env node
// `npm run soak -- ROUNDS`: runs the specs again and again, in shuffled order and beside a full CPU load, and names
// every spec that ever failed, with the command that repeats that order.

import { mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const REPORT = join(ROOT, 'node_modules/.cache/shellrig/soak.json');

/** Spins until its parent is gone, however that ended. */
const LOAD = 'const parent = process.ppid; while (process.ppid === parent) for (let i = 0; i < 1e8; i++);';

$.cwd = ROOT;
$.preferLocal = true;
$.nothrow = true;
$.quiet = true;
process.exitCode = await soak(process.argv.slice(2));

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function soak(args) {
  const rounds = Number(args[0] ?? 10);
  if (!Number.isInteger(rounds) || rounds < 1 || args.length > 1) {
    console.error(`soak: expected one positive number of rounds, got '${args.join(' ')}'`);
    return 2;
  }
  /** @type {Map<string, number[]>} seeds under which a spec failed */
  const failures = new Map();
  const load = Array.from({ length: availableParallelism() }, () => $`${process.execPath} -e ${LOAD}`);
  const firstSeed = Math.floor(Math.random() * 1e6);
  try {
    for (let round = 1; round <= rounds; round++) {
      const seed = firstSeed + round;
      const { passed, failed } = await runOnce(seed);
      console.log(`round ${round} of ${rounds}, seed ${seed}: ${passed} passed, ${failed.length} failed`);
      for (const name of failed) failures.set(name, [...(failures.get(name) ?? []), seed]);
    }
  } finally {
    await Promise.all(load.map((child) => child.kill()));
  }
  return report(failures, rounds);
}

/**
 * @param {number} seed
 * @returns {Promise<{ passed: number, failed: string[] }>}
 */
async function runOnce(seed) {
  await mkdir(dirname(REPORT), { recursive: true });
  await rm(REPORT, { force: true });
  const { exitCode, stdout, stderr } = await $`vitest run ${order(seed)} --reporter=json --outputFile=${REPORT}`;
  const text = await readFile(REPORT, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: [`vitest wrote no report:\n${stdout}${stderr}`] };
  const { testResults, numPassedTests } = JSON.parse(text);
  const failed = testResults.flatMap(failuresOf);
  const broken = exitCode !== 0 || numPassedTests === 0;
  return { passed: numPassedTests, failed: broken && failed.length === 0 ? [`vitest itself, exit code ${exitCode}:\n${stdout}${stderr}`] : failed };
}

/**
 * @param {{ name: string, status: string, message: string, assertionResults: { status: string, fullName: string }[] }} file
 * @returns {string[]}
 */
function failuresOf(file) {
  const path = relative(ROOT, file.name);
  const failed = file.assertionResults.filter((test) => test.status === 'failed').map((test) => `${path}: ${test.fullName}`);
  return failed.length === 0 && file.status === 'failed' ? [`${path}: ${file.message}`] : failed;
}

/** @param {number} seed */
function order(seed) {
  return ['--project', 'specs', '--sequence.shuffle', `--sequence.seed=${seed}`];
}

/**
 * @param {Map<string, number[]>} failures
 * @param {number} rounds
 */
function report(failures, rounds) {
  for (const [name, seeds] of failures) {
    console.log(`\n${seeds.length === rounds ? 'fails always' : `flake, failed in ${seeds.length} of ${rounds} rounds`}: ${name}`);
    console.log(`  npx vitest run ${order(seeds[0] ?? 0).join(' ')}`);
  }
  console.log(`\n${failures.size === 0 ? 'no flake' : `${failures.size} unsteady or failing specs`} in ${rounds} rounds`);
  return failures.size === 0 ? 0 : 1;
}
