import { describe, expect, it } from 'vitest';
import { defineShell, directory, exits, fails, file, fileFrom, removed, rest, symlink, type FileSpecs, type Stub } from 'shellrig';
import { badSysext, sysext, sysextFaults, tarball, type SysextFault } from '../../fixtures/served/index.js';
import { binary } from '../../fixtures/packages/index.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { tries, tryingOnce } from '../support/retries.js';
import { fetching, PORT, SERVER, servedRegistry, SERVING_TOOLS, WHILE_SERVED } from '../support/served.js';
import { carriedSysext, merged, orasWithSysexts, SYSEXT_SYSTEMS, sysextOptions, sysextPath } from '../support/sysexts.js';
import { bothCarried, bothInstalled, curlFrom } from '../support/tarballs.js';

const REGISTRY = 'registry.example';
const URL = 'https://packages.example/node.tar.gz';
const TAG = 'v1.34.1-1-amd64';
const LINKS = { '/opt/bin/kubelet': symlink('/usr/bin/kubelet'), '/opt/bin/kubectl': symlink('/usr/bin/kubectl') };
const BOTH = { ...carriedSysext('kubelet', '1.34.1'), ...carriedSysext('kubectl', '1.34.1') };
const vars = { KUBERNETES_VERSION: '1.34.1', KUBE_BINARY_URL: URL };
const FROM_URL = { curl: curlFrom({ [URL]: tarball('1.34.1') }) };

/** What a merged system extension brings into /usr. */
function inUsr(name: 'kubelet' | 'kubectl') {
  return {
    [`/usr/bin/${name}`]: file(binary(name, '1.34.1'), { mode: 0o755 }),
    [`/usr/lib/extension-release.d/extension-release.${name}-sysext`]: file(),
  };
}

/** The call that downloads the tarball, what it leaves, and the call that pulls a system extension. */
const DOWNLOADS = ['curl', '-fsSL', URL, rest] as const;
const LEFT = { '/opt/kubernetes/downloads': directory() };
const pulls = (from: string, name: string, tag = TAG) => ['oras', 'pull', `${from}/oss/v2/kubernetes/${name}-sysext:${tag}`, rest] as const;

/** A node that reaches a real server with a registry. */
const { source = [], stubs, files, tools = [], ...others } = sysextOptions('flatcar');
const { oras: _, ...withoutOras } = stubs as Record<string, Stub>;
const server = defineShell({
  ...others, source: [...source, WHILE_SERVED], tools: [...tools, ...SERVING_TOOLS],
  stubs: { ...withoutOras, ...fetching.stubs }, files: { ...(files as FileSpecs), ...fetching.files, ...servedRegistry() },
});

describe('kubelet and kubectl in system extensions from a real registry', () => {
  it('are merged, and linked', async () => {
    const run = await server.call('while_served', `${PORT}`, 'installKubeletKubectlFromPkg', '1.34.1', SERVER);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('systemd-sysext', 1, 'refresh');
    expect(run).toHaveChangedOnly({
      ...LINKS, ...merged('kubelet', TAG), ...merged('kubectl', TAG), ...inUsr('kubelet'), ...inUsr('kubectl'),
      [sysextPath('kubelet', TAG)]: fileFrom(sysext('kubelet', '1.34.1')),
      [sysextPath('kubectl', TAG)]: fileFrom(sysext('kubectl', '1.34.1')),
    });
  });
});

/** A registry that has these tags of both tools, of the versions that they tell. */
function registry(name: string, ...tags: string[]) {
  return orasWithSysexts(Object.fromEntries((['kubelet', 'kubectl'] as const).flatMap((tool) => tags.map((tag) => (
    [`${name}/oss/v2/kubernetes/${tool}-sysext:${tag}`, sysext(tool, tag.includes('1.34.10') ? '1.34.10' : '1.34.1')])))));
}

