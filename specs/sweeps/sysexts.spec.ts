import { describe } from 'vitest';
import { defineShell, type Given } from 'shellrig';
import { sysext } from '../../fixtures/served/index.js';
import { OLDER, sweepLongInstall } from '../support/sweep-install.js';
import { carriedSysext, orasWithSysexts, sysextOptions } from '../support/sysexts.js';

// Azure Container Linux does all of this by the same functions.
describe('system extensions on flatcar', () => {
  const shell = defineShell(sysextOptions('flatcar'));
  const registry = Object.fromEntries((['kubelet', 'kubectl'] as const).map((tool) => [`registry.example/oss/v2/kubernetes/${tool}-sysext:v1.34.1-1-amd64`, sysext(tool, '1.34.1')]));
  const from = (given: Given) => () => shell.given({ files: OLDER, vars: { KUBERNETES_VERSION: '1.34.1' } }).given(given).call('installKubeletKubectlFromPkg', '1.34.1', 'registry.example');

  sweepLongInstall('that the image carries', from({ files: { ...carriedSysext('kubelet', '1.34.1'), ...carriedSysext('kubectl', '1.34.1') } }), '/opt/bin/kubelet', '/opt/bin/kubectl');
  sweepLongInstall('of a registry', from({ stubs: { oras: orasWithSysexts(registry) } }), '/opt/bin/kubelet', '/opt/bin/kubectl');
});
