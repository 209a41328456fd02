import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, inlineEnvironment, inlineProject, normalised, type InlineProject } from '../vitest/inline-project.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(REPOSITORY, 'dist/cli/main.js');
const FILES = await filesOf(new URL('testdata/project/', import.meta.url));

let project: InlineProject;
beforeAll(async () => {
  project = await inlineProject(FILES);
}, 120_000);
afterAll(() => project.remove());

describe('a command line that cannot be meant: one line, a suggestion, exit code 2', () => {
  it.each([
    ['', 'expected a command: test, record, repro, doctor. `shellrig --help` tells of each'],
    ['tset', "there is no command 'tset'. Did you mean 'test'?"],
    ['frobnicate', "there is no command 'frobnicate'. `shellrig --help` lists them"],
    ['--halp', "there is no option '--halp'. Did you mean '--help'?"],
    ['--version x', "--version takes no arguments, got 'x'"],
    ['--help tset', "there is no command 'tset'. Did you mean 'test'?"],
    ['help tset', "there is no command 'tset'. Did you mean 'test'?"],
    ['help test greet', "help takes one command, got 'test greet'"],
    ['hlep', "there is no command 'hlep'. Did you mean 'help'?"],
    ['test --scirpts scripts=x', "test: there is no option '--scirpts'. Did you mean '--scripts'?"],
    ['test -x', "test: there is no option '-x'. Did you mean '-t'?"],
    ['test --scripts', 'test: --scripts needs a value: --scripts NAME=DIR'],
    ['test --scripts --watch', 'test: --scripts needs a value: --scripts NAME=DIR'],
    ['test --scripts scripts', "test: --scripts takes NAME=DIR, got 'scripts'"],
    ['test --scripts scirpts=.', "there is no script set 'scirpts'. Did you mean 'scripts'?"],
    ['test --scripts other=.', "there is no script set 'other'. There is: scripts"],
    ['test --scripts scripts=nowhere', "script set 'scripts': there is no folder <root>/nowhere"],
    ['test --scripts scripts=. --scripts scripts=.', "test: --scripts names the set 'scripts' twice"],
    ['test --most some', "test: --most takes a whole number from 1, got 'some'"],
    ['test --bail 0', "test: --bail takes a whole number from 1, got '0'"],
    ['test --bail 1 --bail 2', 'test: --bail is given twice'],
    ['test --watch=1', "test: --watch takes no value, got '1'"],
    ['test --unasserted=fail', "test: --unasserted takes no value, got 'fail'"],
    ['test --unasserted --watch', 'test: --unasserted tells of a whole run at its end, which --watch has not: give one of them'],
    ['test greet --value killed@0:1', "test: --value names a value of one sweep: add the sweep, -t 'SUITE NAME$', as the command has it that its failure gives"],
    ['test -t (', "test: --test-name takes a regular expression; '(' is none"],
    ['test --known-defects nowhere', "test: --known-defects cannot be read: ENOENT: no such file or directory, open 'nowhere'"],
    ['test grete', "test: no spec's path contains 'grete'. Nearest: greet.spec.ts, defects.spec.ts, unlooked.spec.ts"],
    ['test greet -t hallo', "test: no test's full name matches 'hallo'. Nearest: 'greet says hello'"],
    ['doctor now', "doctor: takes no arguments, got 'now'"],
  ])('shellrig %s', async (line, message) => {
    const { exitCode, stderr } = await shellrig(...line.split(' ').filter((word) => word !== ''));
    expect(normalised(stderr, project.root)).toBe(`shellrig: ${message}`);
    expect(exitCode).toBe(2);
  });
});

