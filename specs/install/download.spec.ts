import { describe, expect, it } from 'vitest';
import { directory, exits, fails, file, fileFrom, handle, returns, takes, type FileSpecs, type Run } from 'shellrig';
import { deb, type ReleaseName } from '../../fixtures/packages/index.js';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { imageBinary, installed } from '../support/packages.js';
import { packageSources } from '../support/package-sources.js';
import { ubuntu } from '../support/ubuntu.js';

const ARCHIVES = '/var/cache/apt/archives';

/** The call that fetches a package of a release, and what is there afterwards. */
const fetches = (release: string, name = 'kubelet') => ['curl', '-fLJO', `https://packages.example/ubuntu/pool/${name}_${release}_amd64.deb`] as const;
const fetched = (run: Run, release: ReleaseName, file_ = `kubelet_${release}-ubuntu22.04u1_amd64.deb`): FileSpecs => ({
  '/opt/bin/kubelet': installed('kubelet', release), '/opt/kubelet': directory(), [`${ARCHIVES}/${file_}`]: file(), ...eventFiles(run),
});

describe('a package that only the sources have', () => {
  it('is downloaded, has its binary taken out, and stays in the cache of apt alone', async () => {
    const run = await ubuntu.given({ stubs: packageSources('kubelet', ['1.34.1']) }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toPrint('Did not find cached deb file, downloading kubelet version 1.34.1-ubuntu22.04u1\n');
    expect(run).toPrint('Succeeded to download kubelet version 1.34.1-ubuntu22.04u1\n');
    expect(run).toHaveCalledTimes('curl', 1, ...fetches('1.34.1-ubuntu22.04u1').slice(1));
    expect(run).toHaveChangedOnly(fetched(run, '1.34.1'));
  });

  it('is asked for in this order: update the list of Microsoft, list, find, fetch, extract', async () => {
    const run = await ubuntu.given({ stubs: packageSources('kubelet', ['1.34.1']) }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([
      ['apt-get', '-o', 'Dir::Etc::sourcelist=/etc/apt/sources.list.d/microsoft-prod.list', '-o', 'Dir::Etc::sourceparts=-', '-o', 'APT::Get::List-Cleanup=0', 'update'],
      ['apt', 'list', 'kubelet', '--all-versions'],
      ['apt-get', '--print-uris', '-y', 'download', 'kubelet=1.34.1-ubuntu22.04u1'],
      ['curl', '-fLJO', 'https://packages.example/ubuntu/pool/kubelet_1.34.1-ubuntu22.04u1_amd64.deb'],
      ['dpkg-deb', '-x', '/opt/kubelet/downloads/kubelet_1.34.1-ubuntu22.04u1_amd64.deb', /^\/opt\/bin\//],
    ]);
    expect(run).toHaveChangedOnly(fetched(run, '1.34.1'));
  });

  it('is downloaded under one event and extracted under another', async () => {
    const run = await ubuntu.given({ stubs: packageSources('kubectl', ['1.34.1']) }).call('installPkgWithAptGet', 'kubectl', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...fetches('1.34.1-ubuntu22.04u1', 'kubectl'));
    expect(run).toHaveChanged({ '/opt/bin/kubectl': installed('kubectl', '1.34.1'), [`${ARCHIVES}/kubectl_1.34.1-ubuntu22.04u1_amd64.deb`]: file(), '/opt/kubectl': directory() });
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual([
      'AKS.CSE.installkubectlFromPkg.downloadPkgFromVersion',
      'AKS.CSE.installkubectl.extractDebBinaryFromFile',
    ]);
  });

  it('has an epoch that its file name leaves out', lesson('C25'), async () => {
    const run = await ubuntu.given({ stubs: packageSources('kubelet', ['1.34.2']) }).call('installPkgWithAptGet', 'kubelet', '1.34.2');

    expect(run).toSucceed();
    expect(run).toHaveCalled('apt-get', '--print-uris', '-y', 'download', 'kubelet=1:1.34.2-ubuntu22.04u1');
    expect(run).toHaveCalled(...fetches('1.34.2-ubuntu22.04u1'));
    expect(run).toHaveChangedOnly(fetched(run, '1.34.2'));
  });

  it('leaves the variables of the caller alone', lesson('C25'), async () => {
    const vars = { packageName: 'mine', packageVersion: 'mine', downloadDir: 'mine', version: 'mine', package: 'mine', deb: 'mine' };
    const run = await ubuntu.given({ vars, stubs: packageSources('kubelet', ['1.34.1']) }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...fetches('1.34.1-ubuntu22.04u1'));
    expect(run).toHaveChangedOnly(fetched(run, '1.34.1'));
    expect(Object.fromEntries(Object.keys(vars).map((name) => [name, run.variable(name)]))).toEqual(vars);
  });

  it('is the one for this machine, though another architecture has a newer release', lesson('C28'), async () => {
    const arm = { version: '1.34.1-ubuntu22.04u9', architecture: 'arm64', path: deb('kubelet', '1.34.10') };
    const run = await ubuntu.given({ stubs: packageSources('kubelet', [arm, '1.34.1']) }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...fetches('1.34.1-ubuntu22.04u1'));
    expect(run).toHaveChangedOnly(fetched(run, '1.34.1'));
  });

  it('is of the newest release of that version', async () => {
    const run = await ubuntu
      .given({ stubs: packageSources('kubelet', ['1.34.1-ubuntu22.04u2', '1.34.1', '1.34.10']) })
      .call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled('apt-get', '--print-uris', '-y', 'download', 'kubelet=1.34.1-ubuntu22.04u2');
    expect(run).toHaveCalled(...fetches('1.34.1-ubuntu22.04u2'));
    expect(run).toHaveChangedOnly(fetched(run, '1.34.1', 'kubelet_1.34.1-ubuntu22.04u2_amd64.deb'));
  });

  it('is told from another package whose name begins alike', async () => {
    const stubs = packageSources('kubelet', ['1.34.1']);
    const run = await ubuntu
      .given({ stubs: { ...stubs, apt: returns('Listing...\nkubelet-extras/jammy 1.34.1-ubuntu22.04u9 amd64\nkubelet/jammy 1.34.1-ubuntu22.04u1 amd64\n') } })
      .call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled('apt-get', '--print-uris', '-y', 'download', 'kubelet=1.34.1-ubuntu22.04u1');
    expect(run).toHaveCalled(...fetches('1.34.1-ubuntu22.04u1'));
    expect(run).toHaveChangedOnly(fetched(run, '1.34.1'));
  });

  it('is linked from a cache of apt on another file system', async () => {
    const run = await ubuntu
      .given({ vars: { APT_CACHE_DIR: '/dev/shm/archives/' }, stubs: packageSources('kubelet', ['1.34.1']) })
      .call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...fetches('1.34.1-ubuntu22.04u1'));
    expect(run).toHaveChangedOnly({
      '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/kubelet': directory(), '/dev/shm/archives/kubelet_1.34.1-ubuntu22.04u1_amd64.deb': file(), ...eventFiles(run),
    });
  });
});

describe('a download that goes wrong', () => {
  const offers = packageSources('kubelet', ['1.34.1']);
  const { 'apt-get': aptGet, curl: download } = offers;

  it('is tried again', async () => {
    const curl = fails({ times: 2, exitCode: 56 }).then(offers.curl);
    const run = await ubuntu.given({ stubs: { ...offers, curl } }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 3);
    expect(run).toHaveSleptTimes('30s', 2);
    expect(run).toHaveChangedOnly(fetched(run, '1.34.1'));
  });

  it('ends provisioning with 9 after the last try, and leaves nothing behind', async () => {
    const files = imageBinary('kubelet', '1.34.10');
    const run = await ubuntu.given({ files, stubs: { 'apt': offers.apt, 'apt-get': aptGet, 'apt_get_download': exits(1) } }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(9);
    expect(run).toHaveCalledTimes('apt_get_download', 1, '20', '30', 'kubelet=1.34.1-ubuntu22.04u1');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('leaves no half of a package in the cache of apt', async () => {
    const curl = handle(async ({ cwd, write }) => {
      await write({ [`${cwd}/kubelet_1.34.1-ubuntu22.04u1_amd64.deb`]: 'half' });
      return 18;
    });
    const run = await ubuntu.given({ stubs: { 'apt-get': aptGet, curl } }).call('apt_get_download', '2', '1', 'kubelet=1.34.1-ubuntu22.04u1');

    expect(run).toExit(1);
    expect(run).toHaveCalledInOrder([fetches('1.34.1-ubuntu22.04u1'), fetches('1.34.1-ubuntu22.04u1')]);
    expect(run).toHaveSleptTimes('1s', 1);
    expect(run).toHaveChangedOnly({ [ARCHIVES]: directory() });
  });

  it('that brings nothing ends provisioning with 9', async () => {
    const run = await ubuntu.given({ stubs: { ...offers, curl: exits(0) } }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(9);
    expect(run).toHaveCalledTimes('curl', 20);
    expect(run).toHaveSleptTimes('30s', 19);
    expect(run.stderr).toBe(`${fetches('1.34.1-ubuntu22.04u1')[2]} gave no package\n`.repeat(20));
    expect(run).toHaveChangedOnly({ [ARCHIVES]: directory(), ...eventFiles(run) });
  });

  it('that brings a package of another name ends provisioning with 9, and says so', async () => {
    const curl = handle(({ cwd, write }) => write({ [`${cwd}/other.deb`]: fileFrom(deb('kubelet', '1.34.1')) }));
    const run = await ubuntu.given({ stubs: { ...offers, curl } }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(9);
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run).toPrint(`Failed to locate kubelet deb of version 1.34.1-ubuntu22.04u1 in ${ARCHIVES}\n`);
    expect(run.stderr).toBe('');
    expect(run).toHaveChangedOnly({ [`${ARCHIVES}/other.deb`]: file(), ...eventFiles(run) });
  });

  it('has an address, or it fails', async () => {
    const run = await ubuntu.given({ stubs: { 'apt-get': returns('Reading package lists...\n') } }).call('apt_get_download', '1', '30', 'kubelet=1.34.1');

    expect(run).toExit(1);
    expect(run.stderr).toBe('apt-get tells no address of kubelet=1.34.1\n');
    expect(run).not.toHaveCalled('curl');
    expect(run).not.toHaveChanged();
  });

  it('has a directory, or it fails', async () => {
    const run = await ubuntu.given({ stubs: { 'apt-get': aptGet, 'mktemp': exits(1) } }).call('apt_get_download', '1', '30', 'kubelet=1.34.1-ubuntu22.04u1');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('mktemp', 1, '-d', /^\/var\/cache\/apt\/archives\//);
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveChangedOnly({ [ARCHIVES]: directory() });
  });

  it('that hangs is ended after five minutes', async () => {
    const run = await ubuntu.given({ stubs: { 'apt-get': aptGet, 'curl': takes('1h') } }).call('apt_get_download', '2', '30', 'kubelet=1.34.1-ubuntu22.04u1');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('curl', 2, ...fetches('1.34.1-ubuntu22.04u1').slice(1));
    expect(run.duration).toBe(2 * 300_000 + 30_000);
    expect(run).toHaveChangedOnly({ [ARCHIVES]: directory() });
  });

  it('ends when provisioning has no time left', async () => {
    const run = await ubuntu.given({ vars: { CSE_STARTTIME_SECONDS: '1' }, stubs: { 'apt-get': aptGet } }).call('apt_get_download', '20', '30', 'kubelet=1.34.1-ubuntu22.04u1');

    expect(run).toExit(1);
    expect(run).toPrint('CSE timeout approaching, exiting early.\n', { on: 'stderr' });
    expect(run).not.toHaveCalled('curl');
    expect(run).not.toHaveSlept();
    expect(run).toHaveChangedOnly({ [ARCHIVES]: directory() });
  });

  it('of a version that is gone meanwhile fails after the last try, without a pause behind it', async () => {
    const run = await ubuntu.given({ stubs: { 'apt-get': aptGet } }).call('apt_get_download', '2', '30', 'kubelet=1.34.1-ubuntu22.04u5');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('apt-get', 2, '--print-uris', '-y', 'download', 'kubelet=1.34.1-ubuntu22.04u5');
    expect(run).toHaveSleptTimes('30s', 1);
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('that is said to have succeeded and brought nothing fails', async () => {
    const run = await ubuntu.given({ stubs: { apt: offers.apt, downloadPkgFromVersion: exits(0) } }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).toPrint('Failed to locate kubelet deb\n');
    expect(run).toHaveCalledTimes('downloadPkgFromVersion', 3, 'kubelet', '1.34.1-ubuntu22.04u1', '/opt/kubelet/downloads');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('is of the release that was asked for, not of one that lies there', async () => {
    const files = { [`${ARCHIVES}/kubelet_1.34.10-ubuntu22.04u1_amd64.deb`]: 'not this one' };
    const run = await ubuntu.given({ files, stubs: { 'apt-get': aptGet, 'curl': download } }).call('downloadPkgFromVersion', 'kubelet', '1.34.1-ubuntu22.04u1', '/opt/there');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...fetches('1.34.1-ubuntu22.04u1'));
    expect(run).toHaveChangedOnly({ '/opt/there/kubelet_1.34.1-ubuntu22.04u1_amd64.deb': file(), [`${ARCHIVES}/kubelet_1.34.1-ubuntu22.04u1_amd64.deb`]: file() });
  });

  it('fails where there is no room for it beside the cache of apt', async () => {
    const run = await ubuntu.given({ files: { '/opt/there': 'a file' }, stubs: { 'apt-get': aptGet, 'curl': download } }).call('downloadPkgFromVersion', 'kubelet', '1.34.1-ubuntu22.04u1', '/opt/there');

    expect(run).toExit(9);
    expect(run).toHaveCalled(...fetches('1.34.1-ubuntu22.04u1'));
    expect(run.stderr).toMatch(/^(mkdir: cannot create directory .*\n)+$/);
    expect(run).toHaveChangedOnly({ [`${ARCHIVES}/kubelet_1.34.1-ubuntu22.04u1_amd64.deb`]: file() });
  });
});
