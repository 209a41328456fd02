import { describe, expect, it } from 'vitest';
import { removed } from 'shellrig';
import { mariner, osguard } from '../support/azure-linux.js';
import { ubuntu } from '../support/ubuntu.js';

const GONE = [
  '/usr/local/nvidia', '/opt/gpu', '/opt/nvidia-device-plugin', '/opt/datacenter-gpu-manager-4-core',
  '/opt/datacenter-gpu-manager-4-proprietary', '/opt/dcgm-exporter',
];
const files = Object.fromEntries([...GONE, '/opt/gpu-tools', '/opt/dcgm-exporter-2'].map((path) => [`${path}/downloads/file`, 'content']));

describe.each([['Ubuntu', ubuntu], ['Azure Linux', mariner]] as const)('cleanUpGPUDrivers on %s', (_, shell) => {
  it('removes what an image carries for GPUs, and nothing else', async () => {
    const run = await shell.given({ files }).call('cleanUpGPUDrivers');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly(Object.fromEntries(GONE.map((path) => [path, removed])));
  });

  it('has nothing to do on an image without', async () => {
    const run = await shell.call('cleanUpGPUDrivers');

    expect(run).toSucceed();
    expect(run).not.toHaveChanged();
  });
});

describe('cleanUpGPUDrivers', () => {
  it('looks for packages where RPM_PACKAGE_CACHE_BASE_DIR says', async () => {
    const run = await mariner
      .given({ vars: { RPM_PACKAGE_CACHE_BASE_DIR: '/cache' }, files: { '/cache/dcgm-exporter/file': 'content', '/opt/dcgm-exporter/file': 'content' } })
      .call('cleanUpGPUDrivers');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/cache/dcgm-exporter': removed });
  });

  it('on OS Guard has nothing that it could remove, as the system is read-only', async () => {
    const run = await osguard.given({ files }).call('cleanUpGPUDrivers');

    expect(run).toSucceed();
    expect(run.stdout).toBe('cleanUpGPUDrivers stub\n');
    expect(run).not.toHaveChanged();
  });
});
