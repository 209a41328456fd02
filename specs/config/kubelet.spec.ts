import { describe, expect, it } from 'vitest';
import { bash, directory, exits, file, when, type FileSpecs, type Given } from 'shellrig';
import { configuring, METADATA } from '../support/configuring.js';
import { TOKEN } from '../support/configuration.js';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';

const UNIT = '/etc/systemd/system/kubelet.service.d';
const START_TIME = '/opt/azure/containers/tls-bootstrap-start-time';
const ADDRESS = 'https://cluster.example:443';
const CA = '/etc/kubernetes/certs/ca.crt';

const node = {
  KUBERNETES_VERSION: '1.34.1',
  API_SERVER_NAME: 'cluster.example',
  KUBELET_FLAGS: '--max-pods=110',
  KUBELET_NODE_LABELS: 'kubernetes.azure.com/mode=system',
};
const kubelet = configuring.given({ vars: { ...node, TLS_BOOTSTRAP_TOKEN: TOKEN } });
const withCertificate = configuring.given({ vars: { ...node, TLS_BOOTSTRAP_TOKEN: '' } });

const dropIn = (...assignments: string[]) => file(`[Service]\n${assignments.map((one) => `Environment="${one}"\n`).join('')}`, { mode: 0o600 });

/** What kubelet reads, whoever it shows itself as. */
const CONFIGURED: FileSpecs = {
  '/etc/default/kubelet': file('KUBELET_FLAGS=--max-pods=110 --node-ip=10.224.0.4\nKUBELET_REGISTER_SCHEDULABLE=true\nNETWORK_POLICY=\nKUBELET_IMAGE=\nKUBELET_NODE_LABELS=kubernetes.azure.com/mode=system\n', { mode: 0o600 }),
  [`${UNIT}/10-watchdog.conf`]: file('[Service]\nWatchdogSec=60s\n', { mode: 0o600 }),
  [`${UNIT}/10-ensure-imds-restriction.conf`]: dropIn('PRIMARY_NIC_IP=10.224.0.4', 'ENABLE_IMDS_RESTRICTION=false', 'INSERT_IMDS_RESTRICTION_RULE_TO_MANGLE_TABLE=false'),
  '/var/lib/kubelet': directory({ mode: 0o750 }),
  '/opt/azure/containers/kubelet.sh': file(/168\.63\.129\.16/, { mode: 0o755 }),
};
const BOOTSTRAPPING: FileSpecs = {
  ...CONFIGURED,
  [`${UNIT}/10-credential-validation.conf`]: dropIn(`CREDENTIAL_VALIDATION_KUBE_CA_FILE=${CA}`, `CREDENTIAL_VALIDATION_APISERVER_URL=${ADDRESS}`),
  [`${UNIT}/10-tlsbootstrap.conf`]: dropIn('KUBELET_TLS_BOOTSTRAP_FLAGS=--kubeconfig /var/lib/kubelet/kubeconfig --bootstrap-kubeconfig /var/lib/kubelet/bootstrap-kubeconfig'),
  '/var/lib/kubelet/bootstrap-kubeconfig': file(new RegExp(`server: ${ADDRESS}[^]*token: "${TOKEN}"`), { mode: 0o644 }),
};

const STARTS = ['daemon-reload', 'restart --no-block kubelet', 'enable kubelet'];
const MEASURES = ['daemon-reload', 'restart --no-block measure-tls-bootstrapping-latency', 'enable measure-tls-bootstrapping-latency'];

