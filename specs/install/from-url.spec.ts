import { describe, expect, it } from 'vitest';
import { defineShell, directory, exits, file, fileFrom, removed, symlink, type FileSpecs } from 'shellrig';
import { badTarball, tarball } from '../../fixtures/served/index.js';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { fetching, PORT, SERVER, servedFiles, SERVING_TOOLS, WHILE_SERVED } from '../support/served.js';
import { bothCarried, bothInstalled, curlFrom } from '../support/tarballs.js';
import { ubuntu, ubuntuOptions } from '../support/ubuntu.js';

const DEFAULT = 'https://packages.example/kubernetes-node-linux-amd64.tar.gz';
const CUSTOM = 'https://builds.example/custom.tar.gz';
const PRIVATE = 'https://builds.example/private.tar.gz';
const PRIVATE_FILE = '/opt/kubernetes/downloads/private-packages/private.tar.gz';

/** The call that downloads a tarball. */
const downloads = (url: string) => ['curl', '-fsSL', url, '-o', `/opt/kubernetes/downloads/${url.replace(/.*\//, '')}`] as const;
const DOWNLOADS = { '/opt/kubernetes/downloads': directory() };
const CARRIED_GONE = { '/opt/bin/kubelet-1.34.1': removed, '/opt/bin/kubectl-1.34.1': removed };

const node = ubuntu.given({ vars: { KUBERNETES_VERSION: '1.34.1', KUBE_BINARY_URL: DEFAULT } });

describe('kubelet and kubectl from a real server', () => {
  it('are downloaded, and nothing else is left of it', async () => {
    const server = defineShell({
      ...ubuntuOptions, source: [...ubuntuOptions.source, WHILE_SERVED], tools: [...SERVING_TOOLS],
      stubs: { ...ubuntuOptions.stubs, ...fetching.stubs }, files: { ...ubuntuOptions.files, ...servedFiles(tarball('1.33.5')) },
    });
    const run = await server
      .given({ vars: { KUBERNETES_VERSION: '1.33.5', KUBE_BINARY_URL: `http://${SERVER}/kubernetes-node-linux-amd64-v1.33.5.tar.gz` } })
      .call('while_served', `${PORT}`, 'installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.33.5'), '/opt/kubernetes/downloads': directory(), ...eventFiles(run) });
  });
});

