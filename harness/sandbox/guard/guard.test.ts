import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import { dir } from 'tmp-promise';
import { describe, expect, test } from 'vitest';
import { guardLibrary } from './guard.js';

const testdata = fileURLToPath(new URL('testdata', import.meta.url));
const buildScript = fileURLToPath(new URL('build.sh', import.meta.url));
const python = existsSync('/usr/bin/python3');

/** What a command did in a private tree that preloads the guard: the names it recorded, and what it printed. */
async function inTree(command: readonly string[], { guard = true, log = true } = {}) {
  const host = await dir({ unsafeCleanup: true });
  try {
    const box = join(host.path, 'box');
    await mkdir(box);
    if (log) await writeFile(join(box, 'log'), '');
    await writeFile(join(host.path, 'preload'), guard ? '/run/shellrig/guard.so\n' : '');
    const tree = [
      ['--unshare-user', '--unshare-pid', '--tmpfs', '/', '--ro-bind', '/usr', '/usr', '--proc', '/proc', '--dev', '/dev'],
      ...['bin', 'sbin', 'lib', 'lib64'].map((name) => (existsSync(`/usr/${name}`) ? ['--symlink', `usr/${name}`, `/${name}`] : [])),
      ['--ro-bind', '/etc/ld.so.cache', '/etc/ld.so.cache', '--ro-bind', join(host.path, 'preload'), '/etc/ld.so.preload'],
      ['--ro-bind', guardLibrary(), '/run/shellrig/guard.so', '--bind', box, '/run/shellrig/box'],
      ['--ro-bind', join(testdata, 'child.sh'), '/run/shellrig/bash/child.sh', '--ro-bind', testdata, '/testdata'],
      ['--dir', '/first', '--dir', '/adir/nosuch', '--chdir', '/testdata', '--clearenv', '--setenv', 'PATH', '/first:/usr/bin:/testdata'],
    ].flat();
    const run = await execa('bwrap', [...tree, ...command], { reject: false, stdin: 'ignore' });
    const bytes = log ? await readFile(join(box, 'log'), 'utf8') : '';
    return { names: recordsOf(bytes), stdout: run.stdout };
  } finally {
    await host.cleanup();
  }
}

/** The names in a log, after a check that every record has the documented form. */
function recordsOf(log: string): string[] {
  const records = log.match(/[^\0]*\0[^\0]*\0[^\0]*\0[^\0]*\0/g) ?? [];
  expect(records.join('')).toBe(log);
  return records.flatMap((record) => {
    if (record.startsWith('B')) {
      expect(record).toMatch(/^B3\0[1-9]\d*\0\d{1,3}\0\d{10}\.\d{6}\0$/);
      return [];
    }
    expect(record).toMatch(/^U3\0[1-9]\d*\0[1-9]\d*(?:,[1-9]\d*)*\0[^\0]+\0$/);
    return [record.split('\0')[3] ?? ''];
  });
}

/** Whether this machine's compiler and linker are those of the committed files; others make other bytes. */
function isTheCompiler(machine: string): boolean {
  const compiler = execaSync(`${machine}-gcc`, ['-dumpfullversion'], { reject: false }).stdout;
  const linker = execaSync(`${machine}-ld`, ['--version'], { reject: false }).stdout ?? '';
  return compiler === '12.2.0' && linker.split('\n')[0]?.endsWith(' 2.40') === true;
}

/** Without the child file's line: what the script itself printed. */
const withoutChildLine = (text: string) => text.replaceAll(/^child file read\n?/gm, '');

