import { environmentOf } from './environment.js';
import type { NodeConfiguration } from './node-configuration.js';
import { CONTAINERS_DIRECTORY } from './scripts.js';

/** How long the machine's first set-up may take before provisioning gives it up, in seconds. */
const CLOUD_INIT_SECONDS = 600;

/**
 * The command line that provisions a node, one line for a shell to run as root: it says in a log when it began and where,
 * waits for what has to come first, and starts the provisioning with the node's environment. It ends with the code of
 * what failed.
 */
export function commandLineOf(node: NodeConfiguration): string {
  const environment = Object.entries(environmentOf(node)).map(([name, value]) => `${name}=${quoted(value)}`);
  return [
    'echo "$(date),$(hostname)" > /var/log/azure/cluster-provision-cse-output.log;',
    ...(node.waitForCloudInit ? [`timeout ${CLOUD_INIT_SECONDS} cloud-init status --wait > /dev/null 2>&1 || exit;`] : []),
    ...(node.customCloud ? [`/bin/bash ${quoted(node.customCloud.initScript)} >> /var/log/azure/cluster-provision.log 2>&1 || exit;`] : []),
    ...environment,
    `/usr/bin/nohup /bin/bash -c "/bin/bash ${CONTAINERS_DIRECTORY}/provision_start.sh"`,
  ].join(' ');
}

/** The text as one word of a shell, whatever it holds. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll('\'', String.raw`'\''`)}'`;
}
