import { expect } from 'vitest';
import { file, type Run, type Tree } from 'shellrig';
import { unitsOf } from 'shellrig/systemd';
import { configurationOf } from '../support/configuration.js';
import { eventFiles, EVENTS_DIRECTORY } from '../support/events.js';
import { boot, provisionedAgain } from './boot.js';
import { incompleteEvents } from './complete-events.js';
import type { Boot } from './images.js';
import { nodeIn } from './node-in.js';
import { ORDER, orderIn } from './order.js';
import { storyOf, tasksOf } from './story.js';
import { bootEventOf, implausibleTimes } from './times.js';

const LOG = '/var/log/azure/cluster-provision.log';
const STATUS_LOG = '/var/log/azure/cluster-provision-cse-output.log';
const REPORT = '/var/log/azure/aks/provision.json';

/** Boots a node until it is ready, looks at all that came of it, and runs its command line once more. @returns the boot. */
export async function becomesReady(name: string, { image, node, surroundings, isPrepared, given }: Boot): Promise<Run> {
  const configuration = configurationOf(image, node);
  const prepared = isPrepared && await boot({ ...configuration, preProvisionOnly: true }, surroundings, given);
  if (prepared) await isReadyForAnImage(prepared, name);
  const run = await boot(configuration, surroundings, prepared ? { tree: imageOf(prepared) } : given);

  expect(run.file(LOG).text).toContain('Custom script finished.\n');

  const { kubeletStarted = Infinity, bootstrapped = Infinity, registered = Infinity, ready = Infinity, labels, flags, ...known } = nodeIn(run);
  expect(known.name).toBe('sandbox');
  expect([kubeletStarted, bootstrapped, registered, ready]).toEqual([kubeletStarted, bootstrapped, registered, ready].sort((one, other) => one - other));
  expect(ready).toBeLessThan(Infinity);
  expect(labels).toEqual({ 'kubernetes.io/hostname': 'sandbox', ...configuration.nodeLabels });
  expect(flags).toEqual({
    '--enable-server': 'true', '--v': '2', '--volume-plugin-dir': '/etc/kubernetes/volumeplugins',
    '--kubeconfig': '/var/lib/kubelet/kubeconfig', '--bootstrap-kubeconfig': '/var/lib/kubelet/bootstrap-kubeconfig',
    '--container-runtime-endpoint': 'unix:///run/containerd/containerd.sock', '--runtime-cgroups': '/system.slice/containerd.service', '--runtime-request-timeout': '15m',
    ...configuration.kubeletFlags, '--node-ip': '10.224.0.4', '--node-labels': 'kubernetes.azure.com/mode=system',
  });

  expect(orderIn(run).broken).toEqual([]);
  expect(orderIn(run).kept + (prepared ? orderIn(prepared).kept : 0)).toBeGreaterThanOrEqual(name === 'ubuntu 22.04' ? ORDER.length : 12);
  expect(tasksOf(run).filter((task) => task === 'AKS.CSE.ensureKubelet')).toHaveLength(1);
  expect(run).not.toHaveCalled('sysctl', '--system');
  // Drivers that were installed just now are there for a containerd that starts after that.
  expect(run.calls('systemctl').filter(({ args }) => args.join(' ') === 'restart containerd')).toHaveLength(configuration.gpu ? 1 : 0);

  expect(incompleteEvents(run)).toEqual([]);
  expect(bootEventOf(run)).toMatchObject({ ExitCode: '0', ScriptlessMode: 'none' });
  expect(implausibleTimes(run)).toEqual([]);
  const units = unitsOf(run);
  expect([units.state('containerd'), units.state('kubelet'), units.property('kubelet', 'NRestarts')]).toEqual(['active', 'active', '0']);

  // All that it did: among that each call of systemctl.
  await expect(storyOf(run)).toMatchFileSnapshot(`stories/${name.replaceAll(' ', '-')}.txt`);
  await isLeftAlone(run);
  return run;
}

/** What an image holds that is made of a machine: its events are told, and gone. */
function imageOf({ record }: Run): Tree {
  return new Map([...record.after].filter(([path]) => !path.startsWith(`${EVENTS_DIRECTORY}/`)));
}

/** A machine of which an image can be made: all is there, and it is no node. */
async function isReadyForAnImage(run: Run, name: string): Promise<void> {
  expect(run).toSucceed();
  expect(run.file(LOG).text).toContain('Skipping nodePrep - pre-provision only mode\n');
  expect(run.file('/opt/azure/containers/base_prep.complete').text).toBe('');
  expect(nodeIn(run)).toMatchObject({ kubeletStarted: undefined, registered: undefined });
  expect(unitsOf(run).state('containerd')).toBe('active');
  expect(tasksOf(run)).not.toContain('AKS.CSE.cse_start');
  await expect(storyOf(run)).toMatchFileSnapshot(`stories/${name.replaceAll(' ', '-')}-the-first.txt`);
}

/** A node that was provisioned is not provisioned again: what tells of the boot is told again, and nothing else. */
async function isLeftAlone(booted: Run): Promise<void> {
  const run = await provisionedAgain(booted);

  expect(run).toSucceed();
  expect(run.file(LOG).text).toMatch(/Already ran to success exiting\.\.\.\n\+ exit 0\n$/);
  const newEvents = Object.fromEntries(Object.entries(eventFiles(run)).filter(([path]) => !booted.record.after.has(path)));
  // kubelet is not running then; where it was not yet when that was told of the boot, the same is told again.
  expect(run.file(STATUS_LOG).text).toContain('Active: inactive (dead)');
  const isToldAgain = run.file(STATUS_LOG).text === booted.file(STATUS_LOG).text;
  expect(run).toHaveChangedOnly({ [LOG]: file(), ...(isToldAgain ? {} : { [STATUS_LOG]: file() }), [REPORT]: file(), ...newEvents });
  // By the clock of the second run, which begins anew, its event lies among those of the first.
  expect(tasksOf(run).sort()).toEqual([...tasksOf(booted), 'AKS.CSE.cse_start'].sort());
  expect(run.calls('systemctl').map(({ args: [verb] }) => verb)).toEqual(['status', 'show', 'show']);
  expect(run).toHaveCalledTimes('journalctl', 1);
  expect(run).toHaveCalledTimes('systemd-analyze', 1);
}
