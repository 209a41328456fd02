import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash, defineShell, exits, file, takes } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import { commandLineOf } from '../../artifacts/config/command-line.js';
import { containerdConfig } from '../../artifacts/config/containerd.js';
import { environmentOf } from '../../artifacts/config/environment.js';
import { distributionOf, IMAGES, osRelease, type ImageName } from '../../artifacts/config/images.js';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { scriptsOf } from '../../artifacts/config/scripts.js';
import { configurationOf, TOKEN } from '../support/configuration.js';

const START = '/opt/azure/containers/provision_start.sh';
const LOG = '/var/log/azure/cluster-provision-cse-output.log';
const text = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64').toString();

/** The nodes whose environment is kept: one of each image, and each that is configured in a way of its own. */
const NODES: Readonly<Record<string, NodeConfiguration>> = {
  ...Object.fromEntries((Object.keys(IMAGES) as ImageName[]).map((name) => [name, configurationOf(name)])),
  'gpu': configurationOf('ubuntu2204gen2', { gpu: { driver: 'cuda', driverVersion: '570.1', imageTag: '20260101', fabricManager: true, instanceProfile: 'MIG1g' } }),
  'china': configurationOf('ubuntu2404gen2', { cloud: 'AzureChinaCloud' }),
  'registry': configurationOf('azurelinuxv3gen2', { registry: 'registry.example' }),
  'certificate': configurationOf('ubuntu2204gen2', { credentials: { clientCertificate: 'certificate\n', clientKey: 'key\n' } }),
  'pre-provisioned': configurationOf('ubuntu2404gen2', { preProvisionOnly: true }),
  'everything': configurationOf('ubuntu2204gen2', {
    kubernetesVersion: 'v1.33.9', networkPlugin: 'kubenet', networkPolicy: 'calico', promiscuousBridge: true, artifactStreaming: true, secureTlsBootstrapping: true,
    servingCertificateRotation: true, imdsRestriction: true, disableSsh: true, unattendedUpgrades: true, kubeletConfig: { kind: 'KubeletConfiguration' },
    kubernetesSource: { url: 'https://packages.example/node.tar.gz', customUrl: 'https://packages.example/custom.tar.gz', privateUrl: 'https://packages.example/private.tar.gz' },
    credentialProviderUrl: 'https://packages.example/provider.tar.gz', containerdPackageUrl: 'https://packages.example/containerd.deb', containerdLimits: { LimitNOFILE: '1048576' },
    localDns: { corefile: '.:53 {\n}\n', memoryLimit: '128M', cpuLimit: '200.0%' }, trustedCertificates: ['first\n', 'second\n'], outboundCommand: 'curl -v https://packages.example',
    identity: { tenant: 'tenant', subscription: 'subscription', resourceGroup: 'nodes', location: 'westus', userAssigned: 'identity' },
    customCloud: { initScript: '/opt/azure/containers/init-custom-cloud.sh' }, waitForCloudInit: true, variables: { ADMINUSER: 'somebody else\'s' },
  }),
};

describe.each(Object.entries(NODES))('the node %s', (name, node) => {
  it('is provisioned with this environment, which is kept to be compared', async () => {
    const lines = Object.entries(environmentOf(node)).map(([variable, value]) => `${variable}=${value}\n`);

    await expect(lines.join('')).toMatchFileSnapshot(`environments/${name}.txt`);
  });
});

/** A node on which what starts the provisioning says what it was given. */
const machine = defineShell({
  files: { [START]: 'env -0 | sort -z >/run/environment\nexit "${EXIT:-0}"\n', '/var/log/azure/file': '' },
  stubs: { 'hostname': bash('echo node-0'), 'cloud-init': exits(0) },
});

