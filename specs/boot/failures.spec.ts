import { describe, expect, it } from 'vitest';
import { bash, directory, exits, file, symlink, type Given, type Run, type Shell } from 'shellrig';
import { unitsOf } from 'shellrig/systemd';
import type { ImageName } from '../../artifacts/config/images.js';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { configurationOf } from '../support/configuration.js';
import { EVENTS_DIRECTORY } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { boot, machine } from './boot.js';
import { nodeIn } from './node-in.js';
import type { Surroundings } from './node.js';
import { tasksOf } from './story.js';
import { bootEventOf } from './times.js';

/** On a file system of its own, beside that of the tree. */
const FULL = '/dev/shm/events';
const LOG = '/var/log/azure/cluster-provision.log';
const program = (text: string) => file(`#!/bin/bash\n${text}\n`, { mode: 0o755 });
const DNS: Partial<NodeConfiguration> = { localDns: { corefile: '.:53 {\n}\n', memoryLimit: '128M', cpuLimit: '200.0%' } };

/** Boots a node of which not all is looked at: what is not told here is told by the boots that come off. */
function failing(node: Partial<NodeConfiguration>, surroundings: Surroundings, given: Given, { image = 'ubuntu2404gen2', on = machine }: { readonly image?: ImageName; readonly on?: Shell } = {}): Promise<Run> {
  return boot(configurationOf(image, node), surroundings, { allow: { unasserted: true }, ...given }, on);
}

/** Which end a boot tells, by exit code, report and last event. */
function endOf(run: Run): { readonly exitCode: number; readonly told: string | undefined; readonly task: string | undefined; readonly log: string } {
  return { exitCode: run.exitCode, told: bootEventOf(run)['ExitCode'], task: tasksOf(run).findLast((task) => task.startsWith('AKS.CSE.') && task !== 'AKS.CSE.cse_start'), log: run.file(LOG).text };
}

