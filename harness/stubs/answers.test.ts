import { fileURLToPath } from 'node:url';
import {
  any, bash, defineShell, directory, exits, fails, file, handle, real, removed, rest, returns, spy, symlink, takes, when, writes, type Stub,
} from 'shellrig';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('testdata/answers.sh', import.meta.url));
const shell = defineShell({ source: [SCRIPT], files: { '/srv': directory() } });

/** Both forms of a stub in one run: of a program and of a function. */
const both = (stub: Stub, ...words: string[]) => shell.given({ stubs: { backend: stub, helper: stub } }).call('both', ...words);

describe('what a stub answers, as a program and as a function', () => {
  it('prints and exits', async () => {
    const run = await both(returns('out "$x" \\n %s\n').complains('err\n').exits(7));
    expect(run).toSucceed();
    expect(run.stdout).toBe('out "$x" \\n %s\ncode 7\nout "$x" \\n %s\ncode 7\n');
    expect(run.stderr).toBe('err\nerr\n');
    expect(run.allCalls.map(({ name, exitCode, isFunction }) => [name, exitCode, isFunction])).toEqual([['backend', 7, false], ['helper', 7, true]]);
  });

  it('prints bytes that are no text, and nothing by default', async () => {
    const run = await both(returns(Buffer.from([0xff, 0x0a, 0xc3, 0x28, 0x0d])));
    expect(run).toSucceed();
    expect(run.record.stdout.toString('hex')).toBe(`ff0ac3280d${Buffer.from('code 0\n').toString('hex')}`.repeat(2));
    expect((await both(exits(0))).stdout).toBe('code 0\ncode 0\n');
  });

  it('prints a megabyte', async () => {
    const text = 'x'.repeat(1_000_000);
    const run = await both(returns(text));
    expect(run).toSucceed();
    expect(run.stdout).toBe(`${text}code 0\n`.repeat(2));
  });

  it('writes files, links and directories with their modes and owners', async () => {
    const run = await both(writes({ '/srv/new/deep': file('x', { mode: 0o640 }), '/srv/link': symlink('new/deep'), '/srv/d': directory({ mode: 0o700 }) }).exits(2));
    expect(run).toSucceed();
    expect(run.stdout).toBe('code 2\ncode 2\n');
    expect(run).toHaveChangedOnly({
      '/srv/new': directory({ mode: 0o755 }), '/srv/new/deep': file('x', { mode: 0o640 }), '/srv/link': symlink('new/deep'), '/srv/d': directory({ mode: 0o700 }),
    });
  });

  it('costs time', async () => {
    const run = await both(takes('60ms').returns('late\n'));
    expect(run).toSucceed();
    expect(run.stdout).toBe('late\ncode 0\nlate\ncode 0\n');
    for (const { start, end } of run.allCalls) expect((end ?? 0) - start).toBeGreaterThanOrEqual(59);
  });

  it('answers by arguments: the first rule that fits', async () => {
    const stub = when(['restart', any]).exits(5)
      .when(['status', /^web/]).returns('web\n')
      .when(['list', rest]).returns('list\n').exits(1)
      .when([expect.stringContaining('needle')]).returns('found\n')
      .otherwise(returns('other\n'));
    for (const [words, answer] of [
      [['restart', 'x'], 'code 5\n'], [['restart'], 'other\ncode 0\n'], [['restart', 'x', 'y'], 'other\ncode 0\n'], [['status', 'webserver'], 'web\ncode 0\n'],
      [['list'], 'list\ncode 1\n'], [['list', 'a', 'b'], 'list\ncode 1\n'], [['a needle b'], 'found\ncode 0\n'], [[], 'other\ncode 0\n'],
    ] as const) {
      const run = await both(stub, ...words);
      expect(run).toSucceed();
      expect(run.stdout).toBe(answer.repeat(2));
    }
  });

  it('ends the run and says so where no rule fits, whatever the script makes of it', async () => {
    const unanswered = shell.given({ stubs: { backend: when(['a']).exits(0) } }).call('eval', 'backend b "c d" 2>/dev/null || true');
    await expect(unanswered).rejects.toMatchObject({ code: 'unanswered-call', message: expect.stringContaining("backend b 'c d'") as string });
  });

  it('answers one call so and the next otherwise, within one run', async () => {
    const stub = returns('first\n').then(fails({ times: 2, exitCode: 9 })).then(returns('last\n'));
    for (let again = 0; again < 2; again += 1) {
      const run = await shell.given({ stubs: { backend: stub } }).call('several', 'a', 'b', 'c', 'd', 'e');
      expect(run).toSucceed();
      expect(run.stdout).toBe('first\na: 0\nb: 9\nc: 9\nlast\nd: 0\nlast\ne: 0\n');
    }
    const run = await shell.given({ stubs: { helper: stub } }).call('several_of_a_function', 'a', 'b', 'c', 'd');
    expect(run).toSucceed();
    expect(run.stdout).toBe('first\na: 0\nb: 9\nc: 9\nlast\nd: 0\n');
  });

  it('keeps a sequence for each rule', async () => {
    const stub = when(['x']).exits(0).otherwise(fails({ times: 1 }).then(returns('well\n')));
    const run = await shell.given({ stubs: { backend: stub } }).call('several', 'a', 'x', 'b');
    expect(run).toSucceed();
    expect(run.stdout).toBe('a: 1\nx: 0\nwell\nb: 0\n');
  });

  it('evaluates bash: a program in a process of its own, which may exit, a function in the shell of the script', async () => {
    const run = await shell.given({ stubs: { backend: bash('echo "$# $2" "$(cat)"; changed=1; exit 6'), helper: bash('changed="$1"; return 8') }, stdin: 'input' }).call('both', 'a', 'b c');
    expect(run).toSucceed();
    expect(run.stdout).toBe('2 b c input\ncode 6\ncode 8\n');
    expect(run.variable('changed')).toBe('a');
    expect(run.allCalls.map(({ exitCode }) => exitCode)).toEqual([6, 8]);
    const decided = await shell.given({ stubs: { backend: when(['a']).exits(0).otherwise(bash('exit 5')) } }).call('several', 'a', 'b');
    expect(decided).toSucceed();
    expect(decided.calls('backend').map(({ exitCode }) => exitCode)).toEqual([0, 5]);
  });

  it('lets the real program and the real function work', async () => {
    const run = await shell.given({ stubs: { sort: real(), helper: spy() }, stdin: 'b\na\n' }).call('eval', 'sort -u; helper x; sort /nonexistent; echo $?');
    expect(run).toSucceed();
    expect(run.stdout).toBe('a\nb\nreal helper x\n2\n');
    expect(run.stderr).toBe('sort: cannot read: /nonexistent: No such file or directory\n');
    expect(run.allCalls.map(({ name, exitCode }) => [name, exitCode])).toEqual([['sort', 0], ['helper', 0], ['sort', 2]]);
  });

  it('fails first and lets the real program work then', async () => {
    const run = await shell.given({ stubs: { mkdir: fails({ times: 2 }).then(real()) } }).call('eval', 'until mkdir /srv/d; do echo again; done');
    expect(run).toSucceed();
    expect(run.stdout).toBe('again\nagain\n');
    expect(run).toHaveChangedOnly({ '/srv/d': directory() });
  });

  it('refuses what cannot be: codes, durations', () => {
    expect(() => exits(256)).toThrow(new RangeError('an exit code is a whole number from 0 to 255, got 256'));
    expect(() => exits(0.5)).toThrow(RangeError);
    expect(() => takes('6 seconds')).toThrow("takes(): the duration is a number with ms, s, m or h, such as '250ms' or '6s', got \"6 seconds\"");
  });

  it('refuses at the run what only the shell can tell', async () => {
    await expect(shell.given({ stubs: { backend: exits(0), helper: fails().then(spy()) } }).call('both')).rejects.toThrow(/`helper` is a function/);
    await expect(shell.given({ stubs: { backend: returns('a\0b') } }).call('both')).rejects.toThrow(/NUL/);
    await expect(shell.given({ stubs: { 'no-such-program': real() } }).call('both')).rejects.toThrow(/no program of this machine/);
  });
});

