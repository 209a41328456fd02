import { describe, expect, it } from 'vitest';
import { at, exits, fails, handle, rest, returns, takes, when } from 'shellrig';
import { node } from '../support/helpers.js';
import { lesson } from '../support/lesson.js';
import { begun } from '../support/time.js';

const STATUS = 'containerd.service - container runtime\n   Active: activating\n';
const waiting = node.with({ stubs: { systemctl: when(['status', rest]).returns(STATUS) } });

describe('waiting for containerd', () => {
  it('ends when it answers', lesson('A19'), async () => {
    const run = await waiting.given({ stubs: { ctr: fails({ times: 3 }).then(returns('Client:\n')) } }).call('waitForContainerdReady');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('ctr', 4, 'version');
    expect(run).toHaveSleptTimes('100ms', 3);
    expect(run.duration).toBe(300);
    expect(run.stdout).toMatch(/^Waiting for containerd to become ready\.\.\.\n/);
    expect(run).not.toPrint('Client:');
    expect(run).not.toHaveChanged();
  });

  it.each([['1ms', 0.1], ['1.25s', 1.3]] as const)('that answers after %s ends within a tenth of a second', lesson('A19'), async (when, seconds) => {
    let isThere = false;
    const run = await waiting
      .given({ stubs: { ctr: handle(() => (isThere ? 0 : 1)) }, actors: [at(when, () => { isThere = true; })] })
      .call('waitForContainerdReady');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('ctr', Math.round(seconds * 10) + 1, 'version');
    expect(run.duration).toBe(seconds * 1000);
  });

  it.each([
    ['refuses at once, after 24 seconds', exits(1), 23_900],
    ['hangs, after four minutes', takes('1h'), 263_900],
  ] as const)('that %s, ends, says so, and leaves its status for the log collector', lesson('A19'), async (_, ctr, duration) => {
    const run = await waiting.given({ stubs: { ctr }, limits: { time: '60s', virtual: `${duration + 1000}ms` } }).call('waitForContainerdReady');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('ctr', 240, 'version');
    expect(run).toHaveSleptTimes('100ms', 239);
    expect(run.duration).toBe(duration);
    expect(run.stdout).toBe(`Waiting for containerd to become ready...\ncontainerd did not become ready\nIt did not answer ctr version for ${Math.floor(duration / 1000)} seconds.\n`);
    expect(run.stderr).toMatch(/ 240 times; giving up \(last exit status: \d+\)\.\n$/);
    expect(run).toHaveCalledTimes('systemctl', 1, 'status', 'containerd', '--no-pager', '-l');
    expect(run).toHaveChangedOnly({ '/var/log/azure/containerd-status.log': STATUS });
  });

  it('ends when provisioning has no time left, and says so', lesson('A19'), async () => {
    const run = await waiting.given({ vars: begun(779), stubs: { ctr: takes('0.5s').exits(1) } }).call('waitForContainerdReady');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('ctr', 2, 'version');
    expect(run.sleeps.map(({ time }) => time)).toEqual([100]);
    expect(run.duration).toBe(1100);
    expect(run).toPrint('containerd did not become ready\n', { on: 'stdout' });
    expect(run).toPrint('No CSE time remaining, exiting early.\n', { on: 'stderr' });
    expect(run).toPrint('2 times; giving up (no time is left).\n', { on: 'stderr' });
    expect(run).toHaveCalledTimes('systemctl', 1, 'status', rest);
    expect(run).toHaveFile('/var/log/azure/containerd-status.log', STATUS);
  });
});