describe('kubelet that bootstraps with a token', () => {
  it('is configured and started, without waiting for it; then its bootstrapping is measured, from before its start', lesson('A8'), async () => {
    const systemctl = bash(`case "$*" in 'restart --no-block kubelet') cp ${START_TIME} /run/start-time-at-start 2>/dev/null || : ;; esac`);
    const run = await kubelet.given({ stubs: { systemctl } }).call('ensureKubelet');

    expect(run).toSucceed();
    expect(run.calls('systemctl').map(({ args }) => args.join(' '))).toEqual([...STARTS, ...MEASURES]);
    expect(run).toHaveFile('/run/start-time-at-start', '2030-01-01 00:00:00.000\n');
    expect(run).toHaveChangedOnly({ ...BOOTSTRAPPING, [START_TIME]: file('2030-01-01 00:00:00.000\n'), '/run/start-time-at-start': file(), '/var/lib/kubelet/bootstrap-kubeconfig': file(), ...eventFiles(run) });
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['AKS.CSE.ensureKubelet.setKubeletNodeIPFlag', 'AKS.CSE.ensureKubelet.getPrimaryNicIP']);
  });

  it('is not measured where the measurement cannot start, and is there all the same', async () => {
    const failing = when(['kubelet', '240']).exits(0).otherwise(exits(1));
    const run = await kubelet.given({ stubs: { systemctlEnableAndStartNoBlock: failing } }).call('ensureKubelet');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([['systemctlEnableAndStartNoBlock', 'kubelet', '240'], ['systemctlEnableAndStartNoBlock', 'measure-tls-bootstrapping-latency', '30']]);
    expect(run).toPrint('failed to start measure-tls-bootstrapping-latency.service\n', { on: 'stdout' });
    expect(run).toHaveChangedOnly({ ...BOOTSTRAPPING, ...eventFiles(run) });
  });

  it('ends the boot where it cannot be started, with what its journal says, and nothing is measured from then', async () => {
    const run = await kubelet.given({ stubs: { systemctlEnableAndStartNoBlock: exits(1), journalctl: bash('echo journal of kubelet') } }).call('ensureKubelet');

    expect(run).toExit(34);
    expect(run).toHaveCalledTimes('systemctlEnableAndStartNoBlock', 1, 'kubelet', '240');
    expect(run).toHaveCalledTimes('journalctl', 1, '-u', 'kubelet.service', '--no-pager');
    expect(run).toPrint('journal of kubelet\n', { on: 'stdout' });
    expect(run).toHaveChangedOnly({ ...BOOTSTRAPPING, ...eventFiles(run) });
  });
});

describe('kubelet that has a certificate', () => {
  it('is started, and nothing is measured: there is nothing to wait for', lesson('A10'), async () => {
    const run = await withCertificate.call('ensureKubelet');

    expect(run).toSucceed();
    expect(run.calls('systemctl').map(({ args }) => args.join(' '))).toEqual(STARTS);
    expect(run).toHaveChangedOnly({
      ...CONFIGURED,
      [`${UNIT}/10-tlsbootstrap.conf`]: dropIn('KUBELET_TLS_BOOTSTRAP_FLAGS=--kubeconfig /var/lib/kubelet/kubeconfig'),
      '/var/lib/kubelet/kubeconfig': file(new RegExp(`server: ${ADDRESS}[^]*client-certificate: /etc/kubernetes/certs/client.crt\n    client-key: /etc/kubernetes/certs/client.key`), { mode: 0o644 }),
      ...eventFiles(run),
    });
    expect(run.stdout).toContain('generating kubeconfig referencing the provided kubelet client certificate\n');
  });
});

describe('the version of Kubernetes', () => {
  it.each([
    ['1.28.9', false, false],
    ['1.29.0', true, false],
    ['v1.31.9', true, false],
    ['1.32.0', true, true],
  ])('%s says whether kubelet is told its address (%s) and is watched (%s)', async (version, address, watched) => {
    const run = await kubelet.given({ vars: { KUBERNETES_VERSION: version }, allow: { unasserted: true } }).call('ensureKubelet');

    expect(run).toSucceed();
    expect(run.file('/etc/default/kubelet').text.includes(' --node-ip=10.224.0.4\n')).toBe(address);
    expect(run.fs.existsSync(`${UNIT}/10-watchdog.conf`)).toBe(watched);
  });
});