describe('handle: the spec decides', () => {
  it('by text, code, stub or nothing, at once or later, with what it closes over', async () => {
    const seen: string[] = [];
    const answers = ['text\n', 4, returns('stub\n').exits(3), undefined];
    const run = await shell.given({
      stubs: {
        backend: handle(async ({ args, previousCalls, name, cwd, site }) => {
          seen.push(`${name} ${args.join()} ${previousCalls} ${cwd} ${site?.function}`);
          await new Promise((resolve) => setTimeout(resolve, 10));
          return answers[previousCalls];
        }),
      },
    }).call('several', 'a', 'b', 'c', 'd');
    expect(run).toSucceed();
    expect(run.stdout).toBe('text\na: 0\nb: 4\nstub\nc: 3\nd: 0\n');
    expect(seen).toEqual(['backend a 0 / several', 'backend b 1 / several', 'backend c 2 / several', 'backend d 3 / several']);
  });

  it('with the input, when it is asked for, which then is there for the real program too', async () => {
    const inputs: unknown[] = [];
    const stub = handle(({ stdin }) => void inputs.push(stdin)).readsStdin();
    const run = await shell.given({ stubs: { backend: stub, helper: stub } }).call('with_input');
    expect(run).toSucceed();
    expect(inputs).toEqual(['line 1\nline 2\n', 'line 3\n']);
    expect(run.calls('backend')[0]?.stdin).toBe('line 1\nline 2\n');
    const spied = await shell.given({ stubs: { tac: real().readsStdin(), rev: bash('cat').readsStdin() } }).call('eval', 'printf "a\\nb\\n" | tac; echo c | rev');
    expect(spied).toSucceed();
    expect(spied.stdout).toBe('b\na\nc\n');
    expect(spied.allCalls.map(({ stdin }) => stdin)).toEqual(['a\nb\n', 'c\n']);
  });

  it('and changes the sandbox while the script waits for it', async () => {
    const run = await shell.given({
      files: { '/srv/old': 'old', '/srv/dir/file': 'x' },
      stubs: {
        backend: handle(async ({ write, rename, remove }) => {
          await write({ '/srv/made/deep': file('made', { mode: 0o600, owner: '1001:1001' }) });
          await rename('/srv/old', '/srv/new');
          await remove('/srv/dir');
        }),
      },
    }).call('backend');
    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      '/srv/made': directory(), '/srv/made/deep': file('made', { mode: 0o600 }), '/srv/old': removed, '/srv/new': file('old'), '/srv/dir': removed, '/srv/dir/file': removed,
    });
  });

  it('and changes it in the order in which it says so, and before the answer, whether it waits for that or not', async () => {
    const run = await shell.given({
      stubs: {
        backend: handle(({ write }) => {
          for (const text of ['1\n', '2\n', '3\n']) void write({ '/srv/file': text });
          return writes({ '/srv/other': 'with the answer\n' });
        }),
        helper: handle(async ({ write }) => { await write({ '/srv/of-a-function': 'x\n' }); }),
      },
    }).call('eval', 'backend; cat /srv/file; IFS=kun; helper; IFS=; helper');
    expect(run).toSucceed();
    expect(run.stdout).toBe('3\n');
    expect(run).toHaveChangedOnly({ '/srv/file': '3\n', '/srv/other': 'with the answer\n', '/srv/of-a-function': 'x\n' });
  });

  it('and changes it where the stub itself has no right to, or no more', async () => {
    const run = await shell.given({
      files: { '/srv/closed': directory({ mode: 0o700 }) },
      stubs: {
        backend: handle(async ({ write, args }) => {
          if (args[0] === 'late') await new Promise((resolve) => setTimeout(resolve, 200));
          await write({ [`/srv/closed/${args[0]}`]: file('x', { mode: 0o600, owner: '0:0' }) });
        }),
      },
    }).call('eval', 'setpriv --reuid 1 --regid 1 --clear-groups -- backend as-other; timeout -s KILL .05 backend late & wait; until [[ -e /srv/closed/late ]]; do :; done');
    expect(run).toSucceed();
    expect(run.stderr).not.toContain('unpack');
    expect(run).toHaveChangedOnly({ '/srv/closed/as-other': file('x', { mode: 0o600 }), '/srv/closed/late': file('x', { mode: 0o600 }) });
  });

  it('and acts later, while the script goes on', async () => {
    const run = await shell.given({
      stubs: {
        backend: handle(({ write }) => {
          setTimeout(() => void write({ '/srv/there': 'came later\n' }), 50);
        }),
      },
    }).call('until_there');
    expect(run).toSucceed();
    expect(run.stdout).toBe('came later\n');
  });

  it('for a stub that ends before its answer, and for all that ask after it', async () => {
    // What the spec's own code takes is no time by a virtual clock.
    const timed = shell.with({ clock: 'real' });
    const run = await timed.given({
      stubs: { backend: handle(async ({ args }) => {
        if (args[0] === 'slow') await new Promise((resolve) => setTimeout(resolve, 300));
        return `answer ${args[0]}\n`;
      }) },
    }).call('eval', 'for ((i = 0; i < 40; i++)); do timeout -s KILL .1 backend slow & done; wait; for ((i = 0; i < 5; i++)); do backend quick; done');
    expect(run).toSucceed();
    expect(run.stdout).toBe('answer quick\n'.repeat(5));
    const late = await timed.given({ stubs: { backend: handle(() => new Promise((resolve) => setTimeout(() => resolve('late\n'), 200))) } }).call('eval', 'timeout -s KILL .05 backend; true');
    expect(late).toSucceed();
    const next = await timed.given({ stubs: { backend: handle(() => new Promise((resolve) => setTimeout(() => resolve('mine\n'), 250))) } }).call('backend');
    expect(next).toSucceed();
    expect(next.stdout).toBe('mine\n');
  });

  it('an error of its own fails the run with that very error, and the next run is well', async () => {
    const error = new Error('of the spec');
    await expect(shell.given({ stubs: { backend: handle(() => { throw error; }) } }).call('both')).rejects.toBe(error);
    await expect(shell.given({ stubs: { helper: handle(() => Promise.reject(error)) } }).call('helper')).rejects.toBe(error);
    expect((await both(exits(0))).exitCode).toBe(0);
  });
});

