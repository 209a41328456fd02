import { describe, expect, it } from 'vitest';
import { bash, exits } from 'shellrig';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { lesson } from '../support/lesson.js';
import { BASE_IS_PREPARED } from './node.js';
import { functionsOf, lastCallOf, orchestrated } from './orchestrated.js';

/** What every node does before its own part begins, where its image carries all. */
const BASE = [
  'configureAdminUser', 'resolve_packages_source_url', 'configureAzureJson', 'ensureKubeCACert', 'installSecureTLSBootstrapClient', 'configureSSHPubkeyAuth',
  'disableSystemdResolved', 'installNetworkPlugin', 'configureKubeletAndKubectl', 'configureCNI', 'ensureContainerd', 'configureKubeletRuntime', 'ensureSysctl', 'ensureSnapshotUpdate',
];
const NODE = ['configureKubeletServing', 'configureK8s', 'ensureAzureNetworkConfig', 'retrycmd_nslookup', 'checkServiceHealth', 'ensureKubelet', 'configureNodeExporter', 'cleanUpGPUDrivers', 'checkServiceHealth'];

const slow = { timeout: 60_000 };

describe('a node', () => {
  it('is provisioned in this order', slow, async () => {
    const run = await orchestrated('ubuntu2204gen2');

    expect(run).toSucceed();
    expect(functionsOf(run)).toEqual([...BASE, ...NODE]);
    expect(run.calls('checkServiceHealth').map(({ args }) => args[0])).toEqual(['containerd', 'kubelet']);
    expect(run.stdout).toMatch(/Custom script finished\.\n$/);
  });

  it('that wants all there is has kubelet wait for nothing that it does not need', { ...lesson('A17', 'A20'), ...slow }, async () => {
    const run = await orchestrated('ubuntu2204gen2', {
      promiscuousBridge: true, localDns: { corefile: '', memoryLimit: '', cpuLimit: '' }, containerdLimits: { LimitNOFILE: '1' }, trustedCertificates: ['x'], artifactStreaming: true,
      unattendedUpgrades: true, secureTlsBootstrapping: true, cloud: 'AzureChinaCloud', registry: 'registry.example', disableSsh: true,
    });

    expect(run).toSucceed();
    expect(functionsOf(run)).toEqual([
      'configureAdminUser', 'resolve_packages_source_url', 'configureAzureJson', 'ensureKubeCACert', 'installSecureTLSBootstrapClient', 'configureSSHPubkeyAuth', 'disableSSH',
      'configureCustomCaCertificate', 'oras_login_with_kubelet_identity', 'disableSystemdResolved', 'installNetworkPlugin', 'configureKubeletAndKubectl', 'configureCNI',
      'configureContainerdUlimits', 'ensureContainerd', 'retagMCRImagesForChina', 'configureKubeletRuntime', 'ensureSysctl', 'ensureSnapshotUpdate', 'ensureArtifactStreaming',
      'configureKubeletServing', 'configureK8s', 'configureAndStartSecureTLSBootstrapping', 'ensureAzureNetworkConfig', 'retrycmd_nslookup', 'checkServiceHealth', 'checkServiceHealth',
      'ensureKubelet',
      'ensureNoDupOnPromiscuBridge', 'enableLocalDNS', 'configureNodeExporter', 'cleanUpGPUDrivers', 'checkServiceHealth', 'enableUnattendedUpgrades',
    ]);
  });

  it('with graphics processors has them ready before kubelet counts them, and keeps their drivers', slow, async () => {
    const run = await orchestrated('ubuntu2204gen2', { gpu: { driver: 'cuda', driverVersion: '570.1', imageTag: '1', fabricManager: true, instanceProfile: 'MIG1g' } }, { stubs: { shutdown: exits(0) } });

    expect(run).toSucceed();
    expect(functionsOf(run)).toEqual([
      ...BASE, ...NODE.slice(0, 3), 'ensureGPUDrivers', 'installNvidiaFabricManager', 'systemctlEnableAndStart', 'ensureMigPartition', 'configureManagedGPUExperience', ...NODE.slice(3, 7), 'checkServiceHealth',
    ]);
    expect(run).toHaveCalledTimes('systemctlEnableAndStart', 1, 'nvidia-fabricmanager', '30');
    expect(run).toPrint('reboot required, rebooting node in 1 minute\n', { on: 'stdout' });
    expect(run).toHaveCalledTimes('shutdown', 1, '-r', '1');
  });
});

