import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';
import { endedWithUs } from '../children.mjs';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const TESTDATA = fileURLToPath(new URL('testdata', import.meta.url));

/** What a spec says of itself when it has run. @typedef {{ peak: number, kept: number, measured: Record<string, number[]> }} Report bytes; milliseconds */

/** After this long a process hangs. */
const TIMEOUT = '15m';

/**
 * A copy of `testdata/` beside the checkout, as a project of somebody who uses shellrig: what is measured may write
 * there. Each method runs the example of one folder and returns the wall clock's milliseconds for the whole process.
 */
export class Project {
  folder = mkdtempSync(join(tmpdir(), 'shellrig-bench-'));

  /** @param {readonly string[]} scripts host paths of the scripts that the folder `scripts` sources */
  constructor(scripts) {
    this.scripts = scripts.join(':');
    process.once('exit', () => rmSync(this.folder, { recursive: true, force: true }));
    cpSync(TESTDATA, this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }\n');
    mkdirSync(join(this.folder, 'node_modules'));
    for (const [name, target] of [['shellrig', ROOT], ['vitest', join(ROOT, 'node_modules/vitest')]]) {
      symlinkSync(target ?? '', join(this.folder, 'node_modules', name ?? ''));
    }
  }

  /**
   * The example's spec, under vitest.
   *
   * @param {string} name
   * @param {number} examples how often it stands in its file
   * @returns {Promise<{ time: number } & Report>}
   */
  async shellrig(name, examples) {
    const report = join(this.folder, 'report.json');
    rmSync(report, { force: true });
    const time = await timed(this.shell({ EXAMPLES: String(examples), BENCH_REPORT: report })`${this.vitest} run ${name}/`);
    return { time, .../** @type {Report} */ (JSON.parse(readFileSync(report, 'utf8'))) };
  }

  /**
   * The same work as a bats file.
   *
   * @param {string} name
   * @param {number} examples
   */
  bats(name, examples) {
    const [head = '', body = ''] = readFileSync(join(this.folder, name, 'example.bats'), 'utf8').split(/^(?=@test)/m);
    const tests = Array.from({ length: examples }, (_, index) => body.replace(/^@test "(.*)"/, `@test "$1 ${index}"`));
    const file = join(this.folder, name, 'many.bats');
    writeFileSync(file, head + tests.join(''));
    return timed(this.shell()`${this.readOnly} ${join(ROOT, 'node_modules/bats/bin/bats')} ${file}`);
  }

  /**
   * The same work without a harness.
   *
   * @param {string} name
   * @param {number} examples
   */
  plain(name, examples) {
    return timed(this.shell()`${this.readOnly} bash ${join(this.folder, name, 'plain.sh')} ${examples}`);
  }

  /** The command line of vitest. */
  get vitest() {
    return [process.execPath, join(ROOT, 'node_modules/vitest/vitest.mjs'), '--root', this.folder];
  }

  /** @param {Record<string, string>} env */
  shell(env = {}) {
    return $({ cwd: this.folder, quiet: true, nothrow: true, detached: true, timeout: TIMEOUT, env: { ...process.env, NO_COLOR: '1', BENCH: this.folder, SCRIPTS: this.scripts, ...env } });
  }

  /** What the peers run in, once for all examples: they would source scripts on the machine itself, which then is read-only. A clone may lie in /tmp. */
  get readOnly() {
    return ['bwrap', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp', '--ro-bind', ROOT, ROOT, '--bind', this.folder, this.folder, '--unshare-all', '--cap-drop', 'ALL', '--die-with-parent'];
  }
}

/**
 * @param {import('zx').ProcessPromise} command
 * @returns {Promise<number>} milliseconds
 * @throws Error with the first of what it said when it fails
 */
export async function timed(command) {
  const started = performance.now();
  const { exitCode, stdout, stderr } = await endedWithUs(command);
  const time = performance.now() - started;
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${command.cmd}\n${(stderr || stdout).trim().split('\n').slice(0, 30).join('\n')}`);
  return time;
}
