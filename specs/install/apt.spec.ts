import { describe, expect, it } from 'vitest';
import { exits, fails, returns } from 'shellrig';
import { ubuntu } from '../support/ubuntu.js';

describe('the locks of apt', () => {
  it('are free: it goes on at once', async () => {
    const run = await ubuntu.call('wait_for_apt_locks');

    expect(run).toSucceed();
    expect(run).not.toHaveCalled('sleep');
    expect(run).toHaveCalled('fuser', '/var/lib/dpkg/lock', '/var/lib/apt/lists/lock', '/var/cache/apt/archives/lock');
  });

  it('are held for a while: it waits and says so', async () => {
    const fuser = exits(0).then(exits(0)).then(exits(1));
    const run = await ubuntu.given({ stubs: { fuser } }).call('wait_for_apt_locks');

    expect(run).toSucceed();
    expect(run.stdout).toBe('Waiting for release of apt locks\nWaiting for release of apt locks\n');
    expect(run).toHaveCalledTimes('sleep', 2, '3');
  });

  it('are held for ever: it gives up after five minutes and says so', async () => {
    const run = await ubuntu.given({ stubs: { fuser: exits(0) } }).call('wait_for_apt_locks');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('sleep', 100, '3');
    expect(run).toPrint('apt locks were not released after 300s\n', { on: 'stderr' });
  });

  it('that are held for ever end an update and a download', async () => {
    const held = ubuntu.given({ stubs: { wait_for_apt_locks: exits(1) } });
    const update = await held.call('apt_get_update_with_opts');
    const download = await held.call('apt_get_download', '1', '1', 'kubelet=1.34.1');

    expect(update).toExit(1);
    expect(update).toHaveCalledTimes('wait_for_apt_locks', 10);
    expect(update).toHaveCalledTimes('sleep', 9, '5');
    expect(download).toExit(1);
    expect(download).toHaveCalledTimes('wait_for_apt_locks', 1);
    expect(update).not.toHaveCalled('apt-get');
    expect(download).not.toHaveCalled('apt-get');
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
    expect(run).toHaveCalledTimes('apt-get', 10);
    expect(run).toHaveCalledTimes('sleep', 9, '5');
  });

  it('is tried until it succeeds', async () => {
    const run = await ubuntu.given({ stubs: { 'apt-get': fails({ times: 3, exitCode: 100 }).then(returns('Hit:1\n')) } }).call('apt_get_update_with_opts');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('apt-get', 4);
    expect(run).toHaveCalledTimes('sleep', 3, '5');
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