describe('a command that does not exist is recorded (S4)', () => {
  const routes: [route: string, script: string, ...names: string[]][] = [
    ['an absolute path', '/opt/bin/nosuch', '/opt/bin/nosuch'],
    ['a path below a file', '/usr/bin/env/nosuch', '/usr/bin/env/nosuch'],
    ['exec of an absolute path', 'exec -a other /no/such', '/no/such'],
    ['a subshell with hidden stderr', '(/no/such) 2>/dev/null', '/no/such'],
    ['bash -c', 'bash -c "/no/such; :"', '/no/such'],
    ['timeout', 'timeout 5 nosuch', 'nosuch'],
    ['env', 'env A=b nosuch', 'nosuch'],
    ['env -i', 'env -i nosuch', 'nosuch'],
    ['env -i and another runner', 'env -i /usr/bin/timeout 5 nosuch', 'nosuch'],
    ['xargs', 'echo a | xargs nosuch', 'nosuch'],
    ['nohup', 'nohup nosuch', 'nosuch'],
    ['find -exec', String.raw`find present -exec nosuch {} \;`, 'nosuch'],
    ['nice', 'nice nosuch', 'nosuch'],
    ['setsid', 'setsid -w nosuch', 'nosuch'],
    ['a chain of runners', 'nice timeout 5 env nohup nosuch', 'nosuch'],
    ['sh -c, single command', 'sh -c nosuch', 'nosuch'],
    ['sh -c, list', 'sh -c "nosuch; nosuch; other x; :"', 'nosuch', 'nosuch', 'other'],
    ['sh -c, hidden stderr', 'sh -c "nosuch; :" 2>/dev/null', 'nosuch'],
    ['sh -c, closed stderr', 'sh -c "nosuch; :" 2>&-', 'nosuch'],
    ['sh -c, function, substitution, eval', 'sh -c "f() { one; }; f; x=\\$(two); eval three; :"', 'one', 'two', 'three'],
    ['sh -c, absolute path', 'sh -c "/no/such; :"', '/no/such'],
    ['sh -c, exec', 'sh -c "exec nosuch"', 'nosuch'],
    ['perl, list', `perl -e 'system("nosuch", 1)'`, 'nosuch'],
    ['perl, shell line', `perl -e 'system("nosuch; true")'`, 'nosuch'],
    ['a script whose interpreter is missing', './interpreter-missing', '/no/interpreter'],
    ['the same by a runner', 'timeout 5 interpreter-missing', '/no/interpreter'],
    ['the same in sh', 'sh -c "./interpreter-missing; :"', '/no/interpreter'],
    ['an interpreter whose interpreter is missing', './interpreter-is-a-script', '/no/interpreter'],
    ['#!/usr/bin/env of what is not there', './env-finds-nothing', 'nosuch'],
    ['only a directory has the name', 'PATH=/adir:/usr/bin timeout 5 nosuch', 'nosuch'],
  ];
  test.concurrent.each(routes)('%s', async (_route, script, ...names) => {
    const run = await inTree(['bash', '-c', `${script}\ntrue`]);
    expect(run.names).toEqual(names);
  });

  const pythonRoutes: [route: string, program: string][] = [
    ['subprocess', 'import subprocess; subprocess.run(["nosuch"])'],
    ['os.execvp', 'import os; os.execvp("nosuch", ["nosuch"])'],
    ['os.posix_spawnp', 'import os; os.posix_spawnp("nosuch", ["nosuch"], os.environ)'],
  ];
  test.skipIf(!python).concurrent.each(pythonRoutes)('python, %s (skipped where there is no python3)', async (_route, program) => {
    expect((await inTree(['python3', '-c', program])).names).toEqual(['nosuch']);
  });

  test('a name of the greatest length a path can have is whole', async () => {
    const name = `/${'d/'.repeat(2046)}x`;
    expect((await inTree(['bash', '-c', `${name}; true`])).names).toEqual([name]);
  });
});

describe('what exists, and what only asks, is not recorded', () => {
  const silent: [what: string, script: string, stdout: string][] = [
    ['command -v', 'command -v nosuch || echo no', 'no'],
    ['type -P', 'type -P nosuch || echo no', 'no'],
    ['[ -x ]', '[ -x /opt/bin/nosuch ] || echo no', 'no'],
    ['sh: command -v, type, hash, [ -x ]', 'sh -c "command -v nosuch; hash nosuch; [ -x /no/such ] || echo no"', 'no'],
    ['found in a later directory by a runner', 'timeout 5 present', 'ran'],
    ['found in a later directory by bash', 'present', 'ran'],
    ['found in a later directory by sh exec', 'sh -c "exec present"', 'ran'],
    ['found in a later directory with an odd PATH', 'PATH=/first/:/no//such:/usr/bin/env:/usr/bin:/testdata/ sh -c "exec present"', 'ran'],
    ['found by an empty PATH element', 'PATH=/usr/bin: env present', 'ran'],
    ['a script without #!', 'env without-shebang a', 'plain /testdata/without-shebang a'],
    ['a file that is not executable', 'timeout 5 not-executable; timeout 5 ./not-executable; echo $?', '126'],
    ['a directory', 'timeout 5 /adir; echo $?', '126'],
    ['text like the message, to stdout', 'sh -c "echo x: 1: y: not found"', 'x: 1: y: not found'],
    ['text like the message, to stderr', 'sh -c "echo x: 1: y: not found >&2"', ''],
    ['an empty name', 'env ""; echo $?', '127'],
  ];
  test.concurrent.each(silent)('%s', async (_what, script, stdout) => {
    const run = await inTree(['bash', '-c', script]);
    expect(run.names).toEqual([]);
    expect(withoutChildLine(run.stdout)).toBe(stdout);
  });

  test.skipIf(!python)('python, found in a later directory (skipped where there is no python3)', async () => {
    const run = await inTree(['python3', '-c', 'import subprocess; subprocess.run(["present"])']);
    expect([run.names, run.stdout]).toEqual([[], 'ran']);
  });
});

