import { beforeEach, describe, expect, it } from 'vitest';
import { defineShell, directory, exits } from 'shellrig';
import { lesson } from '../support/lesson.js';
import { argvOf, parseUnit, unitText, type Unit } from '../support/units.js';

let unit: Unit, before: readonly string[];
beforeEach(async () => {
  unit = parseUnit(await unitText('kubelet.service'));
  before = unit['Service.ExecStartPre'] ?? [];
});

describe('the unit of kubelet', () => {
  it('starts it where it is installed, after network and containerd, and again when it ends', () => {
    expect(unit['Unit.ConditionPathExists']).toEqual(['/opt/bin/kubelet']);
    expect(unit['Unit.Wants']).toEqual(['network-online.target containerd.service']);
    expect(unit['Unit.After']).toEqual(['network-online.target containerd.service']);
    expect(unit['Install.WantedBy']).toEqual(['multi-user.target']);
    expect(unit['Service.Restart']).toEqual(['always']);
    expect(unit['Service.RestartSec']).toEqual(['2']);
    expect(unit['Service.SuccessExitStatus']).toEqual(['143']);
    expect(unit['Service.EnvironmentFile']).toEqual(['/etc/default/kubelet']);
    expect(unit['Service.Type']).toBeUndefined();
  });

  it('gives it the flags that the node was configured with', () => {
    expect(unit['Service.ExecStart']?.map((line) => line.split(/\s+/))).toEqual([[
      '/opt/bin/kubelet', '--enable-server', '--node-labels=${KUBELET_NODE_LABELS}', '--v=2', '--volume-plugin-dir=/etc/kubernetes/volumeplugins',
      '$KUBELET_TLS_BOOTSTRAP_FLAGS', '$KUBELET_CONFIG_FILE_FLAGS', '$KUBELET_CONTAINERD_FLAGS', '$KUBELET_CONTAINER_RUNTIME_FLAG', '$KUBELET_CGROUP_FLAGS',
      '$KUBELET_FLAGS',
    ]]);
  });

  it('readies the node first, and waits for containerd last; a table that cannot be listed stops nothing', () => {
    const steps = [
      /kubelet\.sh$/, /ensure_imds_restriction\.sh$/, /mkdir -p \/var\/lib\/kubelet$/, /mkdir -p \/var\/lib\/cni$/, /mount --bind/, /mount --make-shared/,
      /^-\S*ebtables .*--list/, /^-\S*iptables .*--list/, /validate-kubelet-credentials\.sh$/, /containerd\.sock/,
    ];
    expect(before).toEqual(steps.map((step): unknown => expect.stringMatching(step)));
  });

  it('lets none of these commands wait for ever, whatever the machine has as a default', lesson('A6'), () => {
    expect(Number(unit['Service.TimeoutStartSec']?.at(-1))).toBeGreaterThan(0);
  });
});

describe("kubelet's directory", () => {
  it.each([['is mounted on itself', exits(32), [['--bind', '/var/lib/kubelet', '/var/lib/kubelet']]], ['is left alone where it is a mount', exits(0), []]])('%s', async (_, mountpoint, mounted) => {
    const machine = defineShell({ files: { '/var/lib/kubelet': directory() }, stubs: { mount: exits(0) } });
    const run = await machine.given({ stubs: { mountpoint } }).call(...argvOf(before.find((line) => line.includes('--bind')) ?? ''));

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('mountpoint', 1, '-q', '/var/lib/kubelet');
    expect(run.calls('mount').map(({ args }) => args)).toEqual(mounted);
  });
});
