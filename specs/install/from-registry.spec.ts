import { describe, expect, it } from 'vitest';
import { defineShell, directory, exits, fileFrom, handle, removed, rest, type FileSpecs } from 'shellrig';
import { deb } from '../../fixtures/packages/index.js';
import { badTarball, tarball } from '../../fixtures/served/index.js';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { imageBinary, installed } from '../support/packages.js';
import { tries, tryingOnce } from '../support/retries.js';
import { fetching, PORT, SERVER, servedRegistry, SERVING_TOOLS, WHILE_SERVED } from '../support/served.js';
import { bothCarried, bothInstalled, curlFrom } from '../support/tarballs.js';
import { ubuntu, ubuntuOptions } from '../support/ubuntu.js';

const REGISTRY = 'registry.example';
const URL = 'https://packages.example/node.tar.gz';
const ENFORCED = { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'true' };

/** A registry that has files on this machine, by reference: `oras pull REFERENCE -o DIRECTORY ...`. */
function orasFrom(files: Readonly<Record<string, string>>) {
  return handle(async ({ args, write }) => {
    const path = files[args[1] ?? ''];
    if (!path) return 1;
    await write({ [`${args[3]}/${path.replace(/.*\//, '')}`]: fileFrom(path) });
    return 0;
  });
}

const packages: Readonly<Record<string, string>> = {
  [`${REGISTRY}/aks/packages/kubernetes/kubelet:v1.34.1`]: deb('kubelet', '1.34.1'),
  [`${REGISTRY}/aks/packages/kubernetes/kubectl:v1.34.1`]: deb('kubectl', '1.34.1'),
};

/** The call that pulls a package from the registry. */
const pulls = (name: string) => ['oras', 'pull', `${REGISTRY}/aks/packages/kubernetes/${name}:v1.34.1`, '-o', `/tmp/kubernetes/downloads/${name}`, rest] as const;

/** A node that reaches a real server with a registry. */
const { oras: _, ...withoutOras } = ubuntuOptions.stubs;
const server = defineShell({
  ...ubuntuOptions, source: [...ubuntuOptions.source, WHILE_SERVED], tools: [...SERVING_TOOLS],
  stubs: { ...withoutOras, ...fetching.stubs }, files: { ...ubuntuOptions.files, ...fetching.files, ...servedRegistry() },
});

describe('kubelet and kubectl from a real registry', () => {
  it('are taken out of their packages, and nothing else is left of them', async () => {
    const run = await server.call('while_served', `${PORT}`, 'installKubeletKubectlFromBootstrapProfileRegistry', SERVER, '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      '/opt/bin/kubelet': installed('kubelet', '1.34.1'),
      '/opt/bin/kubectl': installed('kubectl', '1.34.1'),
    });
  });

  it('are taken out of the tarball that it has of older ones', async () => {
    const run = await server
      .given({ vars: { KUBERNETES_VERSION: '1.33.5', BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER: SERVER } })
      .call('while_served', `${PORT}`, 'installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.33.5'), ...eventFiles(run) });
  });
});

describe('kubelet and kubectl from the registry of the cluster', () => {
  it('replace the versions that the image carries', lesson('C2'), async () => {
    const run = await ubuntu
      .given({ files: { ...imageBinary('kubelet', '1.34.1'), ...imageBinary('kubectl', '1.34.10') }, stubs: { oras: orasFrom(packages) } })
      .call('installKubeletKubectlFromBootstrapProfileRegistry', REGISTRY, '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([pulls('kubelet'), pulls('kubectl')]);
    expect(run).toHaveChangedOnly({
      '/opt/bin/kubelet': installed('kubelet', '1.34.1'),
      '/opt/bin/kubectl': installed('kubectl', '1.34.1'),
      '/opt/bin/kubelet-1.34.1': removed,
      '/opt/bin/kubectl-1.34.10': removed,
    });
  });

  it.each(['kubelet', 'kubectl'])('come from a URL when the registry has no %s', async (name) => {
    const { [`${REGISTRY}/aks/packages/kubernetes/${name}:v1.34.1`]: _, ...others } = packages;
    const run = await ubuntu
      .given({ vars: { KUBERNETES_VERSION: '1.34.1', CUSTOM_KUBE_BINARY_URL: URL }, stubs: { ...tryingOnce, oras: orasFrom(others), curl: curlFrom({ [URL]: tarball('1.34.1') }) } })
      .call('installKubeletKubectlFromBootstrapProfileRegistry', REGISTRY, '1.34.1');

    expect(run).toSucceed();
    expect(run).toPrint('Fall back to install kubelet and kubectl from url installation\n');
    expect(run).toHaveCalledInOrder([tries(10, 5, ...pulls(name)), pulls(name), ['curl', '-fsSL', URL, rest]]);
    expect(run).toHaveCalled(...pulls('kubelet'));
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), '/opt/kubernetes/downloads': directory(), ...eventFiles(run) });
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toContain('AKS.CSE.configureKubeletAndKubectl.installKubeletKubectlFromURL-Fallback');
  });

  it('end as the URL ends, when neither has them', async () => {
    const run = await ubuntu.given({ vars: { KUBERNETES_VERSION: '1.34.1' }, stubs: tryingOnce }).call('installKubeletKubectlFromBootstrapProfileRegistry', REGISTRY, '1.34.1');

    expect(run).toExit(204);
    expect(run).toHaveCalledInOrder([tries(10, 5, ...pulls('kubelet')), pulls('kubelet')]);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('end with 207 when the registry does not have them and packages are enforced', lesson('B8'), async () => {
    const run = await ubuntu
      .given({ vars: { KUBERNETES_VERSION: '1.34.1', KUBE_BINARY_URL: URL, ...ENFORCED }, files: bothCarried('1.34.1'), stubs: tryingOnce })
      .call('installKubeletKubectlFromBootstrapProfileRegistry', REGISTRY, '1.34.1');

    expect(run).toExit(207);
    expect(run).toHaveCalledInOrder([tries(10, 5, ...pulls('kubelet')), pulls('kubelet')]);
    expect(run).toPrint('Kube PMC install is enforced, not installing kubelet and kubectl from url\n');
    expect(run).not.toHaveCalled('curl');
    expect(run).not.toHaveChanged();
  });
});

