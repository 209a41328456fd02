import { symlink, type FileSpecs } from 'shellrig';
import { IMAGES, osRelease, type ImageName } from '../../artifacts/config/images.js';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { scriptsOf, UNITS } from '../../artifacts/config/scripts.js';
import { componentsFile } from './components.js';
import { SCRIPTS } from './scripts.js';

/** The certificate of a cluster's authority; nobody looks into it. */
const CLUSTER_CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** The token by which kubelet bootstraps. */
export const TOKEN = 'abcdef.0123456789abcdef';

/** A node of an image as most are: one of a cluster in the public cloud, whose kubelet bootstraps with a token. */
export function configurationOf(image: ImageName, node: Partial<NodeConfiguration> = {}): NodeConfiguration {
  return {
    image: IMAGES[image],
    cloud: 'AzurePublicCloud',
    kubernetesVersion: '1.34.1',
    apiServer: { name: 'cluster.example', certificateAuthority: CLUSTER_CERTIFICATE },
    credentials: { token: TOKEN },
    kubeletFlags: { '--cloud-provider': 'external', '--max-pods': '110' },
    nodeLabels: { 'kubernetes.azure.com/mode': 'system' },
    networkPlugin: 'azure',
    identity: { tenant: 'tenant', subscription: 'subscription', resourceGroup: 'nodes', location: 'westus' },
    sysctl: { 'net.core.somaxconn': '16384' },
    ...node,
  };
}

/**
 * What an image has before its node is provisioned: who it is, the scripts and the units, where they lie there. What starts
 * the provisioning is not among them: a spec starts it itself. All are links to the scripts in use, whichever these are.
 */
export function imageFiles(node: Pick<NodeConfiguration, 'image'>): FileSpecs {
  const scripts = Object.entries(scriptsOf(node)).filter(([, script]) => script !== 'cse_start.sh');
  return {
    '/etc/os-release': osRelease(node.image),
    ...componentsFile({}),
    ...(node.image.golden ? { '/opt/azure/vhd-install.complete': '' } : {}),
    ...Object.fromEntries(scripts.map(([path, script]) => [path, symlink(`${SCRIPTS}/${script}`)])),
    ...Object.fromEntries(UNITS.map((unit) => [`/etc/systemd/system/${unit}`, symlink(`${SCRIPTS}/${unit}`)])),
  };
}

/** What the cloud says of a machine, as its metadata service answers. */
export function metadata(tags: Readonly<Record<string, string>> = {}, vmSize = 'Standard_D4ds_v5'): string {
  return JSON.stringify({
    compute: { name: 'node-0', vmSize, tagsList: Object.entries(tags).map(([name, value]) => ({ name, value })) },
    network: { interface: [{ ipv4: { ipAddress: [{ privateIpAddress: '10.224.0.4' }] }, ipv6: { ipAddress: [] } }] },
  });
}
