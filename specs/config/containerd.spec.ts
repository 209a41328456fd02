import { describe, expect, it } from 'vitest';
import { exits, file, rest, type FileSpecs } from 'shellrig';
import { configuring, METADATA } from '../support/configuring.js';
import { metadata } from '../support/configuration.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';

const UNIT = '/etc/systemd/system/containerd.service.d';
const CONFIG = '/etc/containerd/config.toml';
const FORWARDING = '/etc/sysctl.d/99-force-bridge-forward.conf';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const CONTENT = { CONTAINERD_CONFIG_CONTENT: base64('version = 2\n'), CONTAINERD_CONFIG_NO_GPU_CONTENT: base64('without drivers\n') };

/** What is configured wherever containerd is. */
const CONFIGURED: FileSpecs = {
  [`${UNIT}/exec_start.conf`]: file('[Service]\nExecStartPost=/sbin/iptables -P FORWARD ACCEPT\nLimitNOFILE=1048576\n'),
  [FORWARDING]: file('net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.forwarding = 1\nnet.ipv6.conf.all.forwarding = 1\nnet.bridge.bridge-nf-call-iptables = 1\n'),
};

describe('containerd', () => {
  it('is configured, and then started without waiting for it', lesson('A16'), async () => {
    const run = await configuring.given({ vars: CONTENT, files: { [CONFIG]: 'of the image' } }).call('ensureContainerd');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ ...CONFIGURED, [CONFIG]: file('version = 2\n') });
    expect(run.calls('systemctl').map(({ args }) => args.join(' '))).toEqual(['daemon-reload', 'restart --no-block containerd', 'enable containerd']);
    expect(run).toHappenBefore(['sysctl', rest], ['systemctl', 'restart', rest]);
    expect(run.stdout).toMatch(/^Generating containerd config\.\.\.\n/);
  });

  it('has the kernel read the one file that was written, and no other', lesson('A16'), async () => {
    const run = await configuring.given({ vars: CONTENT }).call('ensureContainerd');

    expect(run).toSucceed();
    expect(run.calls('sysctl').map(({ args }) => args)).toEqual([['-p', FORWARDING]]);
    expect(run).toHaveCalledTimes('systemctl', 1, 'restart', '--no-block', 'containerd');
    expect(run).toHaveCalledTimes('systemctl', 1, 'enable', 'containerd');
    expect(run).toHaveChangedOnly({ ...CONFIGURED, [CONFIG]: file() });
  });

  it.each([
    ['has drivers', metadata(), 'version = 2\n', 'Generating GPU containerd config...\n'],
    ['refuses drivers by a tag', metadata({ SkipGpuDriverInstall: 'true' }), 'without drivers\n', 'Generating non-GPU containerd config for GPU node due to VM tags\n'],
  ])('is configured for graphics processors where the node %s', async (_, known, text, said) => {
    const run = await configuring.given({ vars: { ...CONTENT, GPU_NODE: 'true' }, files: { [METADATA]: known } }).call('ensureContainerd');

    expect(run).toSucceed();
    expect(run).toHaveFile(CONFIG, text);
    expect(run.stdout).toContain(said);
    expect(run).toHaveCalledInOrder([['sysctl', '-p', FORWARDING], ['systemctl', 'restart', '--no-block', 'containerd'], ['systemctl', 'enable', 'containerd']]);
    expect(run).toHaveChangedOnly({ ...CONFIGURED, [CONFIG]: file() });
  });

  it.each<[string, Record<string, string>, string, string, RegExp, string]>([
    ['the registry of the cluster', { BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER: 'registry.example/mirror', TARGET_CLOUD: 'AzureChinaCloud' }, metadata(), 'mcr.microsoft.com', /host\."https:\/\/registry\.example"\]/, 'configureContainerdRegistryHost'],
    ['China', { TARGET_CLOUD: 'AzureChinaCloud' }, metadata(), 'mcr.azk8s.cn', /host\."https:\/\/mcr\.azure\.cn"\]/, 'configureContainerdLegacyMooncakeMcrHost'],
    ['what a tag takes for China', {}, metadata({ E2EMockAzureChinaCloud: 'true' }), 'mcr.azk8s.cn', /host\."https:\/\/mcr\.azure\.cn"\]/, 'configureContainerdLegacyMooncakeMcrHost'],
  ])('gets images from %s', async (_, vars, known, host, text, name) => {
    const run = await configuring.given({ vars: { ...CONTENT, ...vars }, files: { [METADATA]: known } }).call('ensureContainerd');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ ...CONFIGURED, [CONFIG]: file(), [`/etc/containerd/certs.d/${host}/hosts.toml`]: file(text), ...eventFiles(run) });
    expect(run).toEmit({ TaskName: `AKS.CSE.ensureContainerd.${name}` });
    expect(run).toHaveCalled('sysctl');
    expect(run).toHaveCalled('systemctl');
  });

  it('is not started with a configuration that cannot be read', async () => {
    const run = await configuring.given({ vars: { CONTAINERD_CONFIG_CONTENT: '-' }, files: { [CONFIG]: 'of the image' } }).call('ensureContainerd');

    expect(run).toExit(6);
    expect(run).toPrint(`What should be written to ${CONFIG} is no base64\n`, { on: 'stderr' });
    expect(run).toHaveChangedOnly({ [`${UNIT}/exec_start.conf`]: file() });
    expect(run).not.toHaveCalled('systemctl');
  });

  it('is not started where the kernel does not forward packets', async () => {
    const run = await configuring.given({ vars: CONTENT, stubs: { retrycmd_if_failure: exits(1) } }).call('ensureContainerd');

    expect(run).toExit(103);
    expect(run).toHaveCalledTimes('retrycmd_if_failure', 1, '120', '5', '25', 'sysctl', '-p', FORWARDING);
    expect(run).toHaveChangedOnly({ ...CONFIGURED, [CONFIG]: file() });
    expect(run).not.toHaveCalled('systemctl');
  });

  it('ends the boot when it cannot be started', async () => {
    const run = await configuring.given({ vars: CONTENT, stubs: { systemctlEnableAndStartNoBlock: exits(1) } }).call('ensureContainerd');

    expect(run).toExit(4);
    expect(run).toHaveCalledTimes('systemctlEnableAndStartNoBlock', 1, 'containerd', '30');
    expect(run).toHaveCalled('sysctl');
    expect(run).toHaveChangedOnly({ ...CONFIGURED, [CONFIG]: file() });
  });
});