describe('help', () => {
  it('lists the commands', async () => {
    const { exitCode, stdout } = await shellrig('--help');
    expect(stdout).toMatchInlineSnapshot(`
      "shellrig: tests shell scripts for what they do

      Usage: shellrig COMMAND [ARGUMENTS]

      Commands:
        test    runs the specs
        record  runs a function once, and writes the first spec of it
        repro   puts recorded defects back, and shows what the specs say
        doctor  says whether this machine can run sandboxes, and what mends it if not

      Options:
        --help, -h  this text, or that of a command: shellrig COMMAND --help
        --version   the version of shellrig

      Exit code: 0 success, 1 something failed, 2 the command line cannot be meant."
    `);
    expect(exitCode).toBe(0);
  });

  it('tells of a command, whatever else is asked', async () => {
    const { exitCode, stdout } = await shellrig('test', 'greet', '--help');
    expect(stdout).toMatchInlineSnapshot(`
      "shellrig test: runs the specs

      Usage: shellrig test [FILTER]... [OPTIONS]

      Options:
        --test-name, -t PATTERN  only tests whose full name (suites and test, joined by blanks) matches
        --scripts NAME=DIR ...   uses the scripts in DIR for the script set NAME
        --watch                  runs what a change concerns, again and again
        --trace                  prints everything that each run executes
        --sweeps                 runs the vitest project named 'sweeps' too
        --value VALUE            tries this one value of the sweep that -t names, as its failure has it
        --seed N                 draws what sweeps try a sample of by another number
        --most N                 has sweeps that try some of what there is try N of it
        --known-defects FILE     a failure of a spec that carries an id of FILE does not fail the run
        --unasserted             lists what the runs did and no expectation covered, a test each
        --bail N                 stops after N failures
        --help, -h               this text

      A FILTER is a part of a spec file's path. Without one, all specs run: those of the vitest project named 'specs' where there
      is one, else all. Script sets are the entries of "imports" in package.json that name a folder of scripts:
      "#node/*": "./scripts/node/*" is the set 'node'. FILE of --known-defects holds an id a line; # begins a comment."
    `);
    expect(exitCode).toBe(0);
    expect((await shellrig('doctor', '-h')).stdout).toMatchInlineSnapshot(`
      "shellrig doctor: says whether this machine can run sandboxes, and what mends it if not

      Usage: shellrig doctor

      Options:
        --help, -h  this text

      ok: as it should be. limited: sandboxes run, with the named limit. missing: no sandbox runs without it.
      Exit code: 0 when sandboxes run, 1 when something is missing."
    `);
  });

  it('is a command too, as of most programs', async () => {
    expect((await shellrig('help')).stdout).toBe((await shellrig('--help')).stdout);
    const own = (await shellrig('doctor', '--help')).stdout;
    expect((await shellrig('help', 'doctor')).stdout).toBe(own);
    expect((await shellrig('--help', 'doctor')).stdout).toBe(own);
  });

  it('tells the version', async () => {
    const { version } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
    expect((await shellrig('--version')).stdout).toBe(version);
  });
});

