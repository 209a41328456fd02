import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debianProgram } from '../world/debian-program.fixture.js';
import { inlineEnvironment, inlineProject, normalised, VITEST, type InlineProject } from '../vitest/inline-project.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const SCRIPTS = new URL('../learning/testdata/', import.meta.url);

/** A script of over a thousand lines that nobody here wrote. */
const FOREIGN = await debianProgram('debootstrap', '/usr/share/debootstrap/functions', /^1\.0\./);

let project: InlineProject;
beforeAll(async () => {
  project = await inlineProject({
    'scripts/functions.sh': new URL('functions.sh', SCRIPTS),
    'scripts/strict.sh': new URL('strict.sh', SCRIPTS),
    'scripts/ends.sh': new URL('ends.sh', SCRIPTS),
    'lib/whole.sh': new URL('whole.sh', SCRIPTS),
    'lib/tool.py': '#!/usr/bin/env python3\n',
    'old.conf': 'old\n',
    'conf/a': 'a\n',
    'conf/d/b.sh': new URL('helpers.sh', SCRIPTS),
  });
}, 120_000);
afterAll(() => project.remove());

describe('shellrig record', () => {
  it('writes a spec beside the script that runs, and fails only at what is to be filled in', async () => {
    const { exitCode, stderr } = await shellrig('record', 'scripts/functions.sh', 'restarts', 'app');
    expect(stderr).toBe('shellrig: wrote scripts/restarts.spec.ts: exit code 0, 2 calls, 0 changes\n  to fill in: systemctl');
    expect(exitCode).toBe(0);
    expect(await read('scripts/restarts.spec.ts')).toContain("// Recorded by `shellrig record scripts/functions.sh restarts app`: what it did");
    expect(await read('scripts/restarts.spec.ts')).toContain("import functions from '#scripts/functions.sh';");
    expect(await runsWithAnswers('scripts/restarts.spec.ts', { systemctl: 'exits(0)' })).toMatchInlineSnapshot(`
      "StrictError: A placeholder is still to be filled in: the stub 'systemctl'.
      Tests  1 failed (1)

      filled in:
      Tests  1 passed (1)"
    `);
  });

  it('prints it, as it would lie beside the script; of a whole script too', async () => {
    const { exitCode, stdout, stderr } = await shellrig('record', '--out', '-', '--env', 'APP_HOME=/srv', '--file', '/srv/app/', 'lib/whole.sh', '--', '--now');
    expect(stdout).toContain("// Recorded by `shellrig record --env APP_HOME=/srv --file /srv/app/ lib/whole.sh -- --now`: what it did");
    expect(stdout).toContain("import whole from './whole.sh';");
    expect(stdout).toContain("await shell.exec(whole, '--now');");
    expect(stderr).toBe('shellrig: recorded: exit code 0, 1 call, 0 changes\n  to fill in: service\n  might look for, and not there: systemctl; --stub NAME has one be there');
    expect(exitCode).toBe(0);
    expect(existsSync(join(project.root, 'lib/whole.spec.ts'))).toBe(false);
  });

  it('replaces nothing unless it is told to, and leaves no draft', async () => {
    await writeFile(join(project.root, 'mine.spec.ts'), 'mine\n');
    expect(await shellrig('record', 'scripts/functions.sh', 'prints', '--out', 'mine.spec.ts')).toMatchObject({
      exitCode: 2, stderr: 'shellrig: record: mine.spec.ts is there already: --force replaces it, --out FILE names another',
    });
    expect(await read('mine.spec.ts')).toBe('mine\n');
    expect((await shellrig('record', 'scripts/functions.sh', 'prints', '-o', 'mine.spec.ts', '--force')).exitCode).toBe(0);
    expect(await read('mine.spec.ts')).toContain("shell.call('prints')");
    expect((await readdir(project.root)).filter((name) => name.includes('mine'))).toEqual(['mine.spec.ts']);
  });

  it('names the script too where a function of another script has the file', async () => {
    await writeFile(join(project.root, 'one.sh'), 'same() { echo one; }\n');
    await writeFile(join(project.root, 'two.sh'), 'same() { echo two; }\n');
    expect((await shellrig('record', 'one.sh', 'same')).stderr).toContain('wrote same.spec.ts');
    expect((await shellrig('record', 'two.sh', 'same')).stderr).toContain('wrote two.same.spec.ts');
    expect(await read('same.spec.ts')).toContain("'one\\n'");
    expect((await shellrig('record', 'one.sh', 'same')).stderr).toContain('same.spec.ts is there already');
  });

  it('says so where an option of its own stands behind --', async () => {
    const { stdout, stderr } = await shellrig('record', '-o', '-', 'scripts/functions.sh', 'prints', '--', '--stub=x', '--verbose', '--time', '5s');
    expect(stdout).toContain("shell.call('prints', '--stub=x', '--verbose', '--time', '5s')");
    expect(stderr).toMatch(/^ {2}--stub=x, --time: behind -- this is an argument of the script; what record is to take stands before --$/m);
  });

  it('says so where the project would not find the spec', async () => {
    const { exitCode, stderr } = await shellrig('record', 'scripts/functions.sh', 'prints', '-o', 'prints.ts');
    expect(stderr).toMatch(/^ {2}the project does not look for specs there, but for .*\*\*\/\*\.\{test,spec\}.*: --out FILE writes it elsewhere$/m);
    expect(exitCode).toBe(0);
  });

  it('takes what the script needs: files, variables, answers, standard input', async () => {
    const { stdout } = await shellrig(
      'record', 'scripts/strict.sh', 'deploys', '--env', 'KIND=k', '--var', 'TARGET=t', '--var', 'verbose=', '--var', 'level=1', '--stub', 'uname_of=m1', '--stub', 'never:2', '--file', '/etc/old.conf=old.conf', '--stdin', 'old.conf', '-o', '-',
    );
    expect(stdout.slice(stdout.indexOf('const shell'), stdout.indexOf('    expect'))).toMatchInlineSnapshot(`
      "const shell = defineShell({
        source: [strict],
        files: { '/etc/old.conf': 'old\\n' },
        env: { KIND: 'k' },
        stubs: {
          // not called by this run
          uname_of: returns('m1\\n'),
          // not called by this run
          never: exits(2),
        },
      });

      describe('deploys', () => {
        it('does what it did when it was recorded', async () => {
          const run = await shell.given({ vars: { TARGET: 't', verbose: '', level: '1' }, stdin: 'old\\n' }).call('deploys');

      "
    `);
    expect(stdout).toContain("'/srv/m1': file('t  1\\n', { mode: 0o644");
  });

  it('takes a folder with all that is in it', async () => {
    const { stdout } = await shellrig('record', 'scripts/functions.sh', 'removes', '--file', '/etc/old.d=conf', '--file', '/etc/old=old.conf', '-o', '-');
    expect(stdout).toContain("    '/etc/old.d/a': 'a\\n',\n    '/etc/old.d/d/b.sh': ");
    expect(stdout).toContain("toHaveChangedOnly({ '/etc/old': removed, '/etc/old.d': removed })");
    expect(await shellrig('record', 'scripts/functions.sh', 'removes', '--file', '/x=../../usr/bin', '-o', '-')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('holds more than 60 files') });
  });

  it('says why a run cannot be recorded', async () => {
    const { exitCode, stdout, stderr } = await shellrig('record', 'scripts/ends.sh', 'f', '--out', '-');
    expect(stderr).toMatchInlineSnapshot(`
      "shellrig: record: the run cannot be recorded.
      Sourcing ended the shell with exit code 3, before any example could run.

        defineShell({ source: ['scripts/ends.sh'] })

        at scripts/ends.sh:3 at top level

            1| #!/bin/bash
            2| # Cannot be sourced.
          > 3| exit 3

        A script that is meant to be run and not sourced: use .exec(). One that needs files, variables or stubs while it is sourced: give them to defineShell().

        --env, --file, --source and --stub give a script what it needs while it is sourced.
        One that calls its functions at its end, with its arguments, cannot be sourced for one of them. Record it as a whole, with arguments that lead there:
          shellrig record scripts/ends.sh -- ARG...
        or have it do its work only where it is run: [[ \${BASH_SOURCE[0]} != "$0" ]] || main "$@""
    `);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['of a script that cannot be read nothing of what it would need', ['broken.sh', 'f'], /syntax error(?![^]*--env)/],
    ['of a time that was not enough the option', ['scripts/functions.sh', 'waits_for_ever', '--time', '1s'], /^(?![^]*limits: )[^]*By the virtual clock[^]*If it may need that much:\n {4}--time 60s\n\n {2}A command that it waits for [^\n]*$/],
    ['of a script that reads its arguments where it is sourced, that it has none', ['main.sh', 'f'], /^shellrig: record: main\.sh reads \$1 while it is sourced, which gives it no arguments\.\n[^]* {2}shellrig record main\.sh -- ARG\.\.\.\n/],
  ])('says what helps: %s', async (_what, words, told) => {
    await writeFile(join(project.root, 'broken.sh'), 'f( { echo\n');
    await writeFile(join(project.root, 'main.sh'), 'set -u\nf() { :; }\necho "$1"\n');
    expect((await shellrig('record', ...words, '-o', '-')).stderr).toMatch(told);
  });

  it('writes what TypeScript takes', async () => {
    const functions = ['writes', 'differs', 'sets', 'stays'];
    await Promise.all([
      ...functions.map((name) => shellrig('record', 'scripts/functions.sh', name, '--out', `typed-${name}.spec.ts`)),
      shellrig('record', 'lib/whole.sh', '--out', 'typed-whole.spec.ts', '--file', '/srv/app/', '--file', '/srv/large=scripts/functions.sh', '--', 'x'),
    ]);
    const options = { module: 'NodeNext', target: 'ES2023', strict: true, skipLibCheck: true, noEmit: true, types: [], noUnusedLocals: true, noUnusedParameters: true };
    await writeFile(join(project.root, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['typed-*.ts'] }));
    const { all } = await execa('node', [join(REPOSITORY, 'node_modules/typescript/bin/tsc'), '--pretty', 'false'], { cwd: project.root, all: true, reject: false });
    expect(all).toBe('');
    expect((await readdir(project.root)).filter((name) => name.startsWith('typed-'))).toHaveLength(functions.length + 1);
  }, 120_000);
});