describe('containerd is installed', () => {
  it.each([
    ['not where the image carries it', 'ubuntu2204gen2', {}, false],
    ['where a package of it is asked for, whatever the image carries', 'ubuntu2204gen2', { containerdPackageUrl: 'https://packages.example/containerd.deb' }, true],
    ['where the image carries nothing', 'ubuntu2204custom', {}, true],
    ['not on OS Guard, which nothing is installed on', 'azurelinuxv3osguard', { containerdPackageUrl: 'https://packages.example/containerd.rpm' }, false],
  ] as const)('%s', { ...lesson('A13'), ...slow }, async (_, image, configuration, installed) => {
    const run = await orchestrated(image, { ...configuration, preProvisionOnly: true });

    expect(run).toSucceed();
    expect(run.calls('installContainerRuntime')).toHaveLength(installed ? 1 : 0);
    expect(run.stdout.includes('Skipping installContainerRuntime because containerd is already available\n')).toBe(!installed);
  });
});

/** What fails while the base is prepared, the code with which the provisioning ends, and what else it takes. */
const OF_BASE: readonly (readonly [name: string, code: number, Partial<NodeConfiguration>])[] = [
  ['configureAzureJson', 6, {}],
  ['ensureKubeCACert', 6, {}],
  ['disableSSH', 172, { disableSsh: true }],
  ['configureHTTPProxyCA', 161, { variables: { SHOULD_CONFIGURE_HTTP_PROXY: 'true', SHOULD_CONFIGURE_HTTP_PROXY_CA: 'true' } }],
  ['configureCustomCaCertificate', 161, { trustedCertificates: ['x'] }],
  ['configureKubeletAndKubectl', 204, {}],
  ['search-domains', 80, { variables: { HAS_CUSTOM_SEARCH_DOMAIN: 'true', CUSTOM_SEARCH_DOMAIN_FILEPATH: 'search-domains' } }],
  ['retagMCRImagesForChina', 119, { cloud: 'AzureChinaCloud' }],
  ['configureKubeletRuntime', 6, {}],
  ['ensureSysctl', 103, {}],
  ['ensureArtifactStreaming', 153, { artifactStreaming: true }],
];

const GPU = { driver: 'cuda', driverVersion: '570.1', imageTag: '1' } as const;

/** The same while the node is prepared. */
const OF_NODE: typeof OF_BASE = [
  ['configureK8s', 6, {}],
  ['configureManagedGPUExperience', 123, { gpu: GPU }],
  ['systemctlEnableAndStart', 84, { gpu: { ...GPU, fabricManager: true } }],
  ['should_skip_nvidia_drivers', 224, {}],
  ['retrycmd_nslookup', 52, {}],
  ['checkServiceHealth', 4, {}],
  ['enableLocalDNS', 216, { localDns: { corefile: '', memoryLimit: '', cpuLimit: '' } }],
  ['outbound', 50, { outboundCommand: 'outbound --once' }],
];

describe.each([['base', OF_BASE, {}], ['node', OF_NODE, BASE_IS_PREPARED]])('the %s', (_, failures, files) => {
  it.each(failures)('is not prepared where %s fails: the provisioning ends at once with %d', slow, async (name, code, configuration) => {
    const run = await orchestrated('ubuntu2204gen2', configuration, { files, stubs: { [name]: exits(1) } });

    expect(run).toExit(code);
    expect(run).toHaveCalled(name);
    expect(run).not.toPrint('Custom script finished.', { on: 'stdout' });
    expect(lastCallOf(run)).toBe(name);
  });
});

describe('what only some nodes have', () => {
  it('is a proxy, by which all that follows goes', slow, async () => {
    const run = await orchestrated('ubuntu2204gen2', { preProvisionOnly: true, variables: { PROXY_VARS: 'export https_proxy=http://proxy.example' } }, { stubs: { resolve_packages_source_url: bash('echo "by $https_proxy"') } });

    expect(run).toSucceed();
    expect(run).toPrint('by http://proxy.example\n', { on: 'stdout' });
  });

  it('is a driver that competes for the host\'s clock, where a machine was installed just now', slow, async () => {
    const DRIVER = '/sys/bus/vmbus/drivers/hv_util';
    const run = await orchestrated('ubuntu2204custom', { preProvisionOnly: true }, { files: { [`${DRIVER}/fd149e91-82e0`]: '', [`${DRIVER}/unbind`]: '' } });

    expect(run).toSucceed();
    expect(run).toHaveFile(`${DRIVER}/unbind`, 'fd149e91-82e0\n');
  });
});
