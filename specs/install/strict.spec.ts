import { describe, expect, it } from 'vitest';
import { defineShell, directory, exits, file, removed, rest, symlink, type FileSpecs } from 'shellrig';
import { tarball } from '../../fixtures/served/index.js';
import { eventFiles } from '../support/events.js';
import { tries, tryingOnce } from '../support/retries.js';
import { carriedSysext, merged, sysextOptions } from '../support/sysexts.js';
import { bothInstalled, curlFrom } from '../support/tarballs.js';
import { ubuntuOptions } from '../support/ubuntu.js';

const URL = 'https://packages.example/node.tar.gz';
const STRICT = '../helpers/strict.sh';
const vars = { KUBERNETES_VERSION: '1.34.1', KUBE_BINARY_URL: URL };
const DOWNLOADS = ['curl', '-fsSL', URL, rest] as const;
const LEFT = { '/opt/kubernetes/downloads': directory() };
const curl = curlFrom({ [URL]: tarball('1.34.1') });

describe('a shell that forgives nothing (set -euo pipefail)', () => {
  const ubuntu = defineShell({ ...ubuntuOptions, source: [STRICT, ...ubuntuOptions.source] });
  const { source = [], ...flatcarOptions } = sysextOptions('flatcar');
  const flatcar = defineShell({ ...flatcarOptions, source: [STRICT, ...source] });

  it('installs from a URL', async () => {
    const run = await ubuntu.given({ vars, stubs: { curl } }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 1, ...DOWNLOADS.slice(1));
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...LEFT, ...eventFiles(run) });
  });

  it('falls back from the registry to a URL', async () => {
    const run = await ubuntu.given({ vars, stubs: { ...tryingOnce, curl } }).call('installKubeletKubectlFromBootstrapProfileRegistry', 'registry.example', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([tries(10, 5, 'oras', 'pull', rest), ['oras', 'pull', rest], DOWNLOADS]);
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...LEFT, ...eventFiles(run) });
  });

  it('installs from system extensions', async () => {
    const run = await flatcar.given({ vars, files: { ...carriedSysext('kubelet', '1.34.1'), ...carriedSysext('kubectl', '1.34.1') } }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('systemd-sysext', 1, 'refresh');
    expect(run).toHaveChangedOnly(Object.assign({}, ...(['kubelet', 'kubectl'] as const).map((name) => ({
      ...merged(name, 'v1.34.1-1-amd64'),
      [`/opt/bin/${name}`]: symlink(`/usr/bin/${name}`),
      [`/usr/bin/${name}`]: file(undefined, { mode: 0o755 }),
      [`/usr/lib/extension-release.d/extension-release.${name}-sysext`]: file(),
    }))) as FileSpecs);
  });

  it('falls back from system extensions to a URL', async () => {
    const run = await flatcar.given({ vars, stubs: { ...tryingOnce, curl } }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([tries(10, 5, 'oras', 'repo', 'tags', rest), DOWNLOADS]);
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...LEFT, ...eventFiles(run) });
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
    expect(run).toHaveCalledTimes('ctr', 1, '--namespace', 'k8s.io', 'images', 'list');
  });
});
