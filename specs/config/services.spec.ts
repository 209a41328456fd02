import { describe, expect, it } from 'vitest';
import { exits, file, when, type Given } from 'shellrig';
import { configuring } from '../support/configuring.js';
import { lesson } from '../support/lesson.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const LOCALDNS = { LOCALDNS_GENERATED_COREFILE: base64('.:53 {\n}\n'), LOCALDNS_MEMORY_LIMIT: '256M', LOCALDNS_CPU_LIMIT: '50.0%' };
const LOCALDNS_FILES = {
  '/opt/azure/containers/localdns/localdns.corefile': file('.:53 {\n}\n', { mode: 0o644 }),
  '/etc/localdns/environment': file(`LOCALDNS_BASE64_ENCODED_COREFILE=${LOCALDNS.LOCALDNS_GENERATED_COREFILE}\n`, { mode: 0o644 }),
  '/etc/systemd/system/localdns.slice': file(/^MemoryMax=256M\nCPUQuota=50\.0%$/m, { mode: 0o644 }),
};

/** Every service that a function starts and enables, and the code with which the boot ends where it cannot. */
const SERVICES: readonly (readonly [name: string, units: readonly string[], code: number, given: Given])[] = [
  ['ensureNoDupOnPromiscuBridge', ['ensure-no-dup'], 4, {}],
  ['ensureSnapshotUpdate', ['snapshot-update.timer'], 202, {}],
  ['enableLocalDNS', ['localdns'], 216, { vars: LOCALDNS, allow: { unasserted: { changes: Object.keys(LOCALDNS_FILES) } } }],
  ['ensureDHCPv6', ['dhcpv6'], 4, { allow: { unasserted: { calls: ['modprobe'] } } }],
  ['configureNodeExporter', ['node-exporter', 'node-exporter-restart.path'], 128, { files: { '/etc/node-exporter.d/skip_vhd_node_exporter': '' } }],
  ['configPrivateClusterHosts', ['reconcile-private-hosts'], 4, { vars: { API_SERVER_NAME: 'cluster.example' }, allow: { unasserted: { changes: ['/etc/systemd/**'] } } }],
  ['ensureMigPartition', ['mig-partition'], 84, { vars: { GPU_INSTANCE_PROFILE: 'MIG1g' }, allow: { unasserted: { changes: ['/etc/systemd/**'] } } }],
];

describe.each(SERVICES)('%s', (name, units, code, given) => {
  it('starts its service and enables it for later boots', async () => {
    const run = await configuring.given(given).call(name);

    expect(run).toSucceed();
    expect(run.calls('systemctl').map(({ args }) => args.join(' '))).toEqual(units.flatMap((unit) => ['daemon-reload', `restart ${unit}`, `enable ${unit}`]));
  });

  it(`ends with ${code} where it cannot be started`, async () => {
    const run = await configuring.given(given).given({ stubs: { systemctlEnableAndStart: exits(1) } }).call(name);

    expect(run).toExit(code);
    expect(run).toHaveCalledTimes('systemctlEnableAndStart', 1, units[0]!, expect.any(String));
    expect(run).not.toHaveCalled('systemctl');
  });
});

describe('the node\'s own name server', () => {
  it('is configured and started', async () => {
    const run = await configuring.given({ vars: LOCALDNS }).call('enableLocalDNS');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly(LOCALDNS_FILES);
    expect(run.stdout).toMatch(/^localdns should be enabled\.\n[^]*Enable localdns succeeded\.\n$/);
    expect(run).toHaveCalledInOrder([['systemctl', 'restart', 'localdns'], ['systemctl', 'enable', 'localdns']]);
  });

  it('ends the boot where its configuration cannot be read', async () => {
    const run = await configuring.given({ vars: { ...LOCALDNS, LOCALDNS_GENERATED_COREFILE: '-' } }).call('enableLocalDNS');

    expect(run).toExit(216);
    expect(run).toPrint('localdns.corefile is no base64\n', { on: 'stderr' });
    expect(run).not.toHaveChanged();
    expect(run).not.toHaveCalled('systemctl');
  });
});

describe('Node Exporter', () => {
  it('is nothing to configure where the image has none', async () => {
    const run = await configuring.call('configureNodeExporter');

    expect(run).toSucceed();
    expect(run.stdout).toBe('Configuring Node Exporter\nNode Exporter assets not found on this image, nothing to configure\n');
    expect(run).not.toHaveCalled('systemctl');
  });
});

