import { exits, type Given, type Run, type Stub } from 'shellrig';
import main from '#node/cse_main.sh';
import type { ImageName } from '../../artifacts/config/images.js';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { configurationOf } from '../support/configuration.js';
import { nodeOf } from './node.js';

/** What the provisioning has other functions do: what they do is for their own specs, here only whether and when. */
const FUNCTIONS = [
  'aptmarkWALinuxAgent', 'configureAdminUser', 'resolve_packages_source_url', 'configureAzureJson', 'ensureKubeCACert', 'installSecureTLSBootstrapClient',
  'configureSSHPubkeyAuth', 'disableSSH', 'configureHTTPProxyCA', 'configureEtcEnvironment', 'configureCustomCaCertificate', 'oras_login_with_kubelet_identity',
  'disableSystemdResolved', 'installDeps', 'installContainerRuntime', 'installNetworkPlugin', 'configureKubeletAndKubectl', 'configureCNI', 'ensureDHCPv6',
  'configureSystemdUseDomains', 'configureContainerdUlimits', 'ensureContainerd', 'configureMessageOfTheDay', 'retagMCRImagesForChina', 'configPrivateClusterHosts',
  'configureTransparentHugePage', 'configureSwapFile', 'configureKubeletRuntime', 'ensureSysctl', 'ensureSnapshotUpdate', 'ensureArtifactStreaming',
  'configureKubeletServing', 'configureK8s', 'configureAndStartSecureTLSBootstrapping', 'ensureAzureNetworkConfig', 'ensureGPUDrivers', 'installNvidiaFabricManager',
  'systemctlEnableAndStart', 'systemctlDisableAndStop', 'ensureMigPartition', 'configureManagedGPUExperience', 'setupAmdAma', 'retrycmd_nslookup',
  'checkServiceHealth', 'ensureKubelet', 'ensureNoDupOnPromiscuBridge', 'enableLocalDNS', 'configureNodeExporter', 'cleanUpGPUDrivers', 'enableUnattendedUpgrades',
];

/** Provisions a node whose functions all succeed and do nothing. */
export function orchestrated(image: ImageName, configuration: Partial<NodeConfiguration> = {}, given: Given = {}): Promise<Run> {
  const stubs: Record<string, Stub> = { '/opt/bin/kubelet': exits(0), ...Object.fromEntries(FUNCTIONS.map((name) => [name, exits(0)])) };
  return nodeOf(configurationOf(image, configuration))
    .with({ stubs, allow: { unasserted: true } })
    .given(given)
    .exec(main);
}

/** The functions that a run called, in their order, but for what runs beside it. */
export function functionsOf(run: Run): string[] {
  return run.record.calls.map(({ name }) => name).filter((name) => FUNCTIONS.includes(name) && name !== 'aptmarkWALinuxAgent');
}

/** The function or program that a run called last, but for what runs beside it. */
export function lastCallOf(run: Run): string | undefined {
  return run.record.calls.map(({ name }) => name).findLast((name) => !['aptmarkWALinuxAgent', 'mandb', '/opt/bin/kubelet'].includes(name));
}
