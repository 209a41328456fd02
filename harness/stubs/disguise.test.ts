import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineShell, exits, handle, real } from 'shellrig';
import { describe, expect, it } from 'vitest';
import { owners } from '../sandbox/owners.js';

const SCRIPT = fileURLToPath(new URL('testdata/disguise.sh', import.meta.url));
const CALLS = [...readFileSync(SCRIPT, 'utf8').matchAll(/^(call\w*)\(\)/gm)].map(([, name]) => name as string)
  // Without a range of ids there is no other user.
  .filter((name) => name !== 'call_as_another_user' || owners().kind === 'range');

describe('T2: a command stub cannot be told from a program', () => {
  it('by command -v, type, hash, [ -x ], which, stat, declare, compgen', async () => {
    const shell = defineShell({ source: [SCRIPT], stubs: { backend: exits(3) } });
    const run = await shell.call('look');
    expect(run).toSucceed();
    expect(run.stdout).toBe('/usr/bin/backend\n/usr/bin/backend\nfile\n/usr/bin/backend\nexecutable\n/usr/bin/backend\n-rwxr-xr-x root:root\nno function\nbackend\n');
    expect(run.stderr).toBe('');
    expect(run.allCalls).toEqual([]);
  });

  it('as a tool that it stands in for: the same answers as of the tool itself', async () => {
    const look = (name: string) => `command -v ${name}; type -P ${name}; type ${name}; hash ${name}; hash -t ${name}; [ -x /usr/bin/${name} ]; echo $?`;
    const genuine = await defineShell().call('eval', look('tac'));
    const stubbed = await defineShell({ stubs: { tac: exits(0) } }).call('eval', look('tac'));
    expect(genuine).toSucceed();
    expect(stubbed).toSucceed();
    expect(stubbed.output).toBe(genuine.output);
  });

  describe.each([
    ['an answer', exits(3).returns('out\n').complains('err\n')],
    ['an answer of the spec', handle(() => exits(3).returns('out\n').complains('err\n'))],
  ])('%s is the same under every mood of the caller', (_, stub) => {
    const shell = defineShell({ source: [SCRIPT], stubs: { backend: stub } });

    it.each(CALLS)('%s', async (name) => {
      const run = await shell.call(name);
      const ends = name === 'call_with_options';
      expect(run).toExit(ends ? 3 : 0);
      expect(run.stdout).toBe(EXPECTED.get(name)?.stdout ?? 'out\ncode 3\n');
      expect(run.stderr).toBe(EXPECTED.get(name)?.stderr ?? 'err\n');
      expect(run.allCalls.map((call) => [call.name, call.args, call.exitCode])).toEqual([['backend', ['one', 'two words', ''], 3]]);
      expect(run.allCalls[0]?.site?.function).toMatch(/^call/);
    });
  });

  it('the real program behind a spy gets the input, prints, exits and dies as without', async () => {
    const shell = defineShell({ stubs: { tac: real(), cat: real(), sh: real(), sleep: real(), dash: real() } });
    const filter = await shell.given({ stdin: 'a\nb\n' }).call('eval', 'tac | cat -; cat <&- 2>&1; echo $?');
    expect(filter).toSucceed();
    expect(filter.stdout).toBe('b\na\ncat: -: Bad file descriptor\ncat: closing standard input: Bad file descriptor\n1\n');
    const codes = await shell.call('eval', 'sh -c "exit 7"; echo $?; sh -c "echo err >&2; echo \\$0 \\$#" name a "b c"');
    expect(codes).toSucceed();
    expect(codes.stdout).toBe('7\nname 2\n');
    expect(codes.stderr).toBe('err\n');
    expect(codes.calls('sh').map(({ exitCode }) => exitCode)).toEqual([7, 0]);
  });

  it('a signal to a spy reaches the real program', async () => {
    const shell = defineShell({ stubs: { sleep: real(), dash: real() } });
    const ended = await shell.call('eval', 'sleep 30 & sleep .3; kill $!; wait $!; echo $?; timeout .2 sleep 30; echo $?; timeout -s KILL .2 sleep 30; echo $?');
    expect(ended).toSucceed();
    expect(ended.stdout).toBe('143\n124\n137\n');
    const trapped = await shell.call('eval', `dash -c 'trap "echo got; exit 5" TERM; echo ready; while :; do command sleep .01; done' & sleep .5; kill $!; wait $!; echo $?`);
    expect(trapped).toSucceed();
    expect(trapped.stdout).toBe('ready\ngot\n5\n');
    expect(trapped.calls('dash').map(({ exitCode }) => exitCode)).toEqual([5]);
  });

  it('a stub that costs time ends with the signal that ends it, and leaves nothing behind', async () => {
    const run = await defineShell({ stubs: { backend: exits(0).takes('30s') } }).call('eval', 'timeout .2 backend; echo $?; backend & sleep .2; kill $!; wait $!; echo $?');
    expect(run).toSucceed();
    expect(run.stdout).toBe('124\n143\n');
    expect(run.calls('backend').map(({ exitCode, end }) => [exitCode, end])).toEqual([[undefined, undefined], [undefined, undefined]]);
  });
});

/** What differs by what the caller did to its own streams, or printed itself. */
const EXPECTED: ReadonlyMap<string, { readonly stdout?: string; readonly stderr?: string }> = new Map([
  ['call_with_options', { stdout: 'out\n', stderr: "+ backend one 'two words' ''\nerr\n" }],
  ['call_with_exported_options', { stderr: "+ export SHELLOPTS BASHOPTS\n+ call\n+ backend one 'two words' ''\nerr\n+ echo 'code 3'\n+ set +x\n" }],
  ['call_with_an_err_trap', { stdout: 'out\nERR 3\ncode 3\n' }],
  ['call_with_output_closed', { stdout: 'code 3\n' }],
  ['call_with_errors_closed', { stderr: '' }],
  ['call_with_all_closed', { stdout: 'code 3\n', stderr: '' }],
]);
