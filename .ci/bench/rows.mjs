import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { $ } from 'zx';
import { endedWithUs } from '../children.mjs';
import { costOfOne, median } from './measure.mjs';
import { ROOT, timed } from './project.mjs';

/**
 * @typedef {import('./project.mjs').Project} Project
 * @typedef {import('./table.mjs').Row} Row
 * @typedef {(text: string) => void} Say progress
 */

/** How many examples the smaller and the larger file hold. Few for bats, which takes longer for each the more there are. */
const SIZES = /** @type {const} */ ({ shellrig: [50, 450], bats: [10, 40], bash: [50, 250] });

/** Milliseconds that a trivial example may take. */
const TRIVIAL = 3;

/** Folders of testdata/, and the folder that holds the peers' form of the same work. */
const EXAMPLES = [
  { folder: 'trivial', peers: 'trivial', name: 'a trivial example' },
  { folder: 'stub', peers: 'stub', name: 'with one command stub, one file written and asserted' },
  { folder: 'given', peers: 'stub', name: 'the same, stub and file given by the example' },
  { folder: 'scripts', peers: 'scripts', name: 'the trivial one, all of artifacts/node sourced' },
];

/**
 * What one example costs. All parties of all rows take turns, so that a busy moment of the machine meets each of them.
 *
 * @param {Project} project
 * @param {number} repetitions
 * @param {Say} say
 * @returns {Promise<Row[]>}
 */
export async function exampleRows(project, repetitions, say) {
  /** @type {Record<string, number[]>} */
  const samples = {};
  /** @type {(key: string, cost: Promise<number>) => Promise<void>} */
  const take = async (key, cost) => void (samples[key] ??= []).push(await cost);
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    for (const { folder, peers } of EXAMPLES) {
      say(`examples, repetition ${repetition} of ${repetitions}: ${folder}`);
      await take(`shellrig ${folder}`, costOfOne(SIZES.shellrig, async (examples) => (await project.shellrig(folder, examples)).time));
      if (peers !== folder) continue;
      await take(`bats ${folder}`, costOfOne(SIZES.bats, (examples) => project.bats(folder, examples)));
      await take(`bash ${folder}`, costOfOne(SIZES.bash, (examples) => project.plain(folder, examples)));
    }
  }
  const trivial = median(samples['shellrig trivial'] ?? []);
  return EXAMPLES.map(({ folder, peers, name }) => {
    const of = (/** @type {string} */ key) => samples[key] ?? [];
    const [shellrig, bats, bash] = [of(`shellrig ${folder}`), of(`bats ${peers}`), of(`bash ${peers}`)];
    const cost = median(shellrig);
    const budgets = {
      trivial: { budget: `${TRIVIAL} ms, a third of bats`, holds: (/** @type {number} */ slowness) => cost <= TRIVIAL * slowness && cost <= median(bats) / 3 },
      scripts: { budget: 'the trivial one + 1 ms', holds: (/** @type {number} */ slowness) => cost <= trivial + slowness },
      stub: { budget: '6 ms', holds: (/** @type {number} */ slowness) => cost <= 6 * slowness },
    };
    return { name, unit: 'ms', shellrig, bats, bash, ...(folder in budgets ? budgets[/** @type {keyof typeof budgets} */ (folder)] : {}) };
  });
}

/**
 * What starting a session costs, in a process that has none yet and in one that has.
 *
 * @param {Project} project
 * @param {number} repetitions
 * @param {Say} say
 * @returns {Promise<Row[]>}
 */
export async function sessionRows(project, repetitions, say) {
  /** @type {Record<string, number[]>} */
  const samples = {};
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    say(`sessions, repetition ${repetition} of ${repetitions}`);
    const { measured } = await project.shellrig('session', 0);
    for (const [name, times] of Object.entries(measured)) (samples[name] ??= []).push(...times);
  }
  const of = (/** @type {string} */ key) => samples[key] ?? [];
  return [
    // While a spec file is loading, from the moment it defines a shell.
    { name: 'preparing a process for sandboxes, once', unit: 'ms', shellrig: of('first').map((first) => first - median(of('further'))) },
    { name: 'starting a session', unit: 'ms', shellrig: of('further'), budget: '40 ms', holds: (slowness) => median(of('further')) <= 40 * slowness },
  ];
}

/** Runs of a sweep that a second must hold. */
const SWEEP_RUNS = 100;