describe('the command line', () => {
  it.each(Object.entries(NODES))('of the node %s is one line, and gives the provisioning all of the environment', async (_, node) => {
    const line = commandLineOf({ ...node, waitForCloudInit: false, customCloud: undefined } as unknown as NodeConfiguration);
    const run = await machine.call('bash', '-c', line);

    expect(run).toSucceed();
    expect(line).not.toContain('\n');
    const given = new Map(run.file('/run/environment').text.split('\0').map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
    expect(Object.fromEntries(given)).toMatchObject(environmentOf(node));
    expect(run).toHaveChangedOnly({ '/run/environment': file(), [LOG]: file(/^.* 2030,node-0\n$/) });
    expect(run).toHaveCalledTimes('hostname', 1);
  });

  it('ends with the code of the provisioning', async () => {
    const run = await machine.call('bash', '-c', commandLineOf(configurationOf('ubuntu2204gen2', { variables: { EXIT: '52' } })));

    expect(run).toExit(52);
    expect(run).toHaveFile('/run/environment');
    expect(run).toHaveFile(LOG);
    expect(run).toHaveCalledTimes('hostname', 1);
  });

  it('waits for the machine\'s own set-up first, and ends as that fails', async () => {
    const line = commandLineOf(configurationOf('ubuntu2204gen2', { waitForCloudInit: true }));
    const run = await machine.given({ stubs: { 'cloud-init': exits(1) } }).call('bash', '-c', line);

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('cloud-init', 1, 'status', '--wait');
    expect(run).toHaveChangedOnly({ [LOG]: file() });
    expect(run).toHaveCalledTimes('hostname', 1);
  });

  it('does not wait for it for ever', async () => {
    const run = await machine.given({ stubs: { 'cloud-init': takes('1h') } }).call('bash', '-c', commandLineOf(configurationOf('ubuntu2204gen2', { waitForCloudInit: true })));

    expect(run).toExit(124);
    expect(run.record.duration).toBe(600_000);
    expect(run).toHaveCalledTimes('cloud-init', 1);
    expect(run).toHaveChangedOnly({ [LOG]: file() });
    expect(run).toHaveCalledTimes('hostname', 1);
  });

  it('has a cloud of one\'s own set up before', async () => {
    const line = commandLineOf(configurationOf('ubuntu2204gen2', { customCloud: { initScript: '/opt/init.sh' } }));
    const run = await machine.given({ files: { '/opt/init.sh': 'echo no such cloud; exit 3' } }).call('bash', '-c', line);

    expect(run).toExit(3);
    expect(run).toHaveChangedOnly({ [LOG]: file(), '/var/log/azure/cluster-provision.log': file('no such cloud\n') });
    expect(run).toHaveCalledTimes('hostname', 1);
  });
});

describe('the environment', () => {
  it('says how kubelet comes to a certificate: by a token, or by one that is given', () => {
    const [token, certificate] = [environmentOf(configurationOf('ubuntu2204gen2')), environmentOf(NODES['certificate']!)];

    expect([token['TLS_BOOTSTRAP_TOKEN'], token['KUBELET_CLIENT_CONTENT']]).toEqual([TOKEN, '']);
    expect([certificate['TLS_BOOTSTRAP_TOKEN'], text(certificate['KUBELET_CLIENT_CONTENT']), text(certificate['KUBELET_CLIENT_CERT_CONTENT'])]).toEqual(['', 'key\n', 'certificate\n']);
  });

  it('has containerd configured without drivers too, where graphics processors may have none', () => {
    const { CONTAINERD_CONFIG_CONTENT, CONTAINERD_CONFIG_NO_GPU_CONTENT } = environmentOf(NODES['gpu']!);

    expect(text(CONTAINERD_CONFIG_CONTENT)).toContain('default_runtime_name = "nvidia-container-runtime"\n');
    expect(text(CONTAINERD_CONFIG_NO_GPU_CONTENT)).toBe(containerdConfig(configurationOf('ubuntu2204gen2')));
    expect(containerdConfig(configurationOf('marinerv2katagen2'))).toContain('runtime_type = "io.containerd.kata.v2"\n');
  });
});

describe('the images', () => {
  it.each(Object.entries(IMAGES))('%s is of the system that its name tells, and says so', (name, image) => {
    const system = /^(ubuntu|azurelinux|mariner|flatcar|acl)/.exec(name)?.[1];
    const words = { ubuntu: 'Ubuntu', azurelinux: 'Azure Linux', mariner: 'Mariner', flatcar: 'Flatcar', acl: 'Azure Container Linux' };

    expect(image.os).toBe(system);
    expect(image.description).toContain(words[image.os]);
    expect(image.arch).toBe(name.endsWith('arm64') ? 'arm64' : 'amd64');
    expect(image.description.includes('arm64')).toBe(name.endsWith('arm64'));
  });

  it.each(Object.entries(IMAGES))('%s is told by its own scripts for what it is', async (_, image) => {
    const shell = defineShell({ source: [helpers], files: { '/etc/os-release': osRelease(image) } });
    const tests = { ubuntu: 'isUbuntu', azurelinux: 'isAzureLinux', mariner: 'isMariner', flatcar: 'isFlatcar', acl: 'isACL' };
    const run = await shell.call(tests[image.os]);

    expect(run).toSucceed();
    const { folder, name } = distributionOf(image);
    for (const kind of ['helpers', 'install']) {
      const script = `${folder}/cse_${kind}_${name}.sh`;
      expect(Object.values(scriptsOf({ image }))).toContain(script);
      expect(existsSync(join(dirname(helpers), script))).toBe(true);
    }
  });
});