describe('the address of the node', () => {
  const metadataWith = (...addresses: string[]) => JSON.stringify({ network: { interface: [{ ipv4: { ipAddress: [{ privateIpAddress: addresses[0] }] }, ipv6: { ipAddress: addresses[1] ? [{ privateIpAddress: addresses[1] }] : [] } }] } });

  it.each([
    [metadataWith('10.0.0.4', 'fd00::4'), '--max-pods=110 --node-ip=10.0.0.4,fd00::4', ''],
    ['{}', '--max-pods=110', 'the machine\'s metadata tells no address, kubelet finds its own\n'],
  ])('comes from the metadata: %s', async (known, flags, said) => {
    const run = await kubelet.given({ files: { [METADATA]: known } }).call('setKubeletNodeIPFlag');

    expect(run).toSucceed();
    expect(run.variable('KUBELET_FLAGS')).toBe(flags);
    expect(run.stdout).toBe(said);
  });

  it('is told beside flags that hold any character', async () => {
    const run = await kubelet.given({ vars: { KUBELET_FLAGS: '--allowed-unsafe-sysctls=net.*  --node-ip=10.0.0.1' }, files: { '/srv/--allowed-unsafe-sysctls=net.ipv4': '' }, cwd: '/srv' }).call('setKubeletNodeIPFlag');

    expect(run).toSucceed();
    expect(run.variable('KUBELET_FLAGS')).toBe('--allowed-unsafe-sysctls=net.* --node-ip=10.224.0.4');
  });

  it('is told once, however often', async () => {
    const run = await kubelet.call('eval', 'setKubeletNodeIPFlag; setKubeletNodeIPFlag');

    expect(run).toSucceed();
    expect(run.variable('KUBELET_FLAGS')).toBe('--max-pods=110 --node-ip=10.224.0.4');
  });
});

describe('what kubelet takes beside', () => {
  const PROVIDER = '--image-credential-provider-config=/var/lib/kubelet/credential-provider-config.yaml --image-credential-provider-bin-dir=/var/lib/kubelet/credential-provider';

  it.each([
    ['the credential provider', { KUBELET_FLAGS: PROVIDER }, ['configCredentialProvider', 'configureCredentialProvider']],
    ['the credential provider, but only with both flags', { KUBELET_FLAGS: PROVIDER.split(' ')[0]! }, []],
    ['the image of pods, where there is only a registry', { BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER: 'registry.example' }, ['ensurePodInfraContainerImage']],
  ] satisfies [string, Record<string, string>, string[]][])('%s', async (_, vars, wanted) => {
    const names = ['configCredentialProvider', 'configureCredentialProvider', 'ensurePodInfraContainerImage'];
    const machine = configuring.with({ stubs: Object.fromEntries(names.map((name) => [name, exits(0)])) });
    const run = await machine.given({ vars: { ...node, TLS_BOOTSTRAP_TOKEN: TOKEN, ...vars }, allow: { unasserted: { calls: ['systemctl'], changes: true } } }).call('ensureKubelet');

    expect(run).toSucceed();
    expect(names.filter((name) => run.calls(name).length === 1)).toEqual(wanted);
    for (const name of wanted) expect(run).toHappenBefore([name], ['systemctl', 'restart', '--no-block', 'kubelet']);
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toContain('AKS.CSE.ensureKubelet.getPrimaryNicIP');
  });

  it.each([
    ['', ''],
    ['registry.example/mirror', '      - --registry-mirror=mcr.microsoft.com:registry.example\n'],
  ])('the credential provider is asked for the registries of the clouds, with the cluster\'s own %j', async (registry, mirror) => {
    const run = await configuring.given({ vars: { BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER: registry } }).call('configCredentialProvider');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/var/lib/kubelet/credential-provider-config.yaml': file(expect.stringContaining(`    args:\n      - /etc/kubernetes/azure.json\n${mirror}`)) });
  });
});

describe('before kubelet starts', () => {
  it.each<[string, Given['stubs'], string[]]>([
    ['containers are kept from the cloud\'s agent', { iptables: bash('[ "$3" != -C ]') }, ['-C', '-I', '-C', '-I']],
    ['a rule that is there is not there twice', { iptables: exits(0) }, ['-C', '-C']],
  ])('%s', async (_, stubs, commands) => {
    const run = await configuring.given({ stubs: stubs! }).call('eval', '_write_kubelet_firewall && bash /opt/azure/containers/kubelet.sh');

    expect(run).toSucceed();
    expect(run.calls('iptables').map(({ args }) => args[2])).toEqual(commands);
    expect(new Set(run.calls('iptables').map(({ args }) => args.slice(3).join(' ')))).toEqual(new Set([80, 32526].map((port) => `FORWARD -d 168.63.129.16 -p tcp --dport ${port} -j DROP`)));
    expect(run).toHaveFile('/opt/azure/containers/kubelet.sh');
  });
});
