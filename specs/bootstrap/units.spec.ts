import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineShell, file } from 'shellrig';
import { UNITS } from '../../artifacts/config/scripts.js';
import { TOKEN } from '../support/configuration.js';
import { configuring } from '../support/configuring.js';
import { ubuntuOptions } from '../support/ubuntu.js';
import { parseUnit, unitText } from '../support/units.js';

const program = file('#!/bin/sh\n', { mode: 0o755 });
const units = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [`/etc/systemd/system/${name}`, '[Unit]\n']));

/** What writes units and drop-ins, and what it writes. */
const WRITERS = ['mkdir -p "$KUBELET_DROP_IN_DIR"', 'configPrivateClusterHosts', 'configureContainerdUlimits', 'ensureContainerd', 'configureKubeletRuntime', 'configureAndStartSecureTLSBootstrapping', 'ensureKubelet', 'generateLocalDNSFiles', 'ensureMigPartition'];
const WRITTEN = [
  'containerd.service.d/exec_start.conf', 'containerd.service.d/set_ulimits.conf',
  ...['bindmount', 'cgroupv2', 'containerd-base-flag', 'credential-validation', 'ensure-imds-restriction', 'tlsbootstrap', 'watchdog'].map((name) => `kubelet.service.d/10-${name}.conf`),
  'localdns.slice', 'mig-partition.service.d/10-mig-profile.conf', 'reconcile-private-hosts.service.d/10-fqdn.conf', 'secure-tls-bootstrap.service.d/10-securetlsbootstrap.conf',
];

/** What the units name and an image has. */
const named = {
  '/opt/bin/kubelet': program, '/opt/bin/aks-secure-tls-bootstrap-client': program, '/sbin/ebtables': program, '/sbin/iptables': program,
  ...units('sysinit.target', 'basic.target', 'shutdown.target', 'network-online.target', 'multi-user.target'),
  '/etc/systemd/system/containerd.service': '[Service]\nExecStart=/bin/bash\n',
};

/** A machine that has what the units name. */
const machine = defineShell({ tools: ['systemd-analyze', 'mount'], files: named, allow: { unasserted: { changes: ['/run/systemd/**'] } } });

describe.skipIf(spawnSync('systemd-analyze', ['--version']).error)('systemd', () => {
  it.each(UNITS)('takes %s without a word', async (name) => {
    const path = `/etc/systemd/system/${name}`;
    const run = await machine.given({ files: { [path]: await unitText(name) } }).call('systemd-analyze', 'verify', '--man=no', path);

    expect(run.output).toBe('');
    expect(run).toSucceed();
  });

  it('takes what the provisioning adds to units of the image and of these scripts', async () => {
    const there = ['bind-mount', 'mig-partition', 'reconcile-private-hosts'].map((name) => [`/etc/systemd/system/${name}.service`, '[Service]\nType=oneshot\nExecStart=/bin/bash\n'] as const);
    const own = await Promise.all(UNITS.map(async (name) => [`/etc/systemd/system/${name}`, await unitText(name)] as const));
    const run = await configuring.with({ tools: [...ubuntuOptions.tools, 'systemd-analyze', 'mount'] }).given({
      files: { ...named, ...Object.fromEntries([...there, ...own]) },
      vars: { KUBERNETES_VERSION: '1.34.1', TLS_BOOTSTRAP_TOKEN: TOKEN, HAS_KUBELET_DISK_TYPE: 'true', NEEDS_CGROUPV2: 'true', CONTAINERD_ULIMITS: '[Service] LimitNOFILE=1048576', GPU_INSTANCE_PROFILE: 'MIG1g', API_SERVER_NAME: 'cluster.example' },
      allow: { unasserted: { calls: true, changes: true, stdout: true } },
    }).call('eval', `{ ${WRITERS.join('; ')}; } >/dev/null 2>&1; systemd-analyze verify --man=no /etc/systemd/system/*.{service,slice}`);

    expect([...run.record.changes.keys()].flatMap((path) => /^\/etc\/systemd\/system\/(.*\.(?:conf|slice|service))$/.exec(path)?.[1] ?? []).sort()).toEqual(WRITTEN);
    expect(run.stderr).toBe('');
    expect(run).toSucceed();
  });
});

it('all units that lie beside the scripts are among them', () => {
  const found = readdirSync(new URL('../../artifacts', import.meta.url), { recursive: true, encoding: 'utf8' }).filter((path) => /\.(service|socket|timer|path|slice|target|mount)(\.d\/.*)?$/.test(path));
  expect(found.sort()).toEqual(UNITS.map((name) => `node/${name}`).sort());
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