describe.each(SYSEXT_SYSTEMS)('kubelet and kubectl on %s', (system) => {
  const node = defineShell(sysextOptions(system)).given({ vars });

  it('are merged from the system extensions that the image carries, and linked', async () => {
    const run = await node.given({ files: BOTH }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).not.toHaveCalled('oras');
    expect(run).toHaveCalledTimes('systemd-sysext', 1, 'refresh');
    expect(run).toHaveChangedOnly({ ...LINKS, ...merged('kubelet', TAG), ...merged('kubectl', TAG), ...inUsr('kubelet'), ...inUsr('kubectl') });
  });

  it('are pulled from the public registry where the image carries none', async () => {
    const run = await node.given({ stubs: { oras: registry('mcr.microsoft.com', TAG) } }).call('installKubeletKubectlFromPkg', 'v1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled('oras', 'pull', `mcr.microsoft.com/oss/v2/kubernetes/kubelet-sysext:${TAG}`, '-o', /^\/opt\/kubelet-sysext\/downloads\/\./, '--registry-config', '/etc/oras/config.yaml');
    expect(run).toHaveCalledInOrder([pulls('mcr.microsoft.com', 'kubelet'), pulls('mcr.microsoft.com', 'kubectl'), ['systemd-sysext', 'refresh']]);
    expect(run).toHaveChangedOnly({
      ...LINKS, ...merged('kubelet', TAG), ...merged('kubectl', TAG), ...inUsr('kubelet'), ...inUsr('kubectl'),
      [sysextPath('kubelet', TAG)]: fileFrom(sysext('kubelet', '1.34.1')),
      [sysextPath('kubectl', TAG)]: fileFrom(sysext('kubectl', '1.34.1')),
    });
  });

  it('are pulled from the registry of the cluster, where it has one', async () => {
    const run = await node.given({ stubs: { oras: registry(REGISTRY, TAG) } }).call('installKubeletKubectlFromBootstrapProfileRegistry', REGISTRY, '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([pulls(REGISTRY, 'kubelet'), pulls(REGISTRY, 'kubectl'), ['systemd-sysext', 'refresh']]);
    expect(run).toHaveChangedOnly({
      ...LINKS, ...merged('kubelet', TAG), ...merged('kubectl', TAG), ...inUsr('kubelet'), ...inUsr('kubectl'),
      [sysextPath('kubelet', TAG)]: fileFrom(sysext('kubelet', '1.34.1')),
      [sysextPath('kubectl', TAG)]: fileFrom(sysext('kubectl', '1.34.1')),
    });
  });

  it('end with 231 when there are none and packages are enforced', lesson('B8'), async () => {
    const run = await node
      .given({ vars: { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'true' }, files: bothCarried('1.34.1'), stubs: tryingOnce })
      .call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toExit(231);
    expect(run).toPrint('Kube PMC install is enforced, not installing kubelet and kubectl from url\n');
    expect(run).toHaveCalled(...tries(10, 5, 'oras', 'repo', 'tags', rest));
    expect(run).not.toHaveCalled('curl');
    expect(run).not.toHaveChanged();
  });
});

const node = defineShell(sysextOptions('flatcar')).given({ vars });

describe('kubelet and kubectl in system extensions', () => {
  it('replace what is there, and the versions that the image carries', lesson('C2'), async () => {
    const files = { ...BOTH, ...bothCarried('1.34.1'), ...bothCarried('1.34.10'), '/opt/bin/kubelet': 'older', '/opt/bin/kubectl': symlink('/opt/elsewhere'), '/opt/elsewhere': directory() };
    const run = await node.given({ files }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('systemd-sysext', 1, 'refresh');
    expect(run).toHaveChanged({ ...LINKS, ...merged('kubelet', TAG), ...merged('kubectl', TAG), ...inUsr('kubelet'), ...inUsr('kubectl') });
    expect(run).not.toHaveChanged(['/opt/elsewhere']);
    expect(run.fs.readdirSync('/opt/bin')).toEqual(['kubectl', 'kubelet']);
  });

  it('stay as they are on a second run', lesson('A5'), async () => {
    const run = await node
      .given({ files: { ...BOTH, ...LINKS, ...merged('kubelet', TAG), ...merged('kubectl', TAG), ...inUsr('kubelet'), ...inUsr('kubectl') } })
      .given({ allow: { unasserted: { changes: ['/usr/lib/extension-release.d/*'] } } })
      .call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('systemd-sysext', 1, 'refresh');
    expect(run).not.toHaveChanged([...Object.keys(LINKS), '/usr/bin/kubelet', '/usr/bin/kubectl']);
  });

  it('come from the URL when there are no system extensions, and nothing stays merged', async () => {
    const run = await node.given({ files: carriedSysext('kubelet', '1.34.1'), stubs: { ...FROM_URL, ...tryingOnce } }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toPrint('Failed to find kubectl-sysext version 1.34.1 in mcr.microsoft.com\n');
    expect(run).toPrint('Failed to install kubelet and kubectl from system extensions, falling back to url installation\n');
    expect(run).not.toHaveCalled('systemd-sysext');
    expect(run).toHaveCalledInOrder([tries(10, 5, 'oras', 'repo', 'tags', rest), DOWNLOADS]);
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), '/opt/kubernetes/downloads': directory(), ...eventFiles(run) });
  });

  it('come from the URL when systemd does not merge', async () => {
    const run = await node.given({ files: BOTH, stubs: { ...FROM_URL, 'systemd-sysext': exits(1) } }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('systemd-sysext', 6);
    expect(run).toHaveSleptTimes('5s', 4);
    expect(run).toHaveCalledTimes('curl', 1, ...DOWNLOADS.slice(1));
    expect(run.stderr).toMatch(/^(Executed "systemd-sysext refresh" 3 times; giving up \(last exit status: 1\)\.\n){2}$/);
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), '/opt/kubernetes/downloads': directory(), '/etc/extensions': directory(), ...eventFiles(run) });
  });

  it('are merged at a second try', async () => {
    const run = await node.given({ files: { ...BOTH, ...inUsr('kubelet'), ...inUsr('kubectl') }, stubs: { 'systemd-sysext': fails({ times: 1 }).then(exits(0)) } }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run.calls('systemd-sysext').map(({ args, start }) => [...args, start])).toEqual([['refresh', 0], ['refresh', 5000]]);
    expect(run).toHaveChangedOnly({ ...LINKS, ...merged('kubelet', TAG), ...merged('kubectl', TAG) });
  });

  it('come from the URL when a link cannot be put in place', lesson('C29'), async () => {
    const run = await node.given({ files: { ...BOTH, '/etc/extensions/kubectl-sysext.raw': directory({ mode: 0o755 }), '/etc/extensions/kubectl-sysext.raw/file': 'precious' }, stubs: FROM_URL }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([['systemd-sysext', 'refresh'], DOWNLOADS]);
    expect(run.stderr).toMatch(/^mv: cannot overwrite directory '\/etc\/extensions\/kubectl-sysext\.raw' .*\n$/);
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...LEFT, ...eventFiles(run) });
  });
});

