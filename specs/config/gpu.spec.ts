import { describe, expect, it } from 'vitest';
import { directory, exits, rest, returns, when, type Given } from 'shellrig';
import { configuring, configuringAzureLinux, METADATA } from '../support/configuring.js';
import { metadata } from '../support/configuration.js';
import { eventsOf } from '../support/events.js';

const DRIVERS = { GPU_DRIVER_TYPE: 'grid', GPU_DRIVER_VERSION: '570.1', GPU_IMAGE_SHA: '20260101' };
const IMAGE = 'mcr.microsoft.com/aks/aks-gpu-grid:570.1-20260101';
const works = { 'nvidia-modprobe': exits(0), 'nvidia-smi': exits(0), 'ldconfig': exits(0) };

describe('the drivers of graphics processors', () => {
  it('come out of an image of containerd on Ubuntu, and are proved to work before containerd is started with them', async () => {
    const run = await configuring.given({ vars: DRIVERS, stubs: works }).call('configGPUDrivers');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([
      ['ctr', '-n', 'k8s.io', 'image', 'pull', IMAGE],
      ['ctr', '-n', 'k8s.io', 'run', '--privileged', '--rm', '--net-host', '--with-ns', 'pid:/proc/1/ns/pid', '--mount', 'type=bind,src=/opt/gpu,dst=/mnt/gpu,options=rbind', '--mount', 'type=bind,src=/opt/actions,dst=/mnt/actions,options=rbind', IMAGE, 'gpuinstall', '/entrypoint.sh', 'install'],
      ['ctr', '-n', 'k8s.io', 'images', 'rm', '--sync', IMAGE],
      ['nvidia-modprobe', '-u', '-c0'], ['nvidia-smi'], ['ldconfig'],
      ['systemctl', 'restart', 'containerd'], ['systemctl', 'enable', 'containerd'], ['systemctl', 'restart', 'node-problem-detector'],
    ]);
    expect(run.calls('ctr')).toHaveLength(4);
    expect(run).toHaveChangedOnly({ '/opt/gpu': directory(), '/opt/actions': directory() });
  });

  it('are packages on Azure Linux, one for each kernel', async () => {
    const run = await configuringAzureLinux.given({ stubs: { ...works, dnf: exits(0), uname: returns('6.6.1-2.azl3\n') } }).call('configGPUDrivers');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([
      ['dnf', 'install', '-y', 'cuda-*6.6.1.2.azl3.*'], ['dnf', 'install', '-y', 'nvidia-container-toolkit'], ['systemctl', 'restart', 'nvidia-persistenced'], ['systemctl', 'enable', 'nvidia-persistenced'],
      ['nvidia-modprobe', '-u', '-c0'], ['nvidia-smi'], ['ldconfig'], ['systemctl', 'restart', 'containerd'], ['systemctl', 'enable', 'containerd'], ['systemctl', 'restart', 'node-problem-detector'],
    ]);
    expect(run).not.toHaveCalled('ctr');
  });

  it.each([['downloadGPUDrivers'], ['installNvidiaContainerToolkit'], ['installNvidiaFabricManager'], ['setupAmdAma']])('end the boot with 85 where there is no package of them on Azure Linux: %s', async (name) => {
    const run = await configuringAzureLinux.given({ stubs: { retryWithMakecache: exits(1) } }).call(name);

    expect(run).toExit(85);
    expect(run).toHaveCalledTimes('retryWithMakecache', 1, 'dnf', '30', '1', '600', 'install', '-y', rest);
  });

  it.each<[string, Given, number]>([
    ['the system has no way to install them', { vars: { OS: 'FLATCAR' } }, 84],
    ['they cannot be pulled', { stubs: { waitForContainerdReady: exits(0), retrycmd_if_failure: exits(1) } }, 84],
    ['containerd cannot be started with them', { stubs: { validateGPUDrivers: exits(0), systemctlEnableAndStart: exits(1), ldconfig: exits(0) } }, 85],
  ])('end the boot where %s', async (_, given, code) => {
    const run = await configuring.given({ vars: DRIVERS, allow: { unasserted: true } }).given(given).call('configGPUDrivers');

    expect(run).toExit(code);
  });

  it.each([['nvidia-modprobe'], ['nvidia-smi']])('end the boot with 84 where %s says that they do not work', async (program) => {
    const run = await configuring.given({ stubs: { ...(program === 'nvidia-smi' ? { 'nvidia-modprobe': exits(0) } : {}), [program]: exits(9) }, allow: { unasserted: { calls: ['nvidia-modprobe'] } } }).call('validateGPUDrivers');

    expect(run).toExit(84);
    expect(run).toHaveCalledTimes(program, 24);
    expect(run).toHaveSleptTimes('5s', 23);
    expect(run).toPrint('24 times; giving up (last exit status: 9).\n', { on: 'stderr' });
  });

  it.each([
    ['are installed', { CONFIG_GPU_DRIVER_IF_NEEDED: 'true', ENABLE_GPU_DEVICE_PLUGIN_IF_NEEDED: 'true' }, 'configGPUDrivers', ['nvidia-device-plugin', 'nvidia-modprobe']],
    ['of the image are looked at', {}, 'validateGPUDrivers', ['nvidia-modprobe']],
    ['of the image are looked at, on Azure Linux', { OS: 'AZURELINUX' }, 'validateGPUDrivers', []],
  ])('%s', async (_, vars, name, services) => {
    const run = await configuring.given({ vars, stubs: { [name]: exits(0) } }).call('ensureGPUDrivers');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes(name, 1);
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual([`AKS.CSE.ensureGPUDrivers.${name}`]);
    expect(run.calls('systemctl').map(({ args }) => args).filter(([verb]) => verb === 'restart').map(([, unit]) => unit)).toEqual(services);
  });

  it('are none on arm64', async () => {
    const run = await configuring.given({ vars: { CPU_ARCH: 'arm64' } }).call('ensureGPUDrivers');

    expect(run).toSucceed();
    expect(run.stdout).toBe('there are no drivers of graphics processors for arm64\n');
    expect(run).not.toHaveChanged();
  });
});