describe('the limits of containerd', () => {
  it('are written before it is started, so that nobody has to start it again', lesson('A20'), async () => {
    const run = await configuring.given({ vars: { CONTAINERD_ULIMITS: '[Service] LimitNOFILE=1048576 LimitNPROC=infinity' } }).call('configureContainerdUlimits');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [`${UNIT}/set_ulimits.conf`]: file('[Service]\nLimitNOFILE=1048576\nLimitNPROC=infinity\n', { mode: 0o600 }) });
    expect(run).not.toHaveCalled('systemctl');
  });
});

describe('certificates that the node is to trust', () => {
  const vars = { CUSTOM_CA_TRUST_COUNT: '2', CUSTOM_CA_CERT_0: base64('first\n'), CUSTOM_CA_CERT_1: base64('second\n') };

  it('are told to the service that reads them, and containerd is left alone: it starts later', lesson('A20'), async () => {
    const run = await configuring.given({ vars }).call('configureCustomCaCertificate');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/certs/00000000000000cert0.crt': file('first\n'), '/opt/certs/00000000000000cert1.crt': file('second\n') });
    expect(run.calls('systemctl').map(({ args }) => args.join(' '))).toEqual(['restart update_certs.service']);
  });

  it.each([
    ['cannot be read', { vars: { ...vars, CUSTOM_CA_CERT_1: '-' } }],
    ['cannot be told', { vars, stubs: { retrycmd_if_failure: exits(1) } }],
  ])('end the boot when they %s', async (_, given) => {
    const run = await configuring.given(given).given({ allow: { unasserted: { calls: ['retrycmd_if_failure'], changes: ['/opt/certs/**'], stderr: ['is no base64'] } } }).call('configureCustomCaCertificate');

    expect(run).toExit(161);
    expect(run).not.toHaveCalled('systemctl');
  });
});
