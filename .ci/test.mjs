#!/usr/bin/env node
// `npm test`: every check of the repository, one named stage after the other. Stops at the first that fails, and ends
// with one plain line of totals, counted by vitest.

import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';
import { lintWorkflows } from './workflows.mjs';

/**
 * @typedef {object} Result
 * @property {boolean} ok
 * @property {string} [output] what to show if it is not
 * @property {number} [passed] tests
 * @property {number} [failed] tests
 * @property {number} [skipped] tests
 */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const REPORTS = join(ROOT, 'node_modules/.cache/shellrig');

/** Of the values of each sweep, drawn by the commit, as they take as long as all specs: `npm run sweeps` tries all. */
const SAMPLE = process.env['SHELLRIG_SAMPLE'] ?? `30:${await numberOfCommit()}`;
// Regressions that name a sweep need the value that shows them.
delete process.env['SHELLRIG_SAMPLE'];

/** @type {Record<string, () => Promise<Result>>} */
const STAGES = {
  'types': () => quietly($`tsc`),
  'lint': () => quietly($`oxlint --deny-warnings`),
  'unused code': () => quietly($`knip`),
  'workflows': async () => shown(await lintWorkflows(ROOT)),
  'shellcheck': shellcheck,
  'harness tests': () => vitest('harness', { beside: ['alone'] }),
  'specs': () => vitest('specs'),
  'sweeps': () => vitest('sweeps', { env: { SHELLRIG_SAMPLE: SAMPLE } }),
  'regressions': regressions,
};

$.cwd = ROOT;
$.preferLocal = true;
$.nothrow = true;
process.exitCode = (await runStages()) ? 0 : 1;

/** @returns whether all of them passed */
async function runStages() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  let failing;
  for (const [name, run] of Object.entries(STAGES)) {
    const started = performance.now();
    console.log(`# ${name}`);
    const result = await run();
    total.passed += result.passed ?? 0;
    total.failed += result.failed ?? 0;
    total.skipped += result.skipped ?? 0;
    if (result.output) console.log(result.output.trimEnd());
    console.log(`  ${result.ok ? 'ok' : 'FAILED'}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    if (!result.ok) {
      failing = name;
      break;
    }
  }
  if (failing !== undefined) console.log(`\nnpm test stopped at the first failing stage: ${failing}`);
  console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
  return failing === undefined;
}

/**
 * A check that has something to say only when it fails.
 *
 * @param {import('zx').ProcessPromise} command
 * @returns {Promise<Result>}
 */
async function quietly(command) {
  const { exitCode, stdout, stderr } = await command.quiet();
  return shown(exitCode === 0 ? '' : `${stdout}${stderr}` || `exit code ${exitCode}`);
}

/**
 * @param {string} complaints
 * @returns {Result}
 */
function shown(complaints) {
  return { ok: complaints === '', output: complaints };
}

/** Every .sh that git knows or would add, and the one shell file without that ending. */
async function shellcheck() {
  const listed = await $`git ls-files -z --cached --others --exclude-standard -- '*.sh' .ci/run`.quiet();
  const deleted = await $`git ls-files -z --deleted -- '*.sh'`.quiet();
  if (listed.exitCode !== 0) return shown(`git could not list the shell files:\n${listed.stderr}`);
  const gone = new Set(deleted.stdout.split('\0'));
  const files = listed.stdout.split('\0').filter((path) => path !== '' && !gone.has(path));
  return quietly($`shellcheck -x --source-path=SCRIPTDIR -- ${files}`);
}

/**
 * One vitest project, or some at once. Its totals come from vitest's own report, never from its exit code alone: a run without tests is
 * a failure.
 *
 * @param {string} project a name from vitest.config.ts
 * @param {{ beside?: readonly string[], env?: Record<string, string> }} options further projects, and variables of the environment
 * @returns {Promise<Result>}
 */
async function vitest(project, { beside = [], env = {} } = {}) {
  const report = reportOf(project);
  await mkdir(REPORTS, { recursive: true });
  await rm(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  for (const [name, value] of Object.entries(env)) console.log(`  ${name}=${value}`);
  const { exitCode } = await $({ stdio: 'inherit', env: { ...process.env, ...env } })`vitest run ${[project, ...beside].map((name) => `--project=${name}`)} ${reporters}`;
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return shown(`vitest wrote no report (exit code ${exitCode})`);
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests, numTodoTests } = JSON.parse(text);
  const output = passed + failed === 0 ? `no test of '${project}' ran` : '';
  return { ok: exitCode === 0 && failed === 0 && passed > 0, output, passed, failed, skipped: numPendingTests + numTodoTests };
}

/** The same each time that a commit is tested: what fails fails again. 0 where there is none. */
async function numberOfCommit() {
  const { exitCode, stdout } = await $({ cwd: ROOT, nothrow: true, quiet: true })`git rev-parse HEAD`;
  return exitCode === 0 ? Number.parseInt(stdout.slice(0, 7), 16) : 0;
}

/** @param {string} project */
function reportOf(project) {
  return join(REPORTS, `${project}.json`);
}

/**
 * Puts every recorded defect back and requires the named specs to notice. That they pass without it the stages of the
 * specs and of the sweeps have shown, the latter on a sample. The command's last line has its totals.
 *
 * @returns {Promise<Result>}
 */
async function regressions() {
  const { exitCode, stdout } = await $({ stdio: ['inherit', 'pipe', 'inherit'] })`node dist/cli/main.js repro --all ${['specs', 'sweeps'].map((project) => `--passed=${reportOf(project)}`)}`;
  const totals = /^(\d+) passed, (\d+) failed$/.exec(stdout.trimEnd().split('\n').at(-1) ?? '');
  if (totals === null) return shown(`${stdout}\nrepro --all ended without totals (exit code ${exitCode})`);
  const [passed, failed] = [Number(totals[1]), Number(totals[2])];
  return { ok: exitCode === 0 && failed === 0 && passed > 0, output: stdout, passed, failed };
}
