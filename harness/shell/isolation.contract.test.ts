import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineShell, exits, file, removed, returns } from 'shellrig';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('testdata/isolation/ruin.sh', import.meta.url));

describe('R1: nothing leaks from one example into the next', () => {
  const shell = defineShell({ source: [SCRIPT], tools: ['ipcmk'], files: { '/srv/kept': 'kept', '/srv/changed': 'as it was' } });

  it('not variables, functions, options, traps, limits, directory, descriptors, processes or files', async () => {
    const before = await shell.call('state', 'a', 'b c');
    expect(before).toSucceed();
    const ruined = await shell.given({ limits: { background: '50ms' }, allow: { leftovers: true } }).call('ruin');
    expect(ruined).toHaveChanged({ '/srv/kept': removed, '/usr/bin/seq': removed, '/tmp/left': file('x\n') });
    expect(ruined.record.leftovers.map(({ command }) => command)).toEqual(expect.arrayContaining(['sleep 30', 'sleep 31']));
    expect(ruined.exitCode).toBeGreaterThanOrEqual(0);
    const after = await shell.call('state', 'a', 'b c');
    expect(after.stdout).toBe(before.stdout);
    expect(after).toSucceed();
    expect(after.record.changes.size).toBe(0);
  });

  it('not from a process of its own, either', async () => {
    const before = await shell.call('state');
    expect(before).toSucceed();
    expect(await shell.given({ process: 'fresh' }).call('state')).toSucceed();
    const ruined = await shell.given({ process: 'fresh', limits: { background: '50ms' }, allow: { leftovers: true } }).call('ruin');
    expect(ruined.exitCode).toBeGreaterThanOrEqual(0);
    expect((await shell.call('state')).stdout).toBe(before.stdout);
  });

  it('not what was given: variables, environment, files, stubs, directory, input', async () => {
    const before = await shell.call('state');
    expect(before).toSucceed();
    const run = await shell.given({
      vars: { shared: 'given', list: ['a'], map: { k: 'v' } }, env: { GIVEN: 'yes' }, cwd: '/tmp', stdin: 'input',
      files: { '/srv/given': 'x', '/srv/changed': 'given' }, stubs: { helper: returns('stubbed\n'), ls: exits(3), 'new-command': exits(0) },
    }).call('eval', 'new-command; state');
    expect(run).toSucceed();
    expect(run.stdout).toMatch(/scalars: given[^]*\nstubbed\n[^]*\n\/tmp\n[^]*\nGIVEN=yes\n/);
    const after = await shell.call('state');
    expect(after.stdout).toBe(before.stdout);
    expect(after).toSucceed();
    await expect(shell.call('new-command')).rejects.toMatchObject({ code: 'undeclared-command' });
  });

  it.skipIf(!existsSync('/usr/bin/python3'))('not extended attributes (skipped where there is no python3)', async () => {
    const python = defineShell({ source: [], tools: ['python3'], files: { '/srv/kept': 'kept' } });
    const attributes = ['python3', '-c', 'import os; print(os.listxattr("/srv/kept"))'] as const;
    const run = await python.call('python3', '-c', 'import os; os.setxattr("/srv/kept", "user.note", b"x"); print(os.listxattr("/srv/kept"))');
    expect(run.stdout).toBe("['user.note']\n");
    expect((await python.call(...attributes)).stdout).toBe('[]\n');
  });

  it('not from a run that was killed, stopped for its time, or replaced its shell', async () => {
    const before = await shell.call('state');
    expect(before).toSucceed();
    expect((await shell.call('eval', 'shared=2; touch /srv/new; kill -9 $BASHPID')).exitCode).toBe(137);
    expect(await shell.call('eval', 'shared=2; exec true')).toSucceed();
    await expect(shell.given({ limits: { time: '100ms' } }).call('eval', 'rm -rf /srv; while :; do :; done')).rejects.toMatchObject({ code: 'limit-time' });
    expect((await shell.call('state')).stdout).toBe(before.stdout);
  });
});
