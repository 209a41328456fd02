import { describe, expect, it } from 'vitest';
import { directory, file, rest, type Run } from 'shellrig';
import { badTarball, tarball, tarballFaults, type TarballFault } from '../../fixtures/served/index.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { bothInstalled, curlFrom } from '../support/tarballs.js';
import { ubuntu } from '../support/ubuntu.js';

const URL = 'https://packages.example/node.tar.gz';
const DOWNLOADS = { '/opt/kubernetes/downloads': directory() };
/** What hostile members would reach. */
const VICTIMS = { '/opt/victim': file('precious', { mode: 0o600 }), '/opt/victims': directory({ mode: 0o700 }) };

function install(fault: TarballFault): Promise<Run> {
  return ubuntu
    .given({ vars: { KUBERNETES_VERSION: '1.34.1', KUBE_BINARY_URL: URL }, files: VICTIMS, allow: { unasserted: { stderr: [/^tar: /] } }, stubs: { curl: curlFrom({ [URL]: badTarball(fault) }) } })
    .call('installKubeletKubectlFromURL');
}

/** Faults that nothing of what is installed comes near, as only the programs are taken out. */
const HARMLESS: readonly TarballFault[] = ['foreign-owner', 'outside', 'symlinked-directory'];
/** Faults for which it is downloaded again. */
const BROKEN: readonly TarballFault[] = ['truncated', 'no-tarball'];
const BAD = (Object.keys(tarballFaults) as TarballFault[]).filter((fault) => ![...HARMLESS, ...BROKEN].includes(fault));

describe('a tarball that is not as it should be', () => {
  it.each(BAD.map((fault) => [tarballFaults[fault], fault] as const))('is refused with 204, and nothing is put in place: %s', lesson('B9', 'C6'), async (_, fault) => {
    const run = await install(fault);

    expect(run).toExit(204);
    expect(run).toHaveCalledTimes('curl', 1, '-fsSL', URL, rest);
    expect(run).toHaveChangedOnly({ '/opt/bin': directory(), ...DOWNLOADS, ...eventFiles(run) });
  });

  it.each(HARMLESS.map((fault) => [tarballFaults[fault], fault] as const))('gives its programs and nothing else: %s', lesson('A4', 'B12'), async (_, fault) => {
    const run = await install(fault);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 1, '-fsSL', URL, rest);
    expect(run).toHaveChangedOnly({ ...bothInstalled('1.34.1'), ...DOWNLOADS, ...eventFiles(run) });
  });
});

describe('retrycmd_get_tarball', () => {
  const FILE = '/opt/node.tar.gz';

  it('is content with the first whole one', async () => {
    const run = await ubuntu.given({ stubs: { curl: curlFrom({ [URL]: tarball('1.34.1') }) } }).call('retrycmd_get_tarball', '3', '1', '10', FILE, URL, '60');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run).toHaveFile(FILE);
  });

  it.each(BROKEN)('tries as often as it may, sleeps between, and leaves no part of a file: %s', async (fault) => {
    const run = await ubuntu.given({ stubs: { curl: curlFrom({ [URL]: badTarball(fault) }) } }).call('retrycmd_get_tarball', '3', '7', '10', FILE, URL, '60');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('curl', 3);
    expect(run).toHaveSleptTimes('7s', 2);
    expect(run.stderr).toContain(`Failed to download a whole tarball from ${URL}, tried 3 times\n`);
    expect(run).not.toHaveChanged();
  });

  it('stops when the time for all tries is over', async () => {
    const run = await ubuntu.call('retrycmd_get_tarball', '3', '1', '10', FILE, URL, '0');

    expect(run).toExit(1);
    expect(run.stderr).toBe(`Failed to download a whole tarball from ${URL}, tried 1 times\n`);
    expect(run).toHaveCalledTimes('curl', 1);
  });

  it('stops when provisioning has no time left', async () => {
    const run = await ubuntu.given({ vars: { CSE_STARTTIME_SECONDS: '1000' } }).call('retrycmd_get_tarball', '3', '1', '10', FILE, URL, '60');

    expect(run).toExit(1);
    expect(run.stderr).toBe(`CSE timeout approaching, exiting early.\nFailed to download a whole tarball from ${URL}, tried 0 times\n`);
    expect(run).not.toHaveCalled('curl');
    expect(run).not.toHaveSlept();
  });
});