describe('the tarball from the registry of the cluster', () => {
  const given = ubuntu.given({ vars: { KUBERNETES_VERSION: '1.34.1', BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER: REGISTRY, KUBE_BINARY_URL: URL } });
  const MINE = `${REGISTRY}/mine/node:v1`;
  const REFERENCE = `${REGISTRY}/oss/binaries/kubernetes/kubernetes-node:v1.34.1-linux-amd64`;

  it('is pulled instead of the default URL, whatever an earlier pull has left', async () => {
    const run = await given
      .given({ files: { '/tmp/kubernetes/downloads/z-older.tar.gz': fileFrom(tarball('1.34.10')) }, stubs: { oras: orasFrom({ [REFERENCE]: tarball('1.34.1') }) } })
      .call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveCalled('oras', 'pull', REFERENCE, '-o', /^\/tmp\/kubernetes\/downloads/, '--registry-config', '/etc/oras/config.yaml');
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...eventFiles(run) });
  });

  it('ends with 207 when the registry does not have it', async () => {
    const run = await given.given({ stubs: { retrycmd_pull_from_registry_with_oras: exits(1) } }).call('installKubeletKubectlFromURL');

    expect(run).toExit(207);
    expect(run).toHaveCalledTimes('retrycmd_pull_from_registry_with_oras', 1, '120', '5', /^\/tmp\/kubernetes\/downloads/, REFERENCE);
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it.each([
    ['the default', {}, REFERENCE, {}],
    ['the custom URL', { CUSTOM_KUBE_BINARY_URL: MINE }, MINE, { '/opt/kubernetes/downloads': directory() }],
  ] as const)('ends with 204 when %s is no tarball, says so, and keeps nothing of it', async (_, vars, reference, left: FileSpecs) => {
    const run = await given.given({ vars, stubs: { oras: orasFrom({ [reference]: deb('kubelet', '1.34.1') }) } }).call('installKubeletKubectlFromURL');

    expect(run).toExit(204);
    expect(run).toHaveCalled('oras', 'pull', reference, rest);
    expect(run).toPrint(`There is no .tar.gz in ${reference}\n`);
    expect(run.stderr).toBe('');
    expect(run).toHaveChangedOnly({ ...left, ...eventFiles(run) });
  });

  it('ends with 204 when it is cut, and keeps nothing of it', async () => {
    const run = await given.given({ stubs: { oras: orasFrom({ [REFERENCE]: badTarball('truncated') }) } }).call('installKubeletKubectlFromURL');

    expect(run).toExit(204);
    expect(run).toHaveCalled('oras', 'pull', REFERENCE, rest);
    expect(run.stderr).toMatch(/^(\n?(gzip|tar): .*\n)+$/);
    expect(run).toHaveChangedOnly({ '/opt/bin': directory(), ...eventFiles(run) });
  });

  it('ends with 207 when there is no room to pull it to', async () => {
    const run = await given.given({ files: { '/tmp/kubernetes': 'a file' } }).call('installKubeletKubectlFromURL');

    expect(run).toExit(207);
    expect(run).toPrint('mkdir: cannot create directory', { on: 'stderr' });
    expect(run).not.toHaveCalled('oras');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('may be what the custom URL names', async () => {
    const run = await given
      .given({ vars: { CUSTOM_KUBE_BINARY_URL: MINE }, stubs: { oras: orasFrom({ [MINE]: tarball('1.34.1') }) } })
      .call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveCalled('oras', 'pull', MINE, rest);
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), '/opt/kubernetes/downloads': directory(), ...eventFiles(run) });
  });
});