describe('secure TLS bootstrapping', () => {
  const vars = { API_SERVER_NAME: 'cluster.example', SECURE_TLS_BOOTSTRAPPING_AAD_RESOURCE: 'resource' };
  const DROP_IN = '/etc/systemd/system/secure-tls-bootstrap.service.d/10-securetlsbootstrap.conf';

  it('is configured and started, before kubelet, without waiting for it', async () => {
    const run = await configuring.given({ vars }).call('configureAndStartSecureTLSBootstrapping');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [DROP_IN]: file(/^\[Unit\]\nBefore=kubelet\.service\n\[Service\]\nEnvironment="BOOTSTRAP_FLAGS=--aad-resource=resource --apiserver-fqdn=cluster\.example --cloud-provider-config=\/etc\/kubernetes\/azure\.json"\n\[Install\]\nWantedBy=kubelet\.service\n$/, { mode: 0o600 }) });
    expect(run.calls('systemctl').map(({ args }) => args.join(' '))).toEqual(['daemon-reload', 'restart --no-block secure-tls-bootstrap', 'enable secure-tls-bootstrap']);
  });

  it('ends the boot with 220 where it cannot be started at all', async () => {
    const run = await configuring.given({ vars, stubs: { systemctlEnableAndStartNoBlock: exits(1) } }).call('configureAndStartSecureTLSBootstrapping');

    expect(run).toExit(220);
    expect(run).toHaveCalledTimes('systemctlEnableAndStartNoBlock', 1, 'secure-tls-bootstrap', '30');
    expect(run).toHaveFile(DROP_IN, file(expect.anything(), { mode: 0o600 }));
  });
});

describe('what the image carries', () => {
  const LOG = '/opt/azure/vhd-install.complete';
  const install = (keep: string, isImage: string, given: Given = {}) => configuring.given({ vars: { KUBERNETES_VERSION: '1.34.1' } }).given(given)
    .call('eval', `installs=$(getInstallModeAndCleanupContainerImages '${keep}' '${isImage}'); code=$?; printf '%s\\n' "$installs"; exit $code`);
  const last = (text: string) => text.trimEnd().split('\n').at(-1);

  it.each([
    ['false', 'true', true, 'false'],
    ['false', 'false', true, 'false'],
    ['true', 'true', true, 'true'],
    ['false', 'false', false, 'true'],
    ['', '', false, 'true'],
  ])('is told by the last line (kept: %j, an image: %j, with its log: %j): all is installed: %s', async (keep, isImage, log, value) => {
    const run = await install(keep, isImage, { files: log ? { [LOG]: '' } : {}, allow: { unasserted: true } });

    expect(run).toSucceed();
    expect(last(run.stdout)).toBe(value);
  });

  it('ends the boot with 65 where an image has lost its log', lesson('C22'), async () => {
    const run = await install('false', 'true');

    expect(run).toExit(65);
    expect(run).toPrint(`${LOG} is not there, though this is to be a golden image\n`, { on: 'stderr' });
    expect(run.stdout.trim()).toBe('');
  });

  it('ends the boot with 214 where its images of containers cannot be cleaned up', lesson('C22'), async () => {
    const run = await install('false', 'true', { files: { [LOG]: '' }, stubs: { cleanUpContainerImages: exits(1) } });

    expect(run).toExit(214);
    expect(run).toHaveCalledTimes('cleanUpContainerImages', 1);
    expect(run).toEmit({ TaskName: 'AKS.CSE.cleanUpContainerImages' });
    expect(last(run.stdout)).toBe('detected golden image pre-install');
  });

  it('loses images of kube-proxy for other versions, where containerd runs', async () => {
    const names = ['mcr.microsoft.com/oss/kubernetes/kube-proxy:v1.34.1', 'mcr.microsoft.com/oss/kubernetes/kube-proxy:v1.34.1-hotfix.1', 'mcr.microsoft.com/oss/kubernetes/kube-proxy:v1.34.10', 'mcr.microsoft.com/oss/kubernetes/kube-proxy:v1.33.1', 'mcr.microsoft.com/oss/kubernetes/pause:3.6'];
    const run = await configuring
      .given({ vars: { KUBERNETES_VERSION: '1.34.1' }, stubs: { systemctl: when(['is-active', 'containerd']).returns('active\n'), ctr: when(['--namespace', 'k8s.io', 'images', 'list', '-q']).returns(names.map((name) => `${name}\n`).join('')).otherwise(exits(0)) } })
      .call('cleanUpContainerImages');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('systemctl', 1);
    expect(run.calls('ctr').map(({ args }) => args.at(-1))).toEqual(['-q', names[2], names[3]]);
  });
});
