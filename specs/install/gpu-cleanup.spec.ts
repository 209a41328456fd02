import { describe, expect, it } from 'vitest';
import { removed } from 'shellrig';
import { ubuntu } from '../support/ubuntu.js';

describe('cleanUpGPUDrivers', () => {
  it('removes what an image carries for GPUs, and nothing else', async () => {
    const gone = [
      '/usr/local/nvidia', '/opt/gpu', '/opt/nvidia-device-plugin', '/opt/datacenter-gpu-manager-4-core',
      '/opt/datacenter-gpu-manager-4-proprietary', '/opt/dcgm-exporter',
    ];
    const files = Object.fromEntries([...gone, '/opt/gpu-tools', '/opt/dcgm-exporter-2'].map((path) => [`${path}/downloads/file`, 'content']));
    const run = await ubuntu.given({ files }).call('cleanUpGPUDrivers');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly(Object.fromEntries(gone.map((path) => [path, removed])));
  });

  it('has nothing to do on an image without', async () => {
    const run = await ubuntu.call('cleanUpGPUDrivers');

    expect(run).toSucceed();
    expect(run).not.toHaveChanged();
  });
});
