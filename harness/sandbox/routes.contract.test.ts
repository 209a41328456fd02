import { describe, expect, it } from 'vitest';
import { defineShell, file, StrictError } from 'shellrig';

/**
 * The routes on which a script reaches a command, each with one that is neither tool nor stub. On every one of them it
 * is reported, even where the script hides standard error and ignores the exit code.
 */
const ROUTES: Readonly<Record<string, string>> = {
  'a plain call': 'nosuch a',
  'a path': '/usr/bin/nosuch a',
  'a relative path': 'cd /usr/bin; ./nosuch a',
  'a subshell': '(nosuch a; true)',
  'a substitution': 'x=$(nosuch a); true',
  'a pipeline': 'nosuch a | cat; true',
  'the background': 'nosuch a & wait',
  'a condition': 'if ! nosuch a; then :; fi',
  'command': 'command nosuch a',
  'a variable': 'c=nosuch; "$c" a',
  'another PATH': 'PATH=/opt/bin:$PATH nosuch a',
  'bash -c': 'bash -c "nosuch a; true"',
  'bash -c, alone': 'bash -c "nosuch a"',
  'sh -c': 'sh -c "nosuch a; true"',
  'sh -c, alone': 'sh -c "nosuch a"',
  'sh -c, a path': 'sh -c "/usr/bin/nosuch a; true"',
  'timeout': 'timeout 5 nosuch a',
  'env': 'env X=1 nosuch a',
  'env -i': 'env -i nosuch a',
  'env -i bash': 'env -i bash -c "nosuch a; true"',
  'xargs': 'echo a | xargs nosuch',
  'nohup': 'nohup nosuch a',
  'nice': 'nice nosuch a',
  'setsid': 'setsid -w nosuch a',
  'find -exec': 'find /etc/hosts -exec nosuch {} ";"',
  'find -exec, many': 'find /etc/hosts -exec nosuch {} +',
  'a child script': '/child.sh',
  'a child script of sh': '/child-of-sh.sh',
  'a script whose interpreter is it': '/interpreted.sh',
  'timeout, env and bash in a row': 'timeout 5 env A=1 bash -c "nosuch a; true"',
};

const script = (text: string) => file(text, { mode: 0o755 });
const shell = defineShell({
  files: {
    '/child.sh': script('#!/bin/bash\nnosuch a\ntrue\n'),
    '/child-of-sh.sh': script('#!/bin/sh\nnosuch a\ntrue\n'),
    '/interpreted.sh': script('#!/usr/bin/nosuch\n'),
  },
});

describe('S4: a command that nobody declared is reported', () => {
  it.each(Object.entries(ROUTES))('%s', async (_, route) => {
    const error = await shell.call('eval', `{ ${route}\n} 2>/dev/null || true`).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(StrictError);
    expect(error).toMatchObject({ code: 'undeclared-command', message: expect.stringMatching(/'(\/usr\/bin\/|\.\/)?nosuch'/) as string });
  });

  it.each(Object.entries(ROUTES))('%s, unless it may be called', async (_, route) => {
    const run = await shell.given({ allow: { commands: ['nosuch', './nosuch', '/usr/bin/nosuch'] } }).call('eval', `{ ${route}\n} 2>/dev/null || true`);
    expect(run).toSucceed();
  });
});

describe('S4: exec by bash itself', () => {
  it('is known by what bash says, since bash looks first and then starts nothing', async () => {
    await expect(shell.call('eval', '(exec nosuch a); true')).rejects.toMatchObject({ code: 'shell-error', message: expect.stringContaining('exec: nosuch: not found') as string });
    await expect(shell.call('eval', '(exec /usr/bin/nosuch a) 2>/dev/null; true')).rejects.toMatchObject({ code: 'undeclared-command' });
  });
});

describe('S4: to look for a command is no call', () => {
  it.each(['command -v nosuch', 'type nosuch', 'type -P nosuch', 'hash nosuch', '[ -x /usr/bin/nosuch ]', 'which nosuch', 'sh -c "command -v nosuch"', '[[ -n $(command -v nosuch) ]]'])('%s', async (probe) => {
    const run = await shell.call('eval', `${probe} 2>/dev/null`);
    expect(run.exitCode).not.toBe(0);
    expect(run.stdout).toBe('');
  });
});
