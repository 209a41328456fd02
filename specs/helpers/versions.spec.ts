import { describe, expect, it } from 'vitest';
import { componentsFile } from '../support/components.js';
import { node } from '../support/helpers.js';

describe('semverCompare', () => {
  it.each([
    ['1.34.0', '1.34.0', true],
    ['1.34.1', '1.34.0', true],
    ['1.34.0', '1.34.1', false],
    ['1.34.10', '1.34.9', true],
    ['1.34.9', '1.34.10', false],
    ['1.10.0', '1.9.9', true],
    ['2.0.0', '1.99.99', true],
    ['1.34.0+build1', '1.34.0', true],
    ['1.34.0', '1.34.0+build1', true],
    ['1.34.0~beta.1', '1.34.0', true],
    ['1.34.0', '1.34.0~beta.1', true],
  ])('%s is at least %s: %s', async (a, b, expected) => {
    const run = await node.call('semverCompare', a, b);

    expect(run).toExit(expected ? 0 : 1);
  });
});

describe('the tools of Kubernetes', () => {
  it('are kubelet and kubectl', async () => {
    const run = await node.call('get_kubernetes_tools');

    expect(run).toSucceed();
    expect(run.stdout).toBe('kubelet kubectl\n');
  });
});

describe('the version of a component that fits Kubernetes', () => {
  const files = componentsFile({
    tool: {
      ubuntu: {
        r2204: [{ latestVersion: '1.34.2-ubuntu22.04u1', previousLatestVersion: '1.34.10-ubuntu22.04u1' }, { latestVersion: '1.33.5-ubuntu22.04u2' }],
        r2404: [{ latestVersion: '1.34.3-ubuntu24.04u1' }],
        current: [{ latestVersion: '1.30.0-1' }],
      },
      azurelinux: { 'v3.0': [{ latestVersion: '1.34.4-1.azl3' }], 'OSGUARD/v3.0': [{ latestVersion: '1.34.5-1.azl3' }] },
      mariner: { current: [{ latestVersion: '1.29.0-1' }] },
      default: { current: [{ latestVersion: '1.28.0-1' }] },
    },
    skipped: { ubuntu: { r2204: [{ latestVersion: '<SKIP>' }] } },
  });

  it.each([
    ['the highest of the same minor version', '1.34.7', 'UBUNTU', '22.04', '', '1.34.10-ubuntu22.04u1'],
    ['another minor version', '1.33.0', 'UBUNTU', '22.04', '', '1.33.5-ubuntu22.04u2'],
    ['a Kubernetes version with a v', 'v1.33.0', 'UBUNTU', '22.04', '', '1.33.5-ubuntu22.04u2'],
    ['the highest of all where none has the minor version', '1.3.0', 'UBUNTU', '22.04', '', '1.34.10-ubuntu22.04u1'],
    ['another release of Ubuntu', '1.34.0', 'UBUNTU', '24.04', '', '1.34.3-ubuntu24.04u1'],
    ['a release that has no list of its own', '1.34.0', 'UBUNTU', '26.04', '', '1.30.0-1'],
    ['Azure Linux', '1.34.0', 'AZURELINUX', '3.0', '', '1.34.4-1.azl3'],
    ['a variant of Azure Linux', '1.34.0', 'AZURELINUX', '3.0', 'OSGUARD', '1.34.5-1.azl3'],
    ['a variant that has no list of its own', '1.34.0', 'AZURELINUX', '3.0', 'OTHER', '1.34.4-1.azl3'],
    ['a system with a current list alone', '1.34.0', 'MARINER', '2.0', '', '1.29.0-1'],
    ['a system that has none', '1.34.0', 'FLATCAR', '4081', '', '1.28.0-1'],
  ])('is found for %s', async (_, kubernetes, os, version, variant, expected) => {
    const run = await node.given({ files }).call('getLatestPkgVersionFromK8sVersion', kubernetes, 'tool', os, version, variant);

    expect(run).toSucceed();
    expect(run.stdout).toBe(`${expected}\n`);
    expect(run.variable('PACKAGE_VERSION')).toBe(expected);
  });

  it.each(['skipped', 'unknown'])('is none for a component that is %s: what was known before stays', async (component) => {
    const run = await node.given({ files, vars: { PACKAGE_VERSION: 'before' } }).call('getLatestPkgVersionFromK8sVersion', '1.34.0', component, 'UBUNTU', '22.04');

    expect(run).toSucceed();
    expect(run.stdout).toBe(`INFO: no version of ${component} for UBUNTU 22.04 in /opt/azure/components.json\n`);
    expect(run.variable('PACKAGE_VERSION')).toBe('before');
  });

  it('is none without a list of components', async () => {
    const run = await node.call('getLatestPkgVersionFromK8sVersion', '1.34.0', 'tool', 'AZURELINUX', '3.0', 'OSGUARD');

    expect(run).toSucceed();
    expect(run).toPrint('INFO: no version of tool for AZURELINUX 3.0 OSGUARD in /opt/azure/components.json\n');
    expect(run.stderr).toMatch(/^jq: error: Could not open file \/opt\/azure\/components\.json: .*\n$/);
  });
});