describe('a boot that fails says why', { timeout: 120_000 }, () => {
  it('where containerd is never ready: 119, as its images get no names', async () => {
    const run = await failing({ cloud: 'AzureChinaCloud', variables: { CSE_MAX_DURATION_SECONDS: '3' } }, {}, { files: { '/usr/bin/containerd': program('sleep infinity') } }, { image: 'ubuntu2204gen2' });

    expect(endOf(run)).toMatchObject({ exitCode: 119, told: '119', task: 'AKS.CSE.ensureContainerd', log: expect.stringContaining('containerd did not become ready\n') });
    expect(run.file('/var/log/azure/containerd-status.log').text).toContain('Active: activating (start)');
    expect(nodeIn(run)).toMatchObject({ kubeletStarted: undefined, registered: undefined });
  });

  it('but not where nothing of it waits for containerd: its start goes on, and with it that of kubelet', async () => {
    const run = await failing({}, {}, { files: { '/usr/bin/containerd': program('sleep infinity') } });

    expect(endOf(run)).toMatchObject({ exitCode: 0, told: '0', task: 'AKS.CSE.cleanUpGPUDrivers' });
    expect(run.file(LOG).text).toMatch(/^containerd is still activating, continuing anyway\.\.\.$[^]*^kubelet is still waiting, continuing anyway\.\.\.$/m);
    expect(bootEventOf(run)).toMatchObject({ KubeletStartTime: '', KubeletReadyTime: '' });
    expect(run.file('/var/log/azure/containerd-status.log').text).toContain('Active: activating (start)');
    expect(nodeIn(run)).toMatchObject({ kubeletStarted: undefined, registered: undefined });
  });

  it('where containerd has failed for good: 4, before kubelet is started', async () => {
    const run = await failing({}, {}, { files: { '/usr/bin/containerd': program('exit 1'), '/etc/systemd/system/containerd.service.d/99-once.conf': '[Service]\nRestart=no\n' } });

    expect(endOf(run)).toMatchObject({ exitCode: 4, told: '4', task: 'AKS.CSE.apiserverCurl', log: expect.stringContaining('containerd is in a failed state\n') });
    expect(run.file('/var/log/azure/containerd-status.log').text).toContain('Active: failed (Result: exit-code)');
    expect(nodeIn(run)).toMatchObject({ kubeletStarted: undefined, registered: undefined });
  });

  it('where kubelet cannot be started: 34', async () => {
    const run = await failing({ variables: { CSE_MAX_DURATION_SECONDS: '15' } }, {}, { files: { '/etc/systemd/system/kubelet.service': symlink('/dev/null') } });

    expect(endOf(run)).toMatchObject({ exitCode: 34, told: '34', task: 'AKS.CSE.ensureKubelet', log: expect.stringContaining('kubelet could not be enqueued for startup\n') });
    expect(run.file('/var/log/azure/kubelet-status.log').text).toContain('Loaded: masked');
    expect(nodeIn(run)).toMatchObject({ kubeletStarted: undefined, registered: undefined });
  });

  it('where kubelet dies while it is activated, until systemd gives it up: 245', lesson('C9'), async () => {
    const run = await failing(DNS, { pace: { containerd: 0.04 }, nameServerFrom: 11_000 }, { files: { '/etc/systemd/system/kubelet.service.d/99-dies.conf': '[Service]\nRestartSec=1\nExecStartPre=\nExecStartPre=/bin/false\n' } });

    expect(endOf(run)).toMatchObject({ exitCode: 245, told: '245', task: 'AKS.CSE.cleanUpGPUDrivers', log: expect.stringContaining('kubelet is in a failed state\n') });
    expect(run.file('/var/log/azure/kubelet-status.log').text).toContain('Active: failed');
    expect(unitsOf(run).property('kubelet', 'Result')).toBe('exit-code');
    expect(nodeIn(run)).toMatchObject({ kubeletStarted: undefined, registered: undefined });
  });

  it('but not where nothing measures: the node is ready, and nothing is told of how long its bootstrapping took', async () => {
    const run = await failing({}, {}, { files: { '/opt/azure/containers/measure-tls-bootstrapping-latency.sh': program('exit 3') } });

    expect(endOf(run)).toMatchObject({ exitCode: 0, told: '0', task: 'AKS.CSE.cleanUpGPUDrivers' });
    expect(unitsOf(run).state('measure-tls-bootstrapping-latency')).toBe('failed');
    expect(tasksOf(run).filter((task) => task.includes('waitForTLSBootstrapping'))).toEqual([]);
    expect(nodeIn(run).ready).toBeGreaterThan(0);
  });

  it('but not where no event can be written: the node is ready, and the report says so', async () => {
    const run = await failing({}, {}, { files: { [EVENTS_DIRECTORY]: symlink('/dev/full') } });

    expect(run).toSucceed();
    expect(run.events).toEqual([]);
    expect(run.file('/var/log/azure/aks/provision.json').text).toContain('"ExitCode":"0"');
    expect(nodeIn(run).ready).toBeGreaterThan(0);
  });

  it('nor where the disk of the events is full', async () => {
    const run = await failing({}, {}, {
      files: { [FULL]: directory(), [EVENTS_DIRECTORY]: symlink(FULL) },
      stubs: { chage: bash('head -c 16M /dev/zero >/dev/shm/filler 2>/dev/null || :') },
    }, { on: machine.with({ limits: { time: '120s', disk: '8MB' } }) });

    expect(run).toSucceed();
    expect(run.events).toEqual([]);
    expect(run.file(LOG).text).toContain('No space left on device');
    expect(run.file('/var/log/azure/aks/provision.json').text).toContain('"ExitCode":"0"');
    expect(run.fs.readdirSync(FULL)).toEqual([]);
    expect(nodeIn(run).ready).toBeGreaterThan(0);
  });

  it('where the API server cannot be reached: 51, before kubelet is started', async () => {
    const run = await failing({}, { cluster: { reachableFrom: Infinity } }, {});

    expect(endOf(run)).toMatchObject({ exitCode: 51, told: '51', task: 'AKS.CSE.apiserverCurl', log: expect.stringContaining('API server connection check code: 51\n') });
    expect(unitsOf(run).state('containerd')).toBe('active');
    expect(nodeIn(run)).toMatchObject({ kubeletStarted: undefined, registered: undefined });
  });

  it('where its time is over: 124, and nothing of it goes on', async () => {
    const run = await failing({ variables: { CSE_TIMEOUT: '20s' } }, { cluster: { reachableFrom: Infinity } }, { allow: { unasserted: true, broken: ['definedExitCodes'] } });

    expect(endOf(run)).toMatchObject({ exitCode: 124, told: '124', task: 'AKS.CSE.apiserverCurl' });
    expect(bootEventOf(run)['E2E']).toBe('20');
    expect(nodeIn(run)).toMatchObject({ kubeletStarted: undefined, registered: undefined });
  });

  it('where the first of two stages fails: with the code of what failed, and no image is made of the machine', lesson('C21'), async () => {
    const run = await failing({ preProvisionOnly: true }, {}, { stubs: { sysctl: exits(1) } });

    expect(endOf(run)).toMatchObject({ exitCode: 103, told: '103', task: 'AKS.CSE.ensureContainerd' });
    expect(run.record.after.has('/opt/azure/containers/base_prep.complete')).toBe(false);
    expect(nodeIn(run)).toMatchObject({ kubeletStarted: undefined, registered: undefined });
  });
});
