import { describe, expect, it } from 'vitest';
import { exits, fails, rest, returns, when } from 'shellrig';
import { node } from '../support/helpers.js';
import { lesson } from '../support/lesson.js';
import { clock, NOW } from '../support/time.js';

const STATUS = 'containerd.service - container runtime\n   Active: activating\n';
const time = clock();
const quick = node.with({ stubs: { systemctl: when(['status', rest]).returns(STATUS) } });
const waiting = quick.with(time.options);

describe('waiting for containerd', () => {
  it('ends when it answers', lesson('A19'), async () => {
    const run = await waiting.given({ stubs: { ctr: fails({ times: 3 }).then(returns('Client:\n')) } }).call('waitForContainerdReady');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('ctr', 4, 'version');
    expect(run).toHaveCalledTimes('sleep', 3, '0.1');
    expect(run.stdout).toMatch(/^Waiting for containerd to become ready\.\.\.\n/);
    expect(run).not.toPrint('Client:');
    expect(run).not.toHaveChanged();
  });

  it('goes on for longer than six seconds when it refuses at once', lesson('A19'), async () => {
    const run = await quick.given({ stubs: { ctr: fails({ times: 61 }).then(exits(0)) } }).call('waitForContainerdReady');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('ctr', 62, 'version');
    expect(run).toHaveCalledTimes('sleep', 61, '0.1');
  });

  it('ends when it never answers, says so, and leaves its status for the log collector', lesson('A19'), async () => {
    const run = await waiting.given({ stubs: { retrycmd_if_failure: time.takes(264, 1) } }).call('waitForContainerdReady');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('retrycmd_if_failure', 1, '240', '0.1', '1', 'bash', '-c', /ctr version/);
    expect(run.stdout).toBe('Waiting for containerd to become ready...\ncontainerd did not become ready\nIt did not answer ctr version for 264 seconds.\n');
    expect(run).toHaveCalledTimes('systemctl', 1, 'status', 'containerd', '--no-pager', '-l');
    expect(run).toHaveChangedOnly({ '/var/log/azure/containerd-status.log': STATUS });
  });

  it('ends when provisioning has no time left, and says so', lesson('A19'), async () => {
    const run = await waiting
      .given({ vars: { CSE_STARTTIME_SECONDS: String(NOW - 779) }, stubs: { ctr: time.takes(0.5, 1) } })
      .call('waitForContainerdReady');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('ctr', 2);
    expect(run).toHaveCalledTimes('sleep', 2);
    expect(run).toPrint('containerd did not become ready\n', { on: 'stdout' });
    expect(run).toPrint('No CSE time remaining, exiting early.\n', { on: 'stderr' });
    expect(run).toPrint('2 times; giving up (no time is left).\n', { on: 'stderr' });
    expect(run).toHaveCalledTimes('systemctl', 1, 'status', rest);
    expect(run).toHaveFile('/var/log/azure/containerd-status.log', STATUS);
  });

  it('is not held up by a containerd that hangs', async () => {
    const run = await node.given({ stubs: { ctr: when(['version']).takes('30s') } }).call('_retrycmd_internal', '1', '0', '0.2', 'false', 'ctr', 'version');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('ctr', 1);
  });
});