describe('shellrig test', () => {
  it('runs what the filters name, by part or by path from anywhere in the project', async () => {
    const { exitCode, report } = await shellrig('test', 'greet');
    expect(report).toContain('✓ greet.spec.ts (2 tests)\n');
    expect(report).toContain('Test Files  1 passed (1)\n');
    expect(exitCode).toBe(0);
    const below = await shellrigIn(join(project.root, 'scripts'), 'test', '../greet.spec.ts');
    expect(below.report).toContain('Tests  2 passed (2)');
  });

  it('keeps the slash that ends a filter: a folder is no part of a name', async () => {
    const other = await inlineProject({ 'y/one.spec.ts': GREEN, 'deploy.spec.ts': GREEN });
    try {
      const { report } = await shellrigIn(other.root, 'test', 'y/');
      expect(report).toContain('Test Files  1 passed (1)');
    } finally {
      await other.remove();
    }
  });

  it('fails when a test does', async () => {
    const { exitCode, report } = await shellrig('test', '--bail', '1', '--unasserted');
    expect(report).toContain('Tests  1 failed');
    expect(report).toMatch(/\n\nUnasserted effects: not listed, because the run failed; they are when all is green$/);
    expect(exitCode).toBe(1);
  });

  it('uses the scripts of another folder', async () => {
    await cp(join(project.root, 'scripts'), join(project.root, 'copy'), { recursive: true });
    await writeFile(join(project.root, 'copy/greet.sh'), 'greet() { echo "hallo $1"; }\n');
    const { exitCode, report } = await shellrig('test', 'greet', '--scripts', 'scripts=copy');
    expect(report).toContain('hallo you');
    expect(report).toContain('it ended at copy/greet.sh:1 in function greet');
    expect(exitCode).toBe(1);
  });

  it('prints all that a run executes', async () => {
    const { report } = await shellrig('test', 'greet', '-t', 'greet counts \\(1 > 0\\), "twice"$', '--trace');
    expect(report).toMatchInlineSnapshot(`
      "RUN

      stdout | greet.spec.ts > greet > counts (1 > 0), "twice"
      .call('count') ended with exit code 1

        scripts/greet.sh:6 count       count() {
        scripts/greet.sh:7 count       local number
        scripts/greet.sh:8 count       for number in 1 2; do
        scripts/greet.sh:9 count       notify "$number" || echo "nobody hears $number"
                                         ⇒ notify 1
        scripts/greet.sh:8 count       for number in 1 2; do
        scripts/greet.sh:9 count       notify "$number" || echo "nobody hears $number"   → 7
                                         ⇒ notify 2   exit 7
        scripts/greet.sh:9 count       "   → 3
        scripts/greet.sh:11 count [2]  (exit 3)
        scripts/greet.sh:12 count      [ -e /done ]   → 1

      stdout:
        nobody hears 2

      effects:
        exit 1
        calls
          count › notify 1
          count › notify 2 → exit 7
        prints
          stdout 1 line

       ✓ greet.spec.ts (2 tests | 1 skipped)

       Test Files  1 passed (1)
            Tests  1 passed | 1 skipped (2)"
    `);
  });

  it('does not fail for known defects, and says which are gone', async () => {
    await writeFile(join(project.root, 'known'), '# what is known\nD1\nD2 # soon\n\nD9\n');
    const { exitCode, report } = await shellrig('test', 'defects', '--known-defects', 'known');
    expect(report).toMatchInlineSnapshot(`
      "RUN

       ✓ defects.spec.ts (3 tests | 1 skipped)

       Test Files  1 passed (1)
            Tests  2 passed | 1 skipped (3)


      Known defects: 1 test failed as expected
        D1 is there:
          defects.spec.ts > is known
        D2 is no longer there: 1 test passed; remove it from the list
        D9 is carried by no test that ran"
    `);
    expect(exitCode).toBe(0);
    await writeFile(join(project.root, 'known'), 'D2\n');
    expect((await shellrig('test', 'defects', '--known-defects', 'known')).exitCode).toBe(1);
  });

  it('lists what no expectation covered, when all is green', async () => {
    const { exitCode, report } = await shellrig('test', 'unlooked', '--unasserted');
    expect(report).toMatchInlineSnapshot(`
      "RUN

       ✓ unlooked.spec.ts (3 tests)

       Test Files  1 passed (1)
            Tests  3 passed (3)


      Unasserted effects: 2 of 3 tests did what no expectation covers
        unlooked.spec.ts (beforeAll)
          .call('greet', 'hook')
            stdout, and the run did nothing else
              hello hook
        unlooked.spec.ts > greet (beforeAll)
          .call('greet', 'suite')
            stdout, and the run did nothing else
              hello suite
        unlooked.spec.ts > greet > succeeds
          .call('greet', 'one')
            stdout, and the run did nothing else
              hello one
          .call('greet', 'two')
            stdout, and the run did nothing else
              hello two
        unlooked.spec.ts > greet > counts
          .call('count')
            calls
              notify 2   at scripts/greet.sh:9 in function count"
    `);
    expect(exitCode).toBe(0);
    expect((await shellrig('test', 'greet', '--unasserted')).report).toMatch(/\n\nUnasserted effects: none$/);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('ends its sandboxes when %s ends it', async (signal) => {
    await writeFile(join(project.root, 'waits.spec.ts'), WAITS);
    const running = execa('node', [MAIN, 'test', 'waits'], { cwd: project.root, env: inlineEnvironment(), extendEnv: false, reject: false });
    await expect.poll(() => commandLines(), { timeout: 20_000 }).toContain(SLEEP);
    running.kill(signal);
    await running;
    await expect.poll(() => commandLines(), { timeout: 5000 }).not.toContain(SLEEP);
    await rm(join(project.root, 'waits.spec.ts'));
  });
});

const GREEN = "import { it } from 'vitest';\nit('is green', () => {});\n";

/** A time that nothing else on the machine sleeps. */
const SLEEP = `sleep ${100_000 + process.pid}`;
const WAITS = `
  import { it } from 'vitest';
  import { defineShell } from 'shellrig';
  it('waits', async () => { await defineShell({ clock: 'real' }).call('sleep', '${SLEEP.slice('sleep '.length)}'); });
`;

async function commandLines(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(pids.map(async (pid) => (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').slice(0, -1).join(' ')));
}

function shellrig(...args: string[]) {
  return shellrigIn(project.root, ...args);
}

async function shellrigIn(cwd: string, ...args: string[]) {
  const { exitCode, stdout, stderr, all } = await execa('node', [MAIN, ...args], { cwd, env: inlineEnvironment(), extendEnv: false, reject: false, all: true });
  return { exitCode, stdout, stderr, report: normalised(all, project.root) };
}
