import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineShell, directory, evaluates, handle, returns, spy } from 'shellrig';
import { describe, expect, it } from 'vitest';

const TESTDATA = fileURLToPath(new URL('testdata/', import.meta.url));
const INSIDE = '/run/shellrig/scripts/testdata';
const LINES = readFileSync(`${TESTDATA}routes.sh`, 'utf8').split('\n');
const ROUTES = LINES.flatMap((line) => /^(\w+)\(\) \{$/.exec(line)?.[1] ?? []);

describe('T1, T3: one declaration of a command serves every route, and each call tells where the script made it', () => {
  const answers = returns('answered a|b c\n');
  const asks = handle(({ args }) => `answered ${args.join('|')}\n`);

  describe.each([
    ['by its bare name', { backend: answers }, 'backend'],
    ['by its absolute path', { '/usr/bin/backend': answers }, '/usr/bin/backend'],
    ['by a path through the link /bin', { '/bin/backend': answers }, '/bin/backend'],
    ['decided by the spec', { backend: asks }, 'backend'],
  ])('%s', (_, stubs, name) => {
    const shell = defineShell({ source: [`${TESTDATA}routes.sh`], stubs });

    it.each(ROUTES)('%s', async (route) => {
      const run = await shell.call(route);
      expect(run).toSucceed();
      const [call, ...others] = run.allCalls;
      expect(others).toEqual([]);
      expect(call).toMatchObject({ name, args: ['a', 'b c'], exitCode: 0, cwd: route === 'by_find_and_many' ? '/etc' : '/', isFunction: false });
      expect(run.stdout).toBe('answered a|b c\n');
      expect(call?.site).toMatchObject({ file: `${INSIDE}/routes.sh`, function: route === 'by_a_wrapper_function' ? 'run_words' : route });
      expect(LINES[(call?.site?.line ?? 0) - 1]).toMatch(OTHER_LINES.get(route) ?? /\bbackend\b/);
      expect(call?.stack.at(-1)).toMatchObject({ function: route });
    });
  });

  it('script files of bash and sh, each frame with its file', async () => {
    const shell = defineShell({ source: [`${TESTDATA}routes.sh`], stubs: { backend: returns('') } });
    const bash = await shell.call('eval', `run_words timeout 5 ${INSIDE}/child.sh`);
    expect(bash).toSucceed();
    expect(bash.calls('backend')[0]?.stack).toMatchObject([
      { file: `${INSIDE}/child.sh`, line: 4, function: 'work' },
      { file: `${INSIDE}/child.sh`, line: 6, function: 'main' },
      { file: `${INSIDE}/routes.sh`, function: 'run_words' },
    ]);
    const sh = await shell.call('run_words', `${INSIDE}/child-of-sh.sh`);
    expect(sh).toSucceed();
    expect(sh.calls('backend')[0]).toMatchObject({ args: ['a', 'b c'], site: { file: `${INSIDE}/routes.sh`, function: 'run_words' } });
  });
});

const OTHER_LINES: ReadonlyMap<string, RegExp> = new Map([
  ['by_a_variable', /"\$command"/],
  ['by_an_array', /"\$\{command\[@\]\}"/],
  ['by_a_wrapper_function', /"\$@"/],
  ['by_a_trap', /kill -USR1/],
  ['through_a_function_of_a_child', /bash -c/],
]);

describe('T1: one declaration of a function serves a whole script that sources the file which defines it', () => {
  const SITES = ['plain', 'in-a-subshell', 'in-a-substitution', 'in-a-pipeline', 'by-a-wrapper', 'in-the-background', 'defined-again', 'by-words', 'in-a-child', 'by-eval', 'sourced-again'];

  it.each([
    ['a stub', returns('stood in\n'), 0],
    ['a stub decided by the spec', handle(() => 'stood in\n'), 0],
  ])('%s', async (_, stub, exitCode) => {
    const shell = defineShell({ stubs: { fetch: stub } });
    const run = await shell.exec(`${TESTDATA}whole-script.sh`);
    expect(run).toSucceed();
    expect(run.stdout.match(/stood in\n/g)).toHaveLength(SITES.length);
    expect(run.stdout).not.toContain('fetching');
    expect(run.calls('fetch').map(({ args }) => args[0])).toEqual(SITES);
    expect(run.calls('fetch').every((call) => call.isFunction && call.exitCode === exitCode)).toBe(true);
    expect(run.calls('fetch').map(({ site }) => site?.line)).toEqual(run.calls('fetch').map(({ args }) => lineOf(args[0] ?? '')));
  });

  it('a spy: the real function of that moment works, and nothing of it is redefined', async () => {
    const shell = defineShell({ stubs: { fetch: spy(), report: spy() } });
    const run = await shell.given({ files: { '/srv/library.sh': '' } }).exec(`${TESTDATA}whole-script.sh`);
    expect(run).toExit(9);
    expect(run.stdout).toBe('really fetching plain\n');
    expect(run.calls('fetch')).toMatchObject([{ args: ['plain'], exitCode: 9, isFunction: true, site: { line: lineOf('plain'), function: 'main' } }]);
  });

  it('a wrapper: its words run in the shell of the script', async () => {
    const shell = defineShell({ stubs: { retry: evaluates({ command: 1 }), fetch: returns('stood in\n') } });
    const run = await shell.exec(`${TESTDATA}whole-script.sh`);
    expect(run).toSucceed();
    expect(run.calls('retry')).toMatchObject([{ args: ['3', 'fetch', 'by-a-wrapper'], exitCode: 0 }]);
    expect(run.calls('fetch')).toHaveLength(SITES.length);
  });

  it('a function that the script file itself defines', async () => {
    const shell = defineShell({ stubs: { work: returns('stood in\n') } });
    const run = await shell.exec(`${TESTDATA}child.sh`);
    expect(run).toSucceed();
    expect(run.stdout).toBe('stood in\n');
    expect(run.calls('work')).toMatchObject([{ args: ['a', 'b c'], site: { file: `${INSIDE}/child.sh`, line: 6, function: 'main' } }]);
  });

  it('whatever its name holds, and removed by the script', async () => {
    const text = `rig::net::up() { echo real; }
rig::net::up 1
unset -f rig::net::up
rig::net::up 2
`;
    const shell = defineShell({ stubs: { 'rig::net::up': returns('stood in\n') }, files: { '/srv/up.sh': text } });
    const run = await shell.exec('/srv/up.sh');
    expect(run).toSucceed();
    expect(run.stdout).toBe('stood in\nstood in\n');
    expect(run.calls('rig::net::up').map(({ args, site }) => [args, site?.line])).toEqual([[['1'], 2], [['2'], 4]]);
  });

  function lineOf(word: string): number | undefined {
    const lines = readFileSync(`${TESTDATA}whole-script.sh`, 'utf8').split('\n');
    if (word === 'by-a-wrapper') return readFileSync(`${TESTDATA}library.sh`, 'utf8').split('\n').indexOf('  "$@"') + 1;
    if (word === 'by-words') return lines.indexOf('"${words[@]}"') + 1;
    return lines.findIndex((line) => line.includes(`fetch ${word}`)) + 1;
  }
});

describe('evaluates: stands in for a wrapper whose own file is not sourced', () => {
  const source = [`${TESTDATA}wrapper.sh`];

  it('argv: the words as they are', async () => {
    const run = await defineShell({ source, stubs: { logged: evaluates({ command: 1, as: 'argv' }) }, allow: { shellErrors: true, commands: true } }).call('install_all');
    expect(run).toSucceed();
    expect(run.stdout).toBe("1 2./etc/host*.code 127 counter 5\n");
    expect(run).toHaveChangedOnly({ '/made': directory(), '/made/1 2': directory() });
    expect(run.calls('logged').map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 127]);
  });

  it('words: split and globbed again', async () => {
    const run = await defineShell({ source, stubs: { logged: evaluates({ command: 1, as: 'words' }) }, allow: { shellErrors: true, commands: true } }).call('install_all');
    expect(run).toSucceed();
    expect(run.stdout).toMatch(/^1\.2\.\/etc\/host\S*code 127 counter 5\n$/);
    expect([...run.record.changes.keys()]).toEqual(['/2', '/made', '/made/1']);
  });

  it('eval: joined and evaluated', async () => {
    const run = await defineShell({ source, stubs: { logged: evaluates({ command: 1, as: 'eval' }) } }).call('install_all');
    expect(run).toSucceed();
    expect(run.stdout).toMatch(/code 1 counter 6\n$/);
    expect(run.calls('logged').at(-1)).toMatchObject({ args: ['text', 'counter=$((counter + 1)); false'], exitCode: 1 });
  });
});