/**
 * How many runs of a sweep there are a second: a scenario of 30 steps, killed at each of them, with all scripts sourced,
 * on the cores that the machine has.
 *
 * @param {Project} project
 * @param {number} repetitions
 * @param {Say} say
 * @returns {Promise<Row>}
 */
export async function sweepRow(project, repetitions, say) {
  /** @type {number[]} */
  const shellrig = [];
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    say(`sweeps, repetition ${repetition} of ${repetitions}`);
    const { measured } = await project.shellrig('sweep', 0);
    shellrig.push(...(measured['sweep'] ?? []));
  }
  return { name: 'runs of a sweep, 30 steps, all of artifacts/node sourced', unit: '/s', shellrig, budget: `${SWEEP_RUNS} /s`, holds: (slowness) => median(shellrig) >= SWEEP_RUNS / slowness };
}

/** What may be slept by a virtual clock, and how many milliseconds that may take. */
const SLEPT = [
  { key: 'hour', name: 'an hour slept', budget: 20 },
  { key: 'sleepers', name: '1,000 sleepers, each woken by itself', budget: 5000 },
  { key: 'sleeps', name: '10,000 sleeps, one after the other', budget: 10_000 },
];

/**
 * What waiting costs by a virtual clock.
 *
 * @param {Project} project
 * @param {number} repetitions
 * @param {Say} say
 * @returns {Promise<Row[]>}
 */
export async function clockRows(project, repetitions, say) {
  /** @type {Record<string, number[]>} */
  const samples = {};
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    say(`virtual time, repetition ${repetition} of ${repetitions}`);
    const { measured } = await project.shellrig('clock', 0);
    for (const [key, times] of Object.entries(measured)) (samples[key] ??= []).push(...times);
  }
  return SLEPT.map(({ key, name, budget }) => {
    const shellrig = samples[key] ?? [];
    return { name, unit: 'ms', shellrig, budget: `${budget} ms`, holds: (slowness) => median(shellrig) <= budget * slowness };
  });
}

/** How long a watch run may take before it hangs; milliseconds. */
const WATCH_TIMEOUT = 60_000;

/**
 * A watch re-run of one spec file with 20 examples: from saving a script that it imports to the verdict.
 *
 * @param {Project} project
 * @param {number} repetitions
 * @param {Say} say
 * @returns {Promise<Row>}
 */
export async function watchRow(project, repetitions, say) {
  say('watch');
  const watching = endedWithUs(project.shell({ EXAMPLES: '20', BENCH_REPORT: join(project.folder, 'report.json') })`${project.vitest} watch scripts/`);
  let text = '';
  let hasEnded = false;
  const ended = watching.finally(() => (hasEnded = true));
  const verdict = async () => {
    const deadline = setTimeout(WATCH_TIMEOUT, 'late', { ref: false });
    while (!hasEnded && !/(?:Waiting|Watching) for file changes/.test(text)) {
      if ((await Promise.race([once(watching.stdout, 'data'), ended, deadline])) === 'late') break;
    }
    if (!/^\s+Tests\s+20 passed/m.test(text)) throw new Error(`the watched spec did not pass:\n${text.slice(0, 2000)}`);
  };
  try {
    watching.stdout.on('data', (chunk) => (text += chunk));
    await verdict();
    /** @type {number[]} */
    const shellrig = [];
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      text = '';
      const started = performance.now();
      appendFileSync(join(project.folder, 'trivial/lib.sh'), '# saved again\n');
      await verdict();
      shellrig.push((performance.now() - started) / 1000);
    }
    return { name: 'watch: from saving a script to the verdict', unit: 's', shellrig, budget: '1 s', holds: (slowness) => median(shellrig) <= slowness };
  } finally {
    await watching.kill();
  }
}

/**
 * All unit specs as one process on two cores.
 *
 * @param {number} repetitions
 * @param {Say} say
 * @returns {Promise<Row>}
 */
export async function suiteRow(repetitions, say) {
  /** @type {number[]} */
  const shellrig = [];
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    say(`all specs, repetition ${repetition} of ${repetitions}`);
    const run = $({ cwd: ROOT, quiet: true, nothrow: true, detached: true, preferLocal: true })`vitest run --project specs --maxWorkers=2`;
    shellrig.push((await timed(run)) / 1000);
  }
  return { name: 'all unit specs, 2 workers', unit: 's', shellrig, budget: '15 s', holds: (slowness) => median(shellrig) <= 15 * slowness };
}
