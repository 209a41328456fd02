import { defineShell, exits, file, real, returns, symlink, when, any, handle } from 'shellrig';
import { describe, expect, it } from 'vitest';

const program = (text: string) => file(`#!/bin/bash\necho "${text} \${0##*/} $*"\n`, { mode: 0o755 });

describe('a stub is met where files hold a program of its name', () => {
  it.each(['/usr/local/bin/gpg', '/usr/bin/gpg', '/bin/gpg', '/usr/sbin/gpg'])('at %s, of the shell', async (path) => {
    const run = await defineShell({ files: { [path]: program('file') }, stubs: { gpg: returns('stub\n') } }).call('gpg', '-d');
    expect(run).toSucceed();
    expect(run.stdout).toBe('stub\n');
    expect(run).toHaveCalledTimes('gpg', 1);
    expect(run).toHaveChangedOnly({});
  });

  it('given together, and each beside the other of the shell', async () => {
    const files = { '/usr/local/sbin/gpg': program('file') };
    const stubs = { gpg: exits(3) };
    const runs = [
      await defineShell().given({ files, stubs }).call('gpg'),
      await defineShell({ files }).given({ stubs }).call('gpg'),
      await defineShell({ stubs }).given({ files }).call('gpg'),
      await defineShell({ files, stubs }).given({ stubs: { gpg: exits(3) } }).call('gpg'),
    ];
    for (const run of runs) {
      expect(run).toExit(3);
      expect(run).toHaveCalledTimes('gpg', 1);
      expect(run).toHaveChangedOnly({});
    }
  });

  it('named by its path, wherever that is', async () => {
    const run = await defineShell({ files: { '/opt/tool': program('file') }, stubs: { '/opt/tool': returns('stub\n') } }).call('/opt/tool');
    expect(run).toSucceed();
    expect(run.stdout).toBe('stub\n');
    expect(run).toHaveCalledTimes('/opt/tool', 1);
  });

  it('in the directories that the environment names', async () => {
    const shell = defineShell({ files: { '/opt/bin/gpg': program('file') }, env: { PATH: '/opt/bin:/usr/bin' }, stubs: { gpg: returns('stub\n') } });
    expect((await shell.call('gpg')).stdout).toBe('stub\n');
    const given = await defineShell({ stubs: { gpg: returns('stub\n') } }).given({ files: { '/opt/bin/gpg': program('file') }, env: { PATH: '/opt/bin:/usr/bin' } }).call('gpg');
    expect(given.stdout).toBe('stub\n');
  });

  it('but not in front of what PATH would not run', async () => {
    const run = await defineShell({ files: { '/usr/local/bin/gpg': 'text', '/opt/gpg': program('file') }, stubs: { gpg: returns('stub\n') } }).call('eval', 'gpg; /opt/gpg; cat /usr/local/bin/gpg');
    expect(run).toSucceed();
    expect(run.stdout).toBe('stub\nfile gpg \ntext');
    expect(run).toHaveCalledTimes('gpg', 1);
  });
});

describe('a spy lets the program of the tree work', () => {
  it.each([
    ['a program that this machine does not have', 'our-own-tool'],
    ['rather than this machine\'s', 'tac'],
  ])('%s', async (_, name) => {
    const files = { [`/usr/local/bin/${name}`]: program('file') };
    const stubs = { [name]: real() };
    for (const run of [
      await defineShell({ files, stubs }).call(name, 'a'),
      await defineShell().given({ files, stubs }).call(name, 'a'),
      await defineShell({ files }).given({ stubs }).call(name, 'a'),
      await defineShell({ stubs: { [name]: exits(1) } }).given({ files, stubs }).call(name, 'a'),
      await defineShell({ files, stubs: { [name]: exits(1) } }).given({ stubs }).call(name, 'a'),
    ]) {
      expect(run).toSucceed();
      expect(run.stdout).toBe(`file ${name} a\n`);
      expect(run.calls(name)).toMatchObject([{ args: ['a'], exitCode: 0 }]);
    }
  });

  it('also for some calls only, and where the spec decides', async () => {
    const files = { '/usr/local/bin/gpg': program('file') };
    for (const gpg of [when(['-d', any]).exits(2).otherwise(real()), handle(({ args }) => (args[0] === '-d' ? exits(2) : real()))]) {
      const run = await defineShell({ files, stubs: { gpg } }).call('eval', 'gpg -d x; echo $?; gpg -e x');
      expect(run).toSucceed();
      expect(run.stdout).toBe('2\nfile gpg -e x\n');
      expect(run.calls('gpg').map(({ exitCode }) => exitCode)).toEqual([2, 0]);
    }
  });

  it('named by its path', async () => {
    const run = await defineShell({ files: { '/opt/a/tool': program('a'), '/opt/b/tool': program('b') }, stubs: { '/opt/a/tool': real(), '/opt/b/tool': real() } }).call('eval', '/opt/a/tool; /opt/b/tool');
    expect(run).toSucceed();
    expect(run.stdout).toMatch(/^a \S+ \nb \S+ \n$/);
    expect(run.allCalls.map(({ name }) => name)).toEqual(['/opt/a/tool', '/opt/b/tool']);
  });

  it('behind a link', async () => {
    const run = await defineShell({ files: { '/opt/x/tool': program('file'), '/usr/local/bin/tool': symlink('../../../opt/x/tool') }, stubs: { tool: real() } }).call('tool', 'a');
    expect(run).toSucceed();
    expect(run.stdout).toBe('file tool a\n');
    expect(run.calls('tool')).toHaveLength(1);
  });
});