describe('kubelet and kubectl from the default URL', () => {
  it('are downloaded where the image does not carry them', lesson('A4'), async () => {
    const run = await node.given({ stubs: { curl: curlFrom({ [DEFAULT]: tarball('1.34.1') }) } }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toPrint('using private url: , custom url: \n');
    expect(run).toHaveCalled(...downloads(DEFAULT));
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), '/opt/kubernetes/downloads': directory(), ...eventFiles(run) });
    // Both began in the same millisecond: the one that ended first is first.
    expect(eventsOf(run).map(({ TaskName, Message }) => [TaskName, Message])).toEqual([
      ['AKS.CSE.logDownloadURL', `Completed: echo ${DEFAULT}`],
      ['AKS.CSE.installKubeletKubectlFromURL.extractKubeBinaries', `Completed: extractKubeBinaries 1.34.1 ${DEFAULT} false`],
    ]);
  });

  it('are those of the image where it carries them, and its other versions go', lesson('A4', 'C1'), async () => {
    const files = { ...bothCarried('1.34.1'), ...bothCarried('1.34.10'), '/home/hyperkube-downloads/image': 'layers' };
    const run = await node.given({ files }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveChangedOnly({
      ...bothInstalled('1.34.1'), ...Object.fromEntries(Object.keys(files).map((path) => [path, removed])), '/home/hyperkube-downloads': removed,
    });
  });

  it('replace what is there: links, and not what they lead to', lesson('A3'), async () => {
    const files = { '/opt/bin/kubelet': symlink('/opt/elsewhere/kubelet'), '/opt/elsewhere/kubelet': 'precious', '/opt/bin/kubectl': symlink('/opt/elsewhere') };
    const run = await node.given({ files: { ...files, ...bothCarried('1.34.1') } }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), '/opt/bin/kubelet-1.34.1': removed, '/opt/bin/kubectl-1.34.1': removed });
  });

  it('replace a running program, which runs on', async () => {
    const run = await ubuntu.with({ source: [...ubuntuOptions.source, './around-an-install.sh'] })
      .given({ vars: { KUBERNETES_VERSION: '1.34.1' }, files: { ...bothCarried('1.34.1'), '/opt/bin/kubelet': fileFrom('/usr/bin/sleep', { mode: 0o755 }) } })
      .call('while_the_target_runs', '/opt/bin/kubelet', 'installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).not.toPrint('install failed');
    expect(run).toPrint('still runs: /opt/bin/kubelet (deleted)\n');
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...CARRIED_GONE });
  });

  it.each(['kubelet', 'kubectl'])('are downloaded when the image carries no whole %s', lesson('C4'), async (name) => {
    const run = await node
      .given({ files: { ...bothCarried('1.34.1'), [`/opt/bin/${name}-1.34.1`]: file('') }, stubs: { curl: curlFrom({ [DEFAULT]: tarball('1.34.1') }) } })
      .call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...downloads(DEFAULT));
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...CARRIED_GONE, ...DOWNLOADS, ...eventFiles(run) });
  });

  it('are not downloaded again when they are in place', lesson('A5'), async () => {
    const run = await node.given({ files: bothInstalled('1.34.1') }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toPrint('kubelet and kubectl version 1.34.1 are already installed\n');
    expect(run).not.toHaveChanged();
  });

  it('are downloaded when another version is in place', async () => {
    const run = await node.given({ files: bothInstalled('1.34.10'), stubs: { curl: curlFrom({ [DEFAULT]: tarball('1.34.1') }) } }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...downloads(DEFAULT));
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...DOWNLOADS, ...eventFiles(run) });
  });

  it.each([
    ['kubelet', {}],
    ['kubectl', { '/opt/bin/kubelet': bothInstalled('1.34.1')['/opt/bin/kubelet'] ?? '' }],
  ])('end with 204 when %s cannot be put in place, and what it would come from stays as it is', lesson('A5', 'C29'), async (name, changed: FileSpecs) => {
    const run = await node.given({ files: { ...bothCarried('1.34.1'), [`/opt/bin/${name}`]: directory() } }).call('installKubeletKubectlFromURL');

    expect(run).toExit(204);
    expect(run).toPrint(`Failed to install ${name} version 1.34.1\n`);
    expect(run).toPrint(`mv: cannot overwrite directory '/opt/bin/${name}' with non-directory\n`, { on: 'stderr' });
    expect(run).toHaveChangedOnly(changed);
  });

  it('end with 204 when there is neither a URL nor a program', lesson('A5'), async () => {
    const run = await ubuntu.given({ vars: { KUBERNETES_VERSION: '1.34.1' } }).call('installKubeletKubectlFromURL');

    expect(run).toExit(204);
    expect(run).toPrint('No URL is set to install kubelet and kubectl version 1.34.1 from\n');
    expect(run).not.toHaveChanged();
  });

  it('may be asked for with a leading v', async () => {
    const run = await node.given({ vars: { KUBERNETES_VERSION: 'v1.34.1' }, files: bothCarried('1.34.1') }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...CARRIED_GONE });
  });
});

