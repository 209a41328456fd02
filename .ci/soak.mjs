#!/usr/bin/env node
// `npm run soak -- ROUNDS [--load LOOPS] [FILTER]...`: runs the specs again and again, each time in another order and beside
// busy loops, as many as there are cores or as said, and names every test that ever failed or did something else than in the first round
// (its runs' effects, what they printed, how long they took by a virtual clock), with the command that repeats that order.
// One vitest process a round: its start is a small part of a round, and a round can be repeated alone.

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';
import { endedWithUs, exitOnSignals } from './children.mjs';

/**
 * A test that failed, by name: each time with its seed and the first line of what it said.
 *
 * @typedef {Map<string, { seed: number, message: string }[]>} Failures
 */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const REPORT = join(ROOT, `node_modules/.cache/shellrig/soak-${process.pid}.json`);

/** Spins until its parent is gone, however that ended. */
const LOAD = 'const parent = process.ppid; while (process.ppid === parent) for (let i = 0; i < 1e7; i++);';

/** Characters that are shown before what differs in a line, and twice as many after it. */
const CONTEXT = 60;

$.cwd = ROOT;
$.preferLocal = true;
$.nothrow = true;
$.quiet = true;
$.detached = true;
process.exitCode = await soak(process.argv.slice(2));

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function soak(args) {
  const asked = whatIsAsked(args);
  if (asked === undefined) {
    console.error(`soak: expected a positive number of rounds, maybe --load and a number of busy loops, then filters of vitest; got ${args.join(' ')}`);
    return 2;
  }
  const { rounds, loops, filters } = asked;
  exitOnSignals();
  process.once('exit', () => rmSync(REPORT, { force: true }));
  /** @type {Failures} */
  const failures = new Map();
  /** What the runs of each test did when it passed first. @type {Map<string, string>} */
  const firsts = new Map();
  let compared = 0;
  const load = Array.from({ length: loops }, () => spawn(process.execPath, ['-e', LOAD], { stdio: 'ignore' }));
  const firstSeed = Math.floor(Math.random() * 1e6);
  const started = Date.now();
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const seed = firstSeed + round;
      const { passed, failed, effects } = await runOnce(seed, filters);
      for (const { name, text } of effects) {
        const first = firsts.get(name);
        compared += first === undefined ? 0 : 1;
        if (first === undefined) firsts.set(name, text);
        else if (first !== text) failed.push({ name, message: `not the same effects as the first time: ${difference(first, text)}` });
      }
      const unknown = failed.filter(({ name }) => !failures.has(name));
      for (const { name, message } of failed) failures.set(name, [...(failures.get(name) ?? []), { seed, message }]);
      const left = ((Date.now() - started) / round) * (rounds - round);
      console.log(`round ${round} of ${rounds}, seed ${seed}: ${passed} passed, ${failed.length} failed${round < rounds ? `; ${duration(left)} to go` : ''}`);
      for (const { name, message } of unknown) console.log(`  new: ${name}\n    ${firstLine(message)}`);
    }
  } finally {
    for (const child of load) child.kill('SIGKILL');
  }
  report(failures, { rounds, filters });
  console.log(`${firsts.size} tests had runs, whose effects were compared ${compared} times`);
  console.log(`${failures.size === 0 ? 'no flake' : `${failures.size} unsteady or failing tests`} in ${rounds} rounds, ${duration(Date.now() - started)}`);
  return failures.size === 0 ? 0 : 1;
}

/**
 * Undefined where it is not to be understood.
 *
 * @param {string[]} args
 */
