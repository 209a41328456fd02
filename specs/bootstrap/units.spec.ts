import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { defineShell, file } from 'shellrig';
import { parseUnit, unitText } from '../support/units.js';

const NAMES = ['kubelet.service', 'measure-tls-bootstrapping-latency.service'];
const program = file('#!/bin/sh\n', { mode: 0o755 });
const units = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [`/etc/systemd/system/${name}`, '[Unit]\n']));

/** A machine that has what the units name. */
const machine = defineShell({
  tools: ['systemd-analyze', 'mount'],
  files: {
    '/opt/bin/kubelet': program, '/sbin/ebtables': program, '/sbin/iptables': program,
    ...units('sysinit.target', 'basic.target', 'shutdown.target', 'network-online.target', 'multi-user.target'),
    '/etc/systemd/system/containerd.service': '[Service]\nExecStart=/bin/bash\n',
  },
  allow: { unasserted: { changes: ['/run/systemd/**'] } },
});

describe.skipIf(spawnSync('systemd-analyze', ['--version']).error)('systemd', () => {
  it.each(NAMES)('takes %s without a word', async (name) => {
    const path = `/etc/systemd/system/${name}`;
    const run = await machine.given({ files: { [path]: await unitText(name) } }).call('systemd-analyze', 'verify', '--man=no', path);

    expect(run.output).toBe('');
    expect(run).toSucceed();
  });
});

describe('the unit of the measurement', () => {
  it('runs once at a boot, waits for nothing and nothing for it, and may be ended', async () => {
    const unit = parseUnit(await unitText('measure-tls-bootstrapping-latency.service'));

    expect(unit).toEqual({
      'Unit.Description': [expect.any(String)],
      'Unit.ConditionPathExists': ['/opt/azure/containers/measure-tls-bootstrapping-latency.sh'],
      'Service.Type': ['oneshot'],
      'Service.Restart': ['no'],
      'Service.RemainAfterExit': ['no'],
      'Service.SuccessExitStatus': ['SIGTERM'],
      'Service.TimeoutStartSec': [expect.stringMatching(/^[1-9]\d+$/)],
      'Service.ExecStart': ['/bin/bash /opt/azure/containers/measure-tls-bootstrapping-latency.sh'],
      'Install.WantedBy': ['multi-user.target'],
    });
  });
});
