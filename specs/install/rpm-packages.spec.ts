import { describe, expect, it } from 'vitest';
import { directory, fileFrom, removed } from 'shellrig';
import { badRpm, POSTINST_MARK, rpm } from '../../fixtures/packages/index.js';
import { KINDS } from '../support/distros.js';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedFile, cachedRpms, imageBinary, installed } from '../support/packages.js';

const RPM_KIND = KINDS.filter(([, { kind }]) => kind === 'rpm');
const DOWNLOADS = '/opt/kubelet/downloads';

describe.each(RPM_KIND)('an .rpm on %s', (_, { shell, install, managers }) => {
  it('is really opened: the program in it lies at the target afterwards', lesson('B1', 'B2'), async () => {
    const run = await shell.given({ files: cachedRpms('kubelet', '1.34.1') }).call('extractBinaryFromRPM', `${DOWNLOADS}/kubelet-1.34.1-1.azl3.x86_64.rpm`, 'kubelet', '/usr/libexec/kubelet');

    expect(run).toSucceed();
    expect(run.output).toBe('');
    expect(run).toHaveChangedOnly({ '/usr/libexec/kubelet': installed('kubelet', '1.34.1') });
  });

  it('has its program put into /opt/bin where no target is given', async () => {
    const run = await shell.given({ files: cachedRpms('kubectl', '1.34.1') }).call('extractBinaryFromRPM', '/opt/kubectl/downloads/kubectl-1.34.1-1.azl3.x86_64.rpm', 'kubectl');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/bin/kubectl': installed('kubectl', '1.34.1') });
  });

  it('may be named by a relative path', async () => {
    const run = await shell.given({ files: cachedRpms('kubelet', '1.34.1'), cwd: DOWNLOADS }).call('extractBinaryFromRPM', 'kubelet-1.34.1-1.azl3.x86_64.rpm', 'kubelet');

    expect(run).toSucceed();
    expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
  });

  it('may hold its program in usr/local/bin', async () => {
    const run = await shell.given({ files: cachedRpms('kubelet', '1.34.5') }).call(install, 'kubelet', '1.34.5');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.5'), [DOWNLOADS]: removed, ...eventFiles(run) });
  });

  it('is of the highest release, where there are several', async () => {
    const run = await shell.given({ files: cachedRpms('kubelet', '1.34.1', '1.34.1-2.azl3', '1.34.1-10.azl3') }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled('rpm2cpio', `${DOWNLOADS}/kubelet-1.34.1-10.azl3.x86_64.rpm`);
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1-10.azl3'), [DOWNLOADS]: removed, ...eventFiles(run) });
  });

  it('is of the release that is asked for', async () => {
    const run = await shell.given({ files: cachedRpms('kubelet', '1.34.1', '1.34.1-2.azl3', '1.34.1-10.azl3') }).call(install, 'kubelet', '1.34.1-2.azl3');

    expect(run).toSucceed();
    expect(run).toHaveCalled('rpm2cpio', `${DOWNLOADS}/kubelet-1.34.1-2.azl3.x86_64.rpm`);
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1-2.azl3'), [DOWNLOADS]: removed, ...eventFiles(run) });
  });

  it('is not needed where the image carries the program of that release\'s version', lesson('B3'), async () => {
    const run = await shell.given({ files: { ...imageBinary('kubelet', '1.34.1'), ...cachedRpms('kubelet', '1.34.1') } }).call(install, 'kubelet', '1.34.1-1.azl3');

    expect(run).toSucceed();
    expect(run).toPrint('Successfully installed kubelet version 1.34.1-1.azl3 from binary fallback\n');
    expect(run).not.toHaveCalled('rpm2cpio');
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/bin/kubelet-1.34.1': removed, [DOWNLOADS]: removed });
  });

  it('has what it depends on beside it, which nobody opens or installs', lesson('B4'), async () => {
    const dependency = cachedFile('kubelet', rpm('kubectl', '1.34.1'), 'conntrack-tools-1.34.1-1.azl3.x86_64.rpm');
    const run = await shell.given({ files: { ...dependency, ...cachedRpms('kubelet', '1.34.1') } }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('rpm2cpio', 1);
    for (const manager of managers) expect(run).not.toHaveCalled(manager);
    expect(run).not.toHaveFile(POSTINST_MARK);
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), [DOWNLOADS]: removed, ...eventFiles(run) });
  });

  it('is opened under an event that tells of a failure too', async () => {
    const run = await shell.given({ files: cachedFile('kubelet', badRpm('truncated')) }).call(install, 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run.stderr).toBe('cpio: premature end of file\n');
    expect(run).toHaveChangedOnly({ '/opt/bin': directory(), ...eventFiles(run) });
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['AKS.CSE.installkubelet.extractBinaryFromRPM']);
  });

  it('cannot be unpacked where no directory can be made', async () => {
    const run = await shell.given({ files: { ...cachedRpms('kubelet', '1.34.1'), '/opt/file': 'a file' } }).call('extractBinaryFromRPM', `${DOWNLOADS}/kubelet-1.34.1-1.azl3.x86_64.rpm`, 'kubelet', '/opt/file/kubelet');

    expect(run).toExit(1);
    expect(run.stderr).toMatch(/^mkdir: cannot create directory .*\n$/);
    expect(run).not.toHaveCalled('rpm2cpio');
    expect(run).not.toHaveChanged();
  });

  it('is looked for below RPM_PACKAGE_CACHE_BASE_DIR, where that is set', async () => {
    const files = { '/cache/kubelet/downloads/kubelet-1.34.1-1.azl3.x86_64.rpm': fileFrom(rpm('kubelet', '1.34.1')), ...cachedFile('kubelet', badRpm('truncated')) };
    const run = await shell.given({ vars: { RPM_PACKAGE_CACHE_BASE_DIR: '/cache' }, files }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/cache/kubelet/downloads': removed, ...eventFiles(run) });
  });

  it('in the directory that a registry was pulled to is found by its version', async () => {
    const files = { '/tmp/pulled/kubelet-1.34.1-1.azl3.x86_64.rpm': fileFrom(rpm('kubelet', '1.34.1')) };
    const found = await shell.given({ files }).call('findPackageFile', 'kubelet', '1.34.1', '/tmp/absent', '/tmp/pulled');

    expect(found).toSucceed();
    expect(found.stdout).toBe('/tmp/pulled/kubelet-1.34.1-1.azl3.x86_64.rpm\n');
  });
});

describe.each(RPM_KIND)('where packages lie on %s', (_, { shell }) => {
  it.each([
    ['getPackageCacheRoot', [], '/opt'],
    ['getPackageCacheDir', ['kubelet'], '/opt/kubelet'],
    ['getPackageDownloadDir', ['kubelet'], '/opt/kubelet/downloads'],
  ])('%s %j: %s', async (name, args, path) => {
    const run = await shell.call(name, ...args);

    expect(run).toSucceed();
    expect(run.stdout).toBe(`${path}\n`);
  });
});