it('does what the README shows', async () => {
  const readme = await readFile(join(REPOSITORY, 'README.md'), 'utf8');
  const blocks = (language: string) => [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
  await writeFile(join(project.root, 'agent.sh'), blocks('bash')[0] ?? '');
  await writeFile(join(project.root, 'agent.bin'), 'agent 1.2\n');
  const [, ...words] = blocks('sh').join('').split('\n').find((line) => line.startsWith('npx shellrig record agent.sh'))?.split(' ') ?? [];
  expect((await shellrig(...words.slice(1))).exitCode).toBe(0);
  const withoutOwners = (text = '') => text.replaceAll(", owner: 'root:root'", '');
  expect(withoutOwners(await read('install_agent.spec.ts'))).toContain(withoutOwners(blocks('ts').find((block) => block.startsWith('const shell'))));
});

describe('a script that nobody here wrote', () => {
  it('gets a spec that runs, and fails only at what is to be filled in', async (context) => {
    if (FOREIGN.missing !== undefined) return context.skip(FOREIGN.missing);
    await writeFile(join(project.root, 'foreign'), await readFile(FOREIGN.path));
    const { exitCode, stderr } = await shellrig('record', 'foreign', 'setup_proc', '--var', 'TARGET=/target', '--file', '/target/proc/', '--file', '/target/sys/');
    expect(stderr).toContain('shellrig: wrote setup_proc.spec.ts: ');
    expect(stderr).toMatch(/^ {2}to fill in: umount, mount$/m);
    expect(exitCode).toBe(0);
    expect(await runsWithAnswers('setup_proc.spec.ts', { umount: 'exits(0)', mount: 'exits(0)' })).toMatchInlineSnapshot(`
      "StrictError: 2 placeholders are still to be filled in: the stub 'umount', the stub 'mount'.
      Tests  1 failed (1)

      filled in:
      Tests  1 passed (1)"
    `);
  }, 120_000);
});

describe('a command line that cannot be meant: one line, a suggestion, exit code 2', () => {
  it.each([
    ['record', 'record: expected a script: shellrig record SCRIPT [FUNCTION [ARG]...]'],
    ['record scripts/function.sh f', "record: there is no script scripts/function.sh. Did you mean 'functions.sh'?"],
    ['record scripts f', 'record: scripts is no file'],
    ['record lib/tool.py f', 'record: lib/tool.py is a script for python3, and shellrig runs bash'],
    ['record scripts/functions.sh restart', "record: there is no function 'restart' in this shell, and no command of that name. Did you mean 'restarts'?"],
    ['record scripts/functions.sh needs_an_argument', 'record: needs_an_argument reads $1, which the command line does not give'],
    ['record scripts/functions.sh f --forc', "record: there is no option '--forc'. Did you mean '--force'?"],
    ['record scripts/functions.sh f --env 1=2', "record: --env takes NAME=VALUE, got '1=2'"],
    ['record scripts/functions.sh f --file etc/x=old.conf', "record: --file takes PATH=FILE, got 'etc/x=old.conf': PATH is absolute, as the script sees it"],
    ['record scripts/functions.sh f --file /etc/x=odd.conf', "record: there is no file odd.conf for --file. Did you mean 'old.conf'?"],
    ['record scripts/functions.sh f --stub x:256', "record: --stub takes NAME[:CODE][=TEXT] with a CODE from 0 to 255, got 'x:256'"],
    ['record scripts/functions.sh f --time long', "record: --time takes a number with ms, s or m, got 'long'"],
    ['record scripts/functions.sh f --out nowhere/x.spec.ts', 'record: there is no folder nowhere to write nowhere/x.spec.ts in'],
    ['record scripts/functions.sh prints --out lib --force', 'record: lib is a folder: --out lib/prints.spec.ts names a file in it'],
    ['record lib/whole.sh --source lib/whole.sh', 'record: --source is for functions: a script that runs as a whole sources what it needs'],
    ['record lib/whole.sh --var A=1', 'record: --var is for functions: a script that runs as a whole has exported variables only, which --env gives'],
  ])('shellrig %s', async (line, message) => {
    const { exitCode, stderr } = await shellrig(...line.split(' '));
    expect(stderr).toBe(`shellrig: ${message}`);
    expect(exitCode).toBe(2);
  });
});

/** What a recorded spec says as it was written, and once its placeholders are filled in. */
async function runsWithAnswers(spec: string, answers: Readonly<Record<string, string>>): Promise<string> {
  const open = await vitest(spec);
  const text = await read(spec);
  const filled = Object.entries(answers).reduce((filled, [name, answer]) => filled.replace(`${name}: _`, `${name}: ${answer}`), text).replace('import { _, ', 'import { exits, ');
  await writeFile(join(project.root, spec), filled);
  const closed = await vitest(spec);
  return [...open, '', 'filled in:', ...closed].join('\n');
}

/** The errors of a run, a line each, and its totals. */
async function vitest(spec: string): Promise<string[]> {
  const { all } = await execa('node', [VITEST, 'run', spec], { cwd: project.root, env: inlineEnvironment(), extendEnv: false, reject: false, all: true });
  return normalised(all, project.root).split('\n').filter((line) => /^(?:\w*Error: | +Tests )/.test(line)).map((line) => line.trim());
}

function read(path: string): Promise<string> {
  return readFile(join(project.root, path), 'utf8');
}

function shellrig(...args: string[]) {
  return execa('node', [join(REPOSITORY, 'dist/cli/main.js'), ...args], { cwd: project.root, env: inlineEnvironment(), extendEnv: false, reject: false });
}
