import { describe, expect, it } from 'vitest';
import { defineShell, exits, removed, symlink } from 'shellrig';
import { tarball } from '../../fixtures/served/index.js';
import { tryingOnce } from '../support/retries.js';
import { carriedSysext, sysextOptions } from '../support/sysexts.js';
import { bothInstalled, curlFrom } from '../support/tarballs.js';
import { ubuntuOptions } from '../support/ubuntu.js';

const URL = 'https://packages.example/node.tar.gz';
const STRICT = '../helpers/strict.sh';
const vars = { KUBERNETES_VERSION: '1.34.1', KUBE_BINARY_URL: URL };
const curl = curlFrom({ [URL]: tarball('1.34.1') });

describe('a shell that forgives nothing (set -euo pipefail)', () => {
  const ubuntu = defineShell({ ...ubuntuOptions, source: [STRICT, ...ubuntuOptions.source] });
  const { source = [], ...flatcarOptions } = sysextOptions('flatcar');
  const flatcar = defineShell({ ...flatcarOptions, source: [STRICT, ...source] });

  it('installs from a URL', async () => {
    const run = await ubuntu.given({ vars, stubs: { curl } }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveChanged(bothInstalled('1.34.1'));
  });

  it('falls back from the registry to a URL', async () => {
    const run = await ubuntu.given({ vars, stubs: { ...tryingOnce, curl } }).call('installKubeletKubectlFromBootstrapProfileRegistry', 'registry.example', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveChanged(bothInstalled('1.34.1'));
  });

  it('installs from system extensions', async () => {
    const run = await flatcar.given({ vars, files: { ...carriedSysext('kubelet', '1.34.1'), ...carriedSysext('kubectl', '1.34.1') } }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveFile('/opt/bin/kubectl', symlink('/usr/bin/kubectl'));
  });

  it('falls back from system extensions to a URL', async () => {
    const run = await flatcar.given({ vars, stubs: { ...tryingOnce, curl } }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveChanged(bothInstalled('1.34.1'));
  });

  it('removes what an image carries for GPUs', async () => {
    const run = await flatcar.given({ files: { '/opt/gpu/driver': 'x' } }).call('cleanUpGPUDrivers');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/gpu': removed });
  });

  it('finds no image to retag', async () => {
    const run = await ubuntu.given({ stubs: { ctr: exits(0) } }).call('retagMCRImagesForChina');

    expect(run).toSucceed();
    expect(run).toPrint('failed to find mcr images for retag\n');
  });
});