/** What is left of a system extension that was merged for a while. */
const UNMERGED = { '/etc/extensions': directory(), '/usr/lib/extension-release.d': directory() };

describe('system extensions of which one link cannot be placed', () => {
  const enforced = node.given({ vars: { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'true' }, files: { ...BOTH, '/opt/bin/kubectl': directory({ mode: 0o750 }) } });
  const COMPLAINT = /^mv: cannot overwrite directory '\/opt\/bin\/kubectl' .*\n$/;

  it.each([
    ['nothing', {}],
    ['a program', { '/opt/bin/kubelet': file('older', { mode: 0o4711, owner: '1001:1001' }) }],
    ['a link', { '/opt/bin/kubelet': symlink('/opt/elsewhere/kubelet') }],
  ] as const)('do not stay merged, and where the other link would be there is %s, as before', async (_, files: FileSpecs) => {
    const run = await enforced.given({ files }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toExit(231);
    expect(run.stderr).toMatch(COMPLAINT);
    expect(run).toHaveCalledTimes('systemd-sysext', 2, 'refresh');
    expect(run).toHaveChangedOnly(UNMERGED);
  });

  it('give way to those that were merged before', async () => {
    const before = { ...carriedSysext('kubelet', '1.34.10', 'v1.34.10-1-amd64'), ...merged('kubelet', 'v1.34.10-1-amd64'), '/opt/bin/kubelet': symlink('/usr/bin/kubelet') };
    const run = await enforced.given({ files: before }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toExit(231);
    expect(run.stderr).toMatch(COMPLAINT);
    expect(run).toHaveCalledTimes('systemd-sysext', 2, 'refresh');
    expect(run).toHaveChangedOnly({ '/usr/bin/kubelet': file(binary('kubelet', '1.34.10'), { mode: 0o755 }), '/usr/lib/extension-release.d/extension-release.kubelet-sysext': file() });
  });
});

describe('a system extension that is not as it should be', () => {
  it.each((Object.keys(sysextFaults) as SysextFault[]).map((fault) => [sysextFaults[fault], fault] as const))('is not left merged: %s', lesson('B9'), async (_, fault) => {
    const run = await node
      .given({ files: { ...carriedSysext('kubectl', '1.34.1'), [sysextPath('kubelet', TAG)]: fileFrom(badSysext(fault)) }, stubs: FROM_URL })
      .given({ allow: { unasserted: { stderr: [/^tar: /, /^Executed "systemd-sysext refresh" 3 times; giving up/] } } })
      .call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([['systemd-sysext', 'refresh'], ['systemd-sysext', 'refresh'], DOWNLOADS]);
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...LEFT, ...UNMERGED, ...eventFiles(run) });
  });
});

