import { describe, expect, it } from 'vitest';
import type { FileSpecs } from 'shellrig';
import { node } from '../support/helpers.js';

const CACHE = '/opt/azure/containers/imds_instance_metadata_cache.json';
const tagged = (...tags: (readonly [name: string, value: string])[]): FileSpecs => ({
  [CACHE]: JSON.stringify({ compute: { tagsList: tags.map(([name, value]) => ({ name, value })) } }),
});

describe('a tag of the machine', () => {
  it.each([
    ['is true when it says so', tagged(['Some', 'true']), 'true'],
    ['is true in any case', tagged(['Some', 'TRUE']), 'true'],
    ['is false when it says so', tagged(['Some', 'false']), 'false'],
    ['is false when it says anything else', tagged(['Some', 'yes']), 'false'],
    ['is false when there is none', tagged(['Other', 'true']), 'false'],
    ['is false when there are no tags', { [CACHE]: '{"compute":{}}' }, 'false'],
    ['is found in any case of its name', tagged(['sOmE', 'true']), 'true'],
    ['is the first of those that match', tagged(['Some', 'false'], ['Something', 'true']), 'false'],
  ] as const)('%s', async (_, files, expected) => {
    const run = await node.given({ files }).call('get_imds_vm_tag_value', 'Some');

    expect(run).toSucceed();
    expect(run.stdout).toBe(`${expected}\n`);
  });

  it('is unknown without the metadata', async () => {
    const run = await node.call('get_imds_vm_tag_value', 'Some');

    expect(run).toExit(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/^jq: error: Could not open file .*imds_instance_metadata_cache\.json.*\n$/);
  });
});

describe.each([
  ['should_enforce_kube_pmc_install', 'ShouldEnforceKubePMCInstall'],
  ['should_skip_nvidia_drivers', 'SkipGpuDriverInstall'],
  ['should_skip_binary_cleanup', 'SkipBinaryCleanup'],
  ['should_e2e_mock_azure_china_cloud', 'E2EMockAzureChinaCloud'],
  ['should_enable_managed_gpu_experience', 'EnableManagedGPUExperience'],
  ['should_disable_kubelet_serving_certificate_rotation', 'aks-disable-kubelet-serving-certificate-rotation'],
])('%s', (name, tag) => {
  it(`reads the tag ${tag}`, async () => {
    const run = await node.given({ files: tagged([tag, 'true']) }).call(name);

    expect(run).toSucceed();
    expect(run.stdout).toBe('true\n');
  });
});
