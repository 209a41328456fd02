import { describe, expect, it } from 'vitest';
import { defineShell, directory, file, removed, type Run } from 'shellrig';
import { listing } from './listing.fixture.js';
import { owners } from './owners.js';

const shell = defineShell({
  source: ['./testdata/owners.sh'],
  tools: ['cpio'],
  files: { '/srv/given': file('given', { mode: 0o640, owner: '1001:1002' }) },
});
const how = owners();
const ROUTES = ['by_chown', 'by_chgrp', 'by_install', 'by_tar', 'by_cpio', 'by_copy', 'by_reference', 'of_a_link'];

describe('S5: giving files to others succeeds as it does on a node', () => {
  it.each(ROUTES)('%s', async (route) => {
    const run = await shell.call(route);
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(run.record.after.has('/opt/f')).toBe(true);
  });

  it('to names too, and those that the sandbox does not know are the script\'s own error', async () => {
    expect((await shell.call('by_chown_of_names')).exitCode).toBe(0);
    const unknown = await shell.call('of_nobody_known');
    expect([unknown.exitCode, unknown.stderr]).toEqual([1, 'chown: invalid user: ‘nosuchuser’\n']);
    const nothing = await shell.call('of_nothing');
    expect([nothing.exitCode, nothing.stderr]).toEqual([1, "chown: cannot access '/opt/nothing': No such file or directory\n"]);
  });
});

describe.runIf(how.kind === 'range')('S5: where ids are mapped, owners are real', () => {
  it.each(ROUTES)('%s', async (route) => {
    const run = await shell.call(route);
    expect(run.record.after.get('/opt/f')?.owner).toBe(route === 'by_chgrp' ? '0:1002' : '1001:1002');
    expect(run.record.after.get('/srv/given')?.owner).toBe('1001:1002');
  });

  it('with names, modes and all that is below a directory', async () => {
    expect((await shell.call('by_chown_of_names')).record.after.get('/opt/f')?.owner).toBe('1:4');
    expect((await shell.call('by_install')).record.after.get('/opt/f')).toMatchObject({ mode: 0o4755, owner: '1001:1002' });
    expect(await shell.call('by_recursion')).toHaveChangedOnly({ '/opt/d': directory({ owner: '1001:1002' }), '/opt/d/f': file('x\n', { owner: '1001:1002' }) });
  });

  it('for the script, and as given', async () => {
    const run = await shell.given({ files: { '/srv/other': file('', { owner: 'daemon:www-data' }) } }).call('shown', '/srv/given', '/srv/other', '/etc/passwd');
    expect(run.stdout).toBe('1001:1002\n1:33\n0:0\n');
  });

  it('so that a forgotten chown shows', async () => {
    const run = await shell.call('by_tar');
    expect(() => expect(run).toHaveFile('/opt/f', file('x\n', { owner: 'root:root' }))).toThrow(/owner: expected root:root, found 1001:1002/);
    expect(run).toHaveFile('/opt/f', file('x\n', { owner: '1001:1002' }));
  });

  it('and what is private to another is found, compared and put back', async () => {
    const given = shell.with({
      files: {
        '/srv/private': directory({ mode: 0o700, owner: '1001:1001' }),
        '/srv/private/file': file('before\n', { mode: 0o600, owner: '1001:1001' }),
        '/srv/private/gone': directory({ mode: 0o700, owner: '1001:1001' }),
        '/srv/private/gone/file': file('gone\n', { mode: 0o600, owner: '1001:1001' }),
      },
    });
    const pristine = listing((await given.call('true')).record.before);
    const run = await given.call('private_to_others');
    expect(run).toHaveChangedOnly({
      '/srv/private/new': directory({ mode: 0o700, owner: '1001:1001' }),
      '/srv/private/new/file': file('secret\n', { mode: 0o600, owner: '1001:1001' }),
      '/srv/private/file': 'changed\n',
      '/srv/private/gone': removed,
    });
    const next = await given.call('true');
    expect(listing(next.record.before)).toBe(pristine);
    expect(next.record.changes.size).toBe(0);

    const other = await given.call('as_another');
    expect([other.stdout, other.exitCode]).toEqual(['1001\nbefore\n', 1]);
    expect(other.stderr).toBe("touch: cannot touch '/opt/x': Permission denied\n");
    expect(other).toHaveChangedOnly({ '/srv/private/mine': file('', { owner: '1001:1001' }) });
  });
});

describe.runIf(how.kind === 'single')('S5: where only one id is mapped, owners are not real', () => {
  it('and stay what they were', async () => {
    expect((await shell.call('by_install')).record.after.get('/opt/f')).toMatchObject({ mode: 0o4755, owner: '0:0' });
    expect((await shell.call('shown', '/srv/given')).stdout).toBe('0:0\n');
  });

  it('so that an expectation on an owner fails with the reason and the command that mends it, met or not', async () => {
    const run = await shell.call('by_chown');
    const reason = /owners are not real on this machine: this user has no range of ids: sudo usermod --add-subuids 1000000-1065535 --add-subgids 1000000-1065535 \w+/;
    for (const owner of ['root:root', '1001:1002']) {
      expect(() => expect(run).toHaveFile('/opt/f', file('x\n', { owner }))).toThrow(reason);
      expect(() => expect(run).not.toHaveFile('/opt/f', file('x\n', { owner }))).toThrow(reason);
      expect(() => expect(run).toHaveChangedOnly({ '/opt/f': file('x\n', { owner }) })).toThrow(reason);
    }
    expect(run).toHaveFile('/opt/f', file('x\n', { mode: 0o644 }));
  });
});

describe('S5: what is closed to everybody is found and put back, whoever runs the tests', () => {
  it('what a run closed', async () => {
    const run = await closedAndOpenAgain('closed_to_everybody');
    expect(run).toHaveChangedOnly({ '/opt/d': directory({ mode: 0 }), '/opt/d/f': file('x\n', { mode: 0 }) });
  });

  it('what was there before', async () => {
    const run = await closedAndOpenAgain('close_what_was_there');
    expect([...run.record.changes.keys()]).toEqual(['/etc/group', '/etc/passwd', '/usr/bin', '/var']);
  });

  async function closedAndOpenAgain(route: string): Promise<Run> {
    const pristine = listing((await shell.call('true')).record.before);
    const run = await shell.call(route);
    expect(run.exitCode).toBe(0);
    const next = await shell.call('true');
    expect(listing(next.record.before)).toBe(pristine);
    expect(next.record.changes.size).toBe(0);
    return run;
  }
});
