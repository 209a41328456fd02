import { distributionOf } from './images.js';
import type { NodeConfiguration } from './node-configuration.js';

/** Where the scripts that provision a node lie on it. */
export const CONTAINERS_DIRECTORY = '/opt/azure/containers';

/**
 * The scripts that a node runs while it boots, by their paths on it.
 *
 * @returns for `/opt/azure/containers/provision.sh` the path `cse_main.sh`, relative to the folder of the node's scripts
 */
export function scriptsOf({ image }: Pick<NodeConfiguration, 'image'>): Readonly<Record<string, string>> {
  const { folder, name } = distributionOf(image);
  const scripts = {
    'provision_start.sh': 'cse_start.sh',
    'provision.sh': 'cse_main.sh',
    'provision_source.sh': 'cse_helpers.sh',
    'provision_source_distro.sh': `${folder}/cse_helpers_${name}.sh`,
    'provision_installs.sh': 'cse_install.sh',
    'provision_installs_distro.sh': `${folder}/cse_install_${name}.sh`,
    'provision_configs.sh': 'cse_config.sh',
    'validate-kubelet-credentials.sh': 'validate-kubelet-credentials.sh',
    'ensure_imds_restriction.sh': 'ensure_imds_restriction.sh',
    'measure-tls-bootstrapping-latency.sh': 'measure-tls-bootstrapping-latency.sh',
    'ensure-no-dup.sh': 'ensure-no-dup.sh',
    'localdns/localdns.sh': 'localdns.sh',
  };
  return Object.fromEntries(Object.entries(scripts).map(([path, script]) => [`${CONTAINERS_DIRECTORY}/${path}`, script]));
}

/** The units that come with these scripts, each a file of the same folder that lies in `/etc/systemd/system` on a node. */
export const UNITS = [
  'kubelet.service', 'measure-tls-bootstrapping-latency.service', 'ensure-no-dup.service', 'localdns.service', 'secure-tls-bootstrap.service',
] as const;