describe('programs see what they would see without the guard', () => {
  const attempts: [what: string, name: string][] = [
    ['a name that is nowhere', 'nosuch'],
    ['a path that is nowhere', '/no/such'],
    ['a path below a file', '/usr/bin/env/x'],
    ['a directory', '/adir'],
    ['a file that is not executable', './not-executable'],
    ['the same found by name', 'not-executable'],
    ['a name that is too long', 'a'.repeat(300)],
    ['a path that is too long', '/'.padEnd(5000, 'a')],
  ];
  test.concurrent.each(attempts)('errno of exec: %s', async (_what, name) => {
    const program = ['perl', '-e', 'exec { $ARGV[0] } @ARGV, "x"; print $! + 0', name];
    const [guarded, plain] = await Promise.all([inTree(program), inTree(program, { guard: false })]);
    expect(plain.stdout).toMatch(/^\d+$/);
    expect(guarded.stdout).toBe(plain.stdout);
  });

  test('and so where the log is missing', async () => {
    const script = 'timeout 5 nosuch; echo $?; /no/such; echo $?; sh -c "nosuch; echo \\$?"';
    const run = await inTree(['bash', '-c', script], { log: false });
    expect(withoutChildLine(run.stdout)).toBe('127\n127\n127');
  });
});

describe('a bash child reads child.sh and nothing shows', () => {
  // bash -p reads no BASH_ENV itself.
  const shown = 'env | grep -E "BASH_ENV|SHELLRIG" || echo nothing shows';
  const read: [how: string, script: string, rest: string][] = [
    ['bash -c', `bash -c '${shown}'`, 'nothing shows'],
    ['bash with options', `bash -eu -o pipefail -O extglob -c '${shown}' name -p -i`, 'nothing shows'],
    ['bash reading its input', `echo '${shown}' | bash`, 'nothing shows'],
    ['a login shell', `bash -l -c '${shown}'`, 'nothing shows'],
    ['another name', `exec -a other bash -c '${shown}'`, 'nothing shows'],
    ['env -i', `env -i PATH=/usr/bin bash -c '${shown}'`, 'nothing shows'],
    ['through timeout', `timeout 5 bash -c '${shown}'`, 'nothing shows'],
    ["the caller's own BASH_ENV", `BASH_ENV=/mine bash -c '${shown}'`, 'BASH_ENV=/mine'],
    ["the caller's empty BASH_ENV", `BASH_ENV= bash -c '${shown}'`, 'BASH_ENV='],
  ];
  test.concurrent.each(read)('%s', async (_how, script, rest) => {
    const run = await inTree(['bash', '-p', '-c', script]);
    expect(run.stdout).toBe(`child file read\n${rest}`);
  });

  const unread: [how: string, script: string][] = [
    ['--posix', 'bash --posix -c'],
    ['-o posix', 'bash -eo posix -c'],
    ['POSIXLY_CORRECT', 'POSIXLY_CORRECT=1 bash -c'],
    ['privileged', 'bash -p -c'],
    ['interactive', 'bash -i -c'],
    ['the name sh', 'exec -a sh bash -c'],
    ['not bash', 'dash -c'],
  ];
  test.concurrent.each(unread)('unless bash would not read it: %s', async (_how, script) => {
    const run = await inTree(['bash', '-p', '-c', `${script} '${shown}'`]);
    expect(run.stdout).toBe('nothing shows');
  });

  test('process 1 is the session itself and is left alone', async () => {
    const run = await inTree(['--as-pid-1', 'bash', '-c', shown]);
    expect(run.stdout).toBe('nothing shows');
  });
});

describe('the files', () => {
  test.each(['x64', 'arm64'])('%s needs nothing newer than glibc 2.17', async (arch) => {
    const versions = [...(await readFile(guardLibrary(arch), 'latin1')).matchAll(/GLIBC_2\.(\d+)/g)].map((match) => Number(match[1]));
    expect(versions.length).toBeGreaterThan(0);
    expect(Math.max(...versions)).toBeLessThanOrEqual(17);
  });

  const machines = [
    ['x64', 'x86_64-linux-gnu'],
    ['arm64', 'aarch64-linux-gnu'],
  ] as const;
  for (const [arch, machine] of machines) {
    test.skipIf(!isTheCompiler(machine))(`${arch} is what build.sh builds (skipped unless Debian 12's ${machine}-gcc is there)`, async () => {
      const out = await dir({ unsafeCleanup: true });
      try {
        await execa('bash', [buildScript, '-o', out.path, arch]);
        const built = await readFile(join(out.path, `guard-${arch}.so`));
        expect(built.equals(await readFile(guardLibrary(arch))), `guard-${arch}.so is not what build.sh makes of guard.c: run build.sh and commit it`).toBe(true);
      } finally {
        await out.cleanup();
      }
    });
  }

  test('another architecture is an error that says what to do', () => {
    expect(() => guardLibrary('riscv64')).toThrowErrorMatchingInlineSnapshot(`[Error: shellrig has no guard library for the architecture 'riscv64' (there is one for x64 and arm64). Run it on one of those, or build the library for yours: harness/sandbox/guard/build.sh.]`);
  });
});
