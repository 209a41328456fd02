import { describe, expect, it } from 'vitest';
import { exits, fails, handle, returns, takes } from 'shellrig';
import { ubuntu } from '../support/ubuntu.js';

describe('the locks of apt', () => {
  it('are free: it goes on at once', async () => {
    const run = await ubuntu.call('wait_for_apt_locks');

    expect(run).toSucceed();
    expect(run).not.toHaveSlept();
    expect(run).toHaveCalled('fuser', '/var/lib/dpkg/lock', '/var/lib/apt/lists/lock', '/var/cache/apt/archives/lock');
  });

  it('are held for a while: it waits and says so', async () => {
    const fuser = exits(0).then(exits(0)).then(exits(1));
    const run = await ubuntu.given({ stubs: { fuser } }).call('wait_for_apt_locks');

    expect(run).toSucceed();
    expect(run.stdout).toBe('Waiting for release of apt locks\nWaiting for release of apt locks\n');
    expect(run).toHaveSleptTimes('3s', 2);
  });

  it('are held for ever: it gives up after five minutes and says so', async () => {
    const run = await ubuntu.given({ stubs: { fuser: exits(0) } }).call('wait_for_apt_locks');

    expect(run).toExit(1);
    expect(run).toHaveSleptTimes('3s', 100);
    expect(run).toPrint('apt locks were not released after 300s\n', { on: 'stderr' });
  });

  describe.each([
    ['an update', 'apt_get_update_with_opts', []],
    ['a download', 'apt_get_download', ['20', '30', 'kubelet=1.34.1']],
  ] as const)('around the tries of %s', (_, name, args) => {
    /** A node that waits no more than four times, that is for twelve seconds. */
    const hasty = ubuntu.given({ vars: { APT_LOCK_WAITS: '4' } });

    it('are held for ever: it gives up after the time for one wait', async () => {
      const run = await hasty.given({ stubs: { fuser: exits(0) } }).call(name, ...args);

      expect(run).toExit(1);
      expect(run).toPrint('apt locks were not released after 12s\n', { on: 'stderr' });
      expect(run.sleeps.map(({ time }) => time)).toEqual([3000, 3000, 3000, 3000]);
      expect(run).not.toHaveCalled('apt-get');
    });

    it('are taken again and again: all waits are no longer than one', async () => {
      const fuser = handle(({ previousCalls }) => (previousCalls % 3 === 2 ? 1 : 0));
      const run = await hasty.given({ stubs: { fuser, 'apt-get': exits(100) } }).call(name, ...args);

      expect(run).toExit(1);
      expect(run).toPrint('apt locks were not released after 12s\n', { on: 'stderr' });
      expect(run).toHaveSleptTimes('3s', 4);
      expect(run).toHaveCalledTimes('apt-get', 2);
    });
  });

  it('are waited for no longer than provisioning has time', async () => {
    const run = await ubuntu.given({ vars: { CSE_STARTTIME_SECONDS: '1' }, stubs: { fuser: exits(0) } }).call('wait_for_apt_locks');

    expect(run).toExit(1);
    expect(run).toPrint('apt locks are held, and provisioning has no time left to wait for them\n', { on: 'stderr' });
    expect(run).not.toHaveSlept();
  });
});

describe('an update of the lists', () => {
  it('passes its options on, after an interrupted installation was finished', async () => {
    const run = await ubuntu.call('apt_get_update_with_opts', '-o', 'A=b c');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([['dpkg', '--configure', '-a', '--force-confdef'], ['apt-get', '-o', 'A=b c', 'update']]);
  });

  it('goes on when there is nothing to finish', async () => {
    const run = await ubuntu.given({ stubs: { dpkg: exits(2) } }).call('apt_get_update_with_opts');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('apt-get', 1, 'update');
  });

  it.each([
    'E: The repository has no Release file.',
    'Err:1 https://packages.example/ubuntu jammy InRelease',
    'W: Failed to fetch https://packages.example/ubuntu/dists/jammy/InRelease',
  ])('fails when apt-get only says so: %s', async (line) => {
    const run = await ubuntu.given({ stubs: { 'apt-get': returns(`Hit:1\n${line}\nDone\n`) } }).call('apt_get_update_with_opts');

    expect(run).toExit(1);
    expect(run).toPrint(line);
    expect(run.stderr).toBe('apt-get update failed 10 times; giving up.\n');
    expect(run).toHaveCalledTimes('apt-get', 10);
    expect(run).toHaveSleptTimes('5s', 9);
  });

  it('that hangs is ended after two minutes', async () => {
    const run = await ubuntu.given({ stubs: { 'apt-get': takes('1h') } }).call('apt_get_update_with_opts');

    expect(run).toExit(1);
    expect(run).toPrint('apt-get update failed 10 times; giving up.\n', { on: 'stderr' });
    expect(run).toHaveCalledTimes('apt-get', 10, 'update');
    expect(run.duration).toBe(10 * 120_000 + 9 * 5000);
  });

  it('ends when provisioning has no time left', async () => {
    const run = await ubuntu.given({ vars: { CSE_STARTTIME_SECONDS: '1' } }).call('apt_get_update_with_opts');

    expect(run).toExit(1);
    expect(run).toPrint('CSE timeout approaching, exiting early.\n');
    expect(run).not.toHaveCalled('apt-get');
    expect(run).not.toHaveSlept();
  });

  it('is tried until it succeeds', async () => {
    const run = await ubuntu.given({ stubs: { 'apt-get': fails({ times: 3, exitCode: 100 }).then(returns('Hit:1\n')) } }).call('apt_get_update_with_opts');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('apt-get', 4);
    expect(run).toHaveSleptTimes('5s', 3);
    expect(run.stdout).toBe('Hit:1\n');
  });
});

describe('holding the package of the Azure agent', () => {
  it.each(['hold', 'unhold'])('%s', async (what) => {
    const run = await ubuntu.call('aptmarkWALinuxAgent', what);

    expect(run).toSucceed();
    expect(run.allCalls.map(({ name, args }) => [name, ...args])).toEqual([['apt-mark', what, 'walinuxagent']]);
  });

  it.each([['hold', 7], ['unhold', 8]] as const)('ends with its own code when it cannot %s: %i', async (what, code) => {
    const run = await ubuntu.given({ stubs: { retrycmd_if_failure: exits(1) } }).call('aptmarkWALinuxAgent', what);

    expect(run).toExit(code);
    expect(run).toHaveCalledTimes('retrycmd_if_failure', 1, '120', '5', '25', 'apt-mark', what, 'walinuxagent');
  });
});