describe('stubs that are given', () => {
  const base = defineShell({ source: [SCRIPT], stubs: { backend: returns('of the shell\n'), helper: exits(3), '/opt/bin/tool': returns('tool\n'), tac: returns('stub of a tool\n') } });

  it('win over those of the shell, and leave no trace', async () => {
    const before = await base.call('both');
    expect(before).toSucceed();
    expect(before.stdout).toBe('of the shell\ncode 0\ncode 3\n');
    const run = await base.given({ stubs: { backend: returns('given\n'), helper: returns('given\n') } }).call('both');
    expect(run).toSucceed();
    expect(run.stdout).toBe('given\ncode 0\ngiven\ncode 0\n');
    const after = await base.call('both');
    expect(after).toSucceed();
    expect(after.stdout).toBe(before.stdout);
  });

  it('an absolute path is that program alone; a stub named like a tool replaces it on every path', async () => {
    const run = await base.call('eval', '/opt/bin/tool; command -v tool || echo none; tac /etc/hostname; /usr/bin/tac /etc/hostname; /bin/tac');
    expect(run).toSucceed();
    expect(run.stdout).toBe('tool\nnone\nstub of a tool\nstub of a tool\nstub of a tool\n');
    expect(run.allCalls.map(({ name }) => name)).toEqual(['/opt/bin/tool', 'tac', 'tac', 'tac']);
  });

  it('are no answer about calls where a script meets another file by that name', async () => {
    const shell = defineShell({ stubs: { ctl: exits(0), fetch: writes({ '/srv/bin/ctl': file('#!/bin/bash\necho "own $1"\n', { mode: 0o755 }) }) } });
    const made = await shell.call('eval', 'fetch; /srv/bin/ctl one');
    expect(made).toPrint('own one\n');
    expect(() => { expect(made).not.toHaveCalled('ctl'); }).toThrow(/met \/srv\/bin\/ctl instead/);
    expect(() => made.calls('ctl')).toThrow(expect.objectContaining({ code: 'not-recorded' }));
    expect(await shell.call('eval', 'fetch')).not.toHaveCalled('ctl');
  });

  it('may replace a tool for one run', async () => {
    const run = await base.given({ stubs: { seq: returns('stubbed\n') } }).call('seq', '1', '2');
    expect(run).toSucceed();
    expect(run.stdout).toBe('stubbed\n');
    const after = await base.call('seq', '1', '2');
    expect(after).toSucceed();
    expect(after.stdout).toBe('1\n2\n');
  });
});