function whatIsAsked(args) {
  try {
    const { values, positionals: [rounds = '10', ...filters] } = parseArgs({ args, options: { load: { type: 'string', default: String(availableParallelism()) } }, allowPositionals: true });
    const asked = { rounds: Number(rounds), loops: Number(values.load), filters };
    return Number.isInteger(asked.rounds) && asked.rounds > 0 && Number.isInteger(asked.loops) && asked.loops >= 0 ? asked : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {number} seed
 * @param {string[]} filters
 * @returns {Promise<{ passed: number, failed: { name: string, message: string }[], effects: { name: string, text: string }[] }>}
 */
async function runOnce(seed, filters) {
  await mkdir(dirname(REPORT), { recursive: true });
  await rm(REPORT, { force: true });
  const { exitCode, stdout, stderr } = await endedWithUs($({ env: { ...process.env, SHELLRIG_TELL_EFFECTS: '1' } })`vitest run ${order(seed)} ${filters} --reporter=json --outputFile=${REPORT}`);
  const text = await readFile(REPORT, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: [{ name: 'vitest wrote no report', message: stderr || stdout }], effects: [] };
  const { testResults, numPassedTests: passed } = JSON.parse(text);
  const effects = testResults.flatMap(effectsOf);
  const failed = [...testResults.flatMap(failuresOf), ...namesakes(effects)];
  if (failed.length > 0 || (exitCode === 0 && passed > 0)) return { passed, failed, effects };
  return { passed, failed: [{ name: passed > 0 ? 'vitest itself' : 'no test ran', message: `exit code ${exitCode}` }], effects };
}

/**
 * @typedef {{ status: string, fullName: string, failureMessages: string[], meta: { effects?: string[], races?: true } }} Test
 * @typedef {{ name: string, status: string, message: string, assertionResults: Test[] }} File
 */

/**
 * Of the tests that passed and had runs, what these did; but not of those that say that their processes race.
 *
 * @param {File} file
 * @returns {{ name: string, text: string }[]}
 */
function effectsOf({ name, assertionResults }) {
  const path = relative(ROOT, name);
  return assertionResults.flatMap(({ status, fullName, meta }) => (status === 'passed' && meta.effects && !meta.races ? [{ name: `${path} > ${fullName}`, text: meta.effects.join('\n') }] : []));
}

/**
 * Tests whose effects cannot be told from those of another, as orders change from round to round.
 *
 * @param {{ name: string }[]} effects
 * @returns {{ name: string, message: string }[]}
 */
function namesakes(effects) {
  const names = effects.map(({ name }) => name);
  return names.filter((name, index) => names.indexOf(name) < index).map((name) => ({ name, message: 'another test has the same name' }));
}

/**
 * The first line in which two texts differ.
 *
 * @param {string} first
 * @param {string} text
 */
function difference(first, text) {
  const [lines, others] = [first.split('\n'), text.split('\n')];
  const at = lines.findIndex((line, index) => line !== others[index]);
  return at < 0 ? `then came '${others[lines.length]}'` : partsThatDiffer(lines[at] ?? '', others[at] ?? 'nothing');
}

/**
 * @param {string} line
 * @param {string} other
 */
function partsThatDiffer(line, other) {
  const at = line.split('').findIndex((character, index) => character !== other[index]);
  const start = Math.max(0, (at < 0 ? line.length : at) - CONTEXT);
  const part = (/** @type {string} */ text) => `'${start > 0 ? '…' : ''}${text.slice(start, start + 3 * CONTEXT)}${text.length > start + 3 * CONTEXT ? '…' : ''}'`;
  return `${part(line)}, now ${part(other)}`;
}

/**
 * @param {File} file
 * @returns {{ name: string, message: string }[]}
 */
function failuresOf({ name, status, message, assertionResults }) {
  const path = relative(ROOT, name);
  const tests = assertionResults.filter((test) => test.status === 'failed');
  if (tests.length === 0 && status === 'failed') return [{ name: path, message }];
  return tests.map(({ fullName, failureMessages }) => ({ name: `${path} > ${fullName}`, message: failureMessages.join('\n') }));
}

/** @param {number} seed */
function order(seed) {
  return ['--project', 'specs', '--sequence.shuffle', `--sequence.seed=${seed}`];
}

/**
 * Prints what failed, what failed least often first: it is the flake.
 *
 * @param {Failures} failures
 * @param {{ rounds: number, filters: string[] }} run
 */
function report(failures, { rounds, filters }) {
  for (const [name, times] of [...failures].sort(([, one], [, other]) => one.length - other.length)) {
    console.log(`\n${times.length === rounds ? 'always' : `${times.length} of ${rounds}`}: ${name}`);
    for (const message of new Set(times.map((time) => firstLine(time.message)))) console.log(`  ${message}`);
    console.log(`  seeds ${times.map(({ seed }) => seed).join(' ')}: npx vitest run ${[...order(times[0]?.seed ?? 0), ...filters].join(' ')}`);
  }
  if (failures.size > 0) console.log('');
}

/** @param {string} message */
function firstLine(message) {
  return stripVTControlCharacters(message).trim().split('\n')[0]?.slice(0, 400) ?? '';
}

/** @param {number} milliseconds */
function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