describe('kubelet and kubectl from a custom URL', () => {
  const custom = node.given({ vars: { CUSTOM_KUBE_BINARY_URL: CUSTOM } });

  it('are downloaded, though the image carries that version and others', lesson('C12'), async () => {
    const run = await custom
      .given({ files: { ...bothCarried('1.34.1'), ...bothCarried('1.34.10') }, stubs: { curl: curlFrom({ [CUSTOM]: tarball('1.34.1') }) } })
      .call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toPrint(`using private url: , custom url: ${CUSTOM}\n`);
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run).toHaveChanged({ ...bothInstalled('1.34.1'), ...DOWNLOADS, ...eventFiles(run) });
    expect(run.fs.readdirSync('/opt/bin')).toEqual(['kubectl', 'kubelet']);
  });

  it('never come from the default URL', async () => {
    const run = await custom
      .given({ vars: { PRIVATE_KUBE_BINARY_URL: PRIVATE }, files: { ...bothCarried('1.34.1'), [PRIVATE_FILE]: fileFrom(tarball('1.34.1')) }, stubs: { retrycmd_get_tarball: exits(1) } })
      .call('installKubeletKubectlFromURL');

    expect(run).toExit(31);
    expect(run.calls('retrycmd_get_tarball').map(({ args }) => args)).toEqual([['120', '5', '60', '/opt/kubernetes/downloads/custom.tar.gz', CUSTOM, '300']]);
    expect(run).toHaveChangedOnly({ ...CARRIED_GONE, ...eventFiles(run) });
  });

  it('may have a query, which nobody is told', async () => {
    const run = await custom
      .given({ vars: { CUSTOM_KUBE_BINARY_URL: `${CUSTOM}?sig=se/cret` }, stubs: { curl: curlFrom({ [`${CUSTOM}?sig=se/cret`]: tarball('1.34.1') }) } })
      .call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run.output).not.toContain('cret');
    expect(JSON.stringify(run.events)).not.toContain('cret');
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...DOWNLOADS, ...eventFiles(run) });
    expect(run).toHaveCalled('curl', '-fsSL', `${CUSTOM}?sig=se/cret`, '-o', '/opt/kubernetes/downloads/custom.tar.gz');
  });

  it.each([
    [{ CUSTOM_KUBE_BINARY_URL: CUSTOM, CUSTOM_KUBE_BINARY_DOWNLOAD_URL: DEFAULT }, CUSTOM],
    [{ CUSTOM_KUBE_BINARY_URL: '', CUSTOM_KUBE_BINARY_DOWNLOAD_URL: CUSTOM }, CUSTOM],
    [{ CUSTOM_KUBE_BINARY_DOWNLOAD_URL: CUSTOM }, CUSTOM],
  ])('have two spellings, of which the command line\'s wins: %j', lesson('C12'), async (vars, url) => {
    const run = await ubuntu.given({ vars }).call('readKubeBinaryURLs');

    expect(run).toSucceed();
    expect(run.variable('CUSTOM_KUBE_BINARY_DOWNLOAD_URL')).toBe(url);
  });
});

describe('kubelet and kubectl from a private URL', () => {
  const given = node.given({ vars: { PRIVATE_KUBE_BINARY_URL: PRIVATE } });

  it('come from the tarball that the image carries, which stays', async () => {
    const run = await given.given({ files: { ...bothCarried('1.34.1'), ...bothCarried('1.34.10'), [PRIVATE_FILE]: fileFrom(tarball('1.34.1')) } }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toPrint(`using private url: ${PRIVATE}, custom url: \n`);
    expect(run).not.toHaveCalled('curl');
    expect(run).not.toHaveChanged([PRIVATE_FILE]);
    expect(run).toHaveChanged({ ...bothInstalled('1.34.1'), ...eventFiles(run) });
    expect(run.fs.readdirSync('/opt/bin')).toEqual(['kubectl', 'kubelet']);
  });

  it('are those of the image, where it carries no such tarball', async () => {
    const run = await given.given({ files: bothCarried('1.34.1') }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toPrint(`cached package ${PRIVATE_FILE} not found\n`);
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...CARRIED_GONE, ...eventFiles(run) });
  });

  it('are not there where it carries no such tarball: that is told, and nothing is removed', async () => {
    const run = await ubuntu.given({ files: bothCarried('1.34.10') }).call('extractKubeBinaries', 'v1.34.1', `${PRIVATE}?sig=secret`, 'true');

    expect(run).toExit(1);
    expect(run).toPrint(`cached package ${PRIVATE_FILE} not found\n`);
    expect(JSON.stringify(run.events)).not.toContain('secret');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('come from the default URL, where it carries neither', async () => {
    const run = await given.given({ stubs: { curl: curlFrom({ [DEFAULT]: tarball('1.34.1') }) } }).call('installKubeletKubectlFromURL');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...downloads(DEFAULT));
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...DOWNLOADS, ...eventFiles(run) });
  });

  it('end with 204 when the tarball is bad, which stays for people to look at', async () => {
    const run = await given.given({ files: { [PRIVATE_FILE]: fileFrom(badTarball('missing-kubectl')) } }).call('installKubeletKubectlFromURL');

    expect(run).toExit(204);
    expect(run).toPrint(/^tar: .*\ntar: .*\n$/, { on: 'stderr' });
    expect(run).toHaveChangedOnly({ '/opt/bin': directory(), ...eventFiles(run) });
  });
});
