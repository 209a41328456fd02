import { defineShell, file, fileFrom, handle, returns, type FileSpecs, type Run, type Stub } from 'shellrig';
import { noLeftovers } from 'shellrig/invariants';
import start from '#node/cse_start.sh';
import { eventFiles, events, eventsOf, type AgentEvent } from '../support/events.js';

export const CONTAINERS = '/opt/azure/containers';
export const LOG = '/var/log/azure/cluster-provision.log';
export const STATUS_LOG = '/var/log/azure/cluster-provision-cse-output.log';
export const REPORT = '/var/log/azure/aks/provision.json';
export const COMPLETE = `${CONTAINERS}/provision.complete`;

/** What is reported, by member. */
export type Report = Readonly<Record<string, string>> & { readonly BootDatapoints?: Readonly<Record<string, string>> };

/**
 * systemctl on a node whose units were started so: by name, as systemd prints a time. It has one block for each unit
 * that is asked for, in that order, whether there is such a unit or not (systemctl(1)).
 */
export function systemctl(starts: Readonly<Record<string, string>>, kernel = 'Mon 2029-12-31 23:59:41 UTC'): Stub {
  return handle(({ args }) => {
    const [verb, second, property, ...others] = args;
    if (verb === 'status' && second === 'kubelet') return '* kubelet.service\n     Active: active (running)\n';
    if (verb !== 'show' || second !== '-p') return 99;
    if (property === 'KernelTimestamp' && others.join() === '--value') return `${kernel}\n`;
    return others.map((unit) => `${property}=${starts[unit.replace('.service', '')] ?? ''}\n`).join('\n');
  });
}

/** When the units of {@link node} were started, as systemd prints it. */
const STARTS = {
  'cloud-init-local': 'Mon 2029-12-31 23:59:44 UTC',
  'systemd-networkd': 'Mon 2029-12-31 23:59:46 UTC',
  'cloud-init': 'Mon 2029-12-31 23:59:48 UTC',
  'walinuxagent': 'Mon 2029-12-31 23:59:52 UTC',
  'cloud-final': 'Mon 2029-12-31 23:59:54 UTC',
  'kubelet': 'Tue 2030-01-01 00:00:19 UTC',
};

/** What kubelet writes into its journal when the node is ready, here 20.789 s after the start. */
export const READY = '1893456020.789456 node-0 kubelet[812]: I0101 00:00:20.789 kubelet_node_status.go:696] "Recording event message for node" node="node-0" event="NodeReady"\n';

/**
 * A node that is provisioned as `PROVISIONING` says (provisioning.sh), from 2030-01-01 00:00:00 on:
 * `provisioned('end_after 5 0')`. Its systemd answers as on a node where all went well.
 */
export const node = defineShell({
  files: { [`${CONTAINERS}/provision.sh`]: fileFrom('./provisioning.sh') },
  env: { PROVISIONING: 'succeed' },
  stubs: {
    'systemctl': systemctl(STARTS),
    'systemd-analyze': returns('Startup finished in 2.104s (kernel) + 17.412s (userspace) = 19.516s\ngraphical.target reached after 17.3s in userspace\n'),
    'journalctl': returns(`1893456019.100000 node-0 systemd[1]: Started kubelet.service\n${READY}1893456050.000000 node-0 kubelet[812]: event="NodeReady"\n`),
  },
  // What systemd answers is looked at in what is made of it.
  allow: { unasserted: { calls: ['systemctl', 'systemd-analyze', 'journalctl'] } },
  events,
  invariants: [noLeftovers()],
});

/** @param how a function of provisioning.sh, with its arguments. @param shell by default {@link node}. */
export function provisioned(how: string, given: Parameters<typeof node.given>[0] = {}, shell = node): Promise<Run> {
  return shell.given({ ...given, env: { ...given.env, PROVISIONING: how } }).exec(start);
}

/** The report that a run wrote to its file, having looked that it is what was printed. @throws Error where it is not one line of JSON, or was not printed. */
export function reportOf(run: Run): Report {
  const { text } = run.file(REPORT);
  if (text !== run.stdout || text.indexOf('\n') !== text.length - 1) throw new Error(`not one line that was printed too: ${text}`);
  return JSON.parse(text) as Report;
}

/** The one event of a run, and what its message says. @throws Error when there are none or several. */
export function eventOf(run: Run): AgentEvent & { readonly message: Report } {
  const [event, ...others] = eventsOf(run);
  if (!event || others.length > 0) throw new Error(`expected one event, the run emitted ${run.events.length}`);
  return { ...event, message: JSON.parse(event.Message) as Report };
}

/** All that a run changes on a node that is provisioned in one stage, and what it did beside. */
export function changesOf(run: Run, beside: FileSpecs = {}): FileSpecs {
  return { [LOG]: file(), [STATUS_LOG]: file(), [REPORT]: file(), [COMPLETE]: file(''), ...eventFiles(run), ...beside };
}