describe('what the cluster manages of graphics processors', () => {
  const MANAGED = ['nvidia-device-plugin', 'nvidia-dcgm', 'nvidia-dcgm-exporter'];
  const there = when(['list-units', '--full', '--all']).returns(MANAGED.map((name) => `  ${name}.service loaded active running x\n`).join('')).otherwise(exits(0));
  const states = (verb: string) => (run: { calls: (name: string) => readonly { args: readonly string[] }[] }) => run.calls('systemctl').filter(({ args }) => args[0] === verb).map(({ args }) => args[1]);

  it.each([
    ['is started where a tag asks for it', { EnableManagedGPUExperience: 'true' }, {}, MANAGED, []],
    ['is stopped where none does', {}, {}, [], MANAGED],
    ['is stopped where none does, but for the plugin that the node is to have', {}, { ENABLE_GPU_DEVICE_PLUGIN_IF_NEEDED: 'true' }, [], MANAGED.slice(1)],
  ])('%s', async (_, tags, vars, started, stopped) => {
    const run = await configuring.given({ vars, files: { [METADATA]: metadata(tags) }, stubs: { systemctl: there } }).call('configureManagedGPUExperience');

    expect(run).toSucceed();
    expect([states('restart')(run), states('stop')(run)]).toEqual([started, stopped]);
  });

  it('is a failure where it cannot be started, and ends the boot with 230 where nobody can tell whether it is wanted', async () => {
    const failed = await configuring.given({ files: { [METADATA]: metadata({ EnableManagedGPUExperience: 'true' }) }, stubs: { systemctlEnableAndStart: exits(1) } }).call('configureManagedGPUExperience');
    expect(failed).toExit(1);
    expect(failed).toHaveCalledTimes('systemctlEnableAndStart', 1, 'nvidia-device-plugin', '30');

    const run = await configuring.given({ files: { [METADATA]: 'no JSON' } }).call('configureManagedGPUExperience');
    expect(run).toExit(230);
    expect(run.stderr).toContain('Invalid literal');
  });
});

describe('an accelerator for media', () => {
  it.each([['Standard_NM16ads_MA35D', 0], ['Standard_D4ds_v5', 1]])('is what a machine of size %s has: %d', async (size, code) => {
    const run = await configuring.given({ files: { [METADATA]: metadata({}, size) } }).call('isAmdAmaEnabledNode');

    expect(run).toExit(code);
  });

  it('has no drivers where there is no dnf', async () => {
    const run = await configuring.call('setupAmdAma');

    expect(run).toSucceed();
    expect(run.stdout).toBe('there are no drivers of the accelerator for this system\n');
  });
});

describe('an accelerator on Azure Linux', () => {
  it('gets its drivers', async () => {
    const run = await configuringAzureLinux.given({ stubs: { dnf: exits(0) } }).call('setupAmdAma');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([['dnf', 'install', '-y', 'amd-ama-driver', 'amd-ama-core'], ['modprobe', 'ama_transcoder']]);
  });
});