describe('the version of a system extension', () => {
  const find = (version: string, ...tags: string[]) => node
    .given({ files: Object.assign({}, ...tags.map((tag) => carriedSysext('kubelet', '1.34.1', tag))) as ReturnType<typeof carriedSysext> })
    .call('findSysext', 'kubelet-sysext', version);

  it.each([
    ['1.34.1', ['v1.34.1-1-amd64', 'v1.34.10-1-amd64'], 'v1.34.1-1-amd64'],
    ['1.34.1', ['v1.34.1-2-amd64', 'v1.34.1-10-amd64'], 'v1.34.1-10-amd64'],
    ['1.34.1', ['v1.34.1-1-azlinux3-arm64', 'v1.34.1-1-azlinux3-amd64'], 'v1.34.1-1-azlinux3-amd64'],
    ['v1.34.1', ['1.34.1-amd64'], '1.34.1-amd64'],
    ['1.35.0~beta.1', ['v1.35.0-beta.1-1-amd64'], 'v1.35.0-beta.1-1-amd64'],
  ])('%s of %j is %s', lesson('C3', 'C28'), async (version, tags, found) => {
    const run = await find(version, ...tags);

    expect(run).toSucceed();
    expect(run.stdout).toBe(`${sysextPath('kubelet', found)}\n`);
  });

  it.each([
    ['1.34.1', ['v1.34.10-1-amd64', 'v1x34.1-1-amd64', 'v1.34.1-1-arm64', 'v1.34.1-1-amd64x']],
    ['1.35.0', ['v1.35.0-beta.1-1-amd64', 'v1.35.0-rc.1-1-amd64']],
    ['1.34.1', []],
  ])('%s is none of %j', lesson('C3', 'C28'), async (version, tags) => {
    const run = await find(version, ...tags);

    expect(run).toSucceed();
    expect(run.stdout).toBe('');
  });

  it('is the newest release that the registry has of it for this machine', lesson('C3', 'C28'), async () => {
    const oras = registry(REGISTRY, 'v1.34.1-1-amd64', 'v1.34.1-3-arm64', 'v1.34.1-2-amd64', 'v1.34.10-1-amd64');
    const run = await node.given({ stubs: { oras } }).call('downloadSysextFromVersion', 'kubelet-sysext', '1.34.1', REGISTRY);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('oras', 1, ...pulls(REGISTRY, 'kubelet', 'v1.34.1-2-amd64').slice(1));
    expect(run).toHaveChangedOnly({ [sysextPath('kubelet', 'v1.34.1-2-amd64')]: fileFrom(sysext('kubelet', '1.34.1')) });
  });

  it('fails when the registry lists it and does not give it', async () => {
    const oras = registry(REGISTRY, TAG);
    const run = await node.given({ stubs: { oras, retrycmd_pull_from_registry_with_oras: exits(1) } }).call('downloadSysextFromVersion', 'kubelet-sysext', '1.34.1', REGISTRY);

    expect(run).toExit(1);
    expect(run).toPrint(`Failed to download ${REGISTRY}/oss/v2/kubernetes/kubelet-sysext:${TAG}\n`);
    expect(run).toHaveCalledTimes('retrycmd_pull_from_registry_with_oras', 1, '10', '5', /^\/opt\/kubelet-sysext\/downloads\/\./, `${REGISTRY}/oss/v2/kubernetes/kubelet-sysext:${TAG}`);
    expect(run).toHaveChangedOnly({ '/opt/kubelet-sysext/downloads': directory() });
  });
});

describe('cleanUpGPUDrivers', () => {
  it.each(SYSEXT_SYSTEMS)('removes what an image for %s carries for GPUs, and nothing else', async (system) => {
    const run = await defineShell(sysextOptions(system))
      .given({ files: { '/usr/local/nvidia/lib': 'x', '/opt/gpu/driver': 'x', '/opt/gpu-tools/file': 'x' } })
      .call('cleanUpGPUDrivers');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/usr/local/nvidia': removed, '/opt/gpu': removed });
  });
});
