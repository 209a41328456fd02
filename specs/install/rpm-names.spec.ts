import { describe, expect, it } from 'vitest';
import { returns } from 'shellrig';
import { KINDS, RPM_DISTROS } from '../support/distros.js';
import { lesson } from '../support/lesson.js';

/** Whether a package of one version and release is the wanted one. */
const MATRIX: readonly (readonly [wanted: string, version: string, same: boolean, why: string])[] = [
  ['1.34.1', '1.34.1-1.azl3', true, 'a release of it'],
  ['1.34.1', '1.34.1-10.azl3', true, 'another release of it'],
  ['1.34.1-1.azl3', '1.34.1-1.azl3', true, 'the same release'],
  ['1.34.1-1.azl3', '1.34.1-10.azl3', false, 'the wanted release is the end of another'],
  ['1.34.1-1', '1.34.1-10.azl3', false, 'the wanted release is the beginning of another'],
  ['1.34.1-1', '1.34.1-1.azl3', false, 'a release is wanted whole'],
  ['v1.34.1', '1.34.1-1.azl3', true, 'wanted with a leading v'],
  ['1.34.1', 'v1.34.1-1.azl3', true, 'with a leading v'],
  ['1.34.1', '1:1.34.1-1.azl3', true, 'behind an epoch'],
  ['1:1.34.1-1.azl3', '1.34.1-1.azl3', true, 'wanted with an epoch, which file names leave out'],
  ['1.34.1', '1.34.10-1.azl3', false, 'the wanted one is the prefix of its version'],
  ['1.34.10', '1.34.1-1.azl3', false, 'a prefix of the wanted one'],
  ['1.34.1', '11.34.1-1.azl3', false, 'the wanted one is its end'],
  ['1.34.1', '1x34x1-1.azl3', false, 'other characters in place of the dots'],
  ['1.34.1', '1.34.1.1-1.azl3', false, 'one more number'],
  ['1.34.1', '1.34.2-1.34.1', false, 'the wanted one is its release'],
  ['1.35.0', '1.35.0~beta.1-1.azl3', false, 'a pre-release of it'],
  ['1.35.0~beta.1', '1.35.0~beta.1-1.azl3', true, 'a release of the pre-release'],
  ['1.35.0~beta.1', '1.35.0-1.azl3', false, 'the release of the wanted pre-release'],
  ['1.35.0~beta.1', '1.35.0~beta.10-1.azl3', false, 'a later pre-release'],
  ['1.34.1', '1.34.1+azure-1.azl3', false, 'a build of its own'],
  ['1.34.1+azure', '1.34.1+azure-1.azl3', true, 'the build that is wanted'],
  ['1.*', '1.34.1-1.azl3', false, 'a pattern is no version'],
  ['1.34.1 1.34.2', '1.34.2-1.azl3', false, 'two words are no version'],
];

/** The names are read by the same functions on every distribution with such packages. */
const RPM_KIND = KINDS.filter(([, { kind }]) => kind === 'rpm');

describe.each(RPM_KIND)('on %s', (_, { shell, install, managers: [manager = ''] }) => {
  describe('the wanted version and a package', () => {
    it.each(MATRIX)('in a directory, %s: %s %s (%s)', lesson('B6', 'C3'), async (wanted, version, same) => {
      const path = `/opt/kubelet/downloads/kubelet-${version}.x86_64.rpm`;
      const run = await shell.given({ files: { [path]: '' } }).call('findPackageFile', 'kubelet', wanted, '/opt/kubelet/downloads');

      expect(run).toSucceed();
      expect(run.stdout).toBe(same ? `${path}\n` : '');
    });

    it.each(MATRIX)('in the repositories, %s: %s %s (%s)', lesson('B6', 'C3'), async (wanted, version, same) => {
      const listing = returns(`Available Packages\nkubelet.x86_64   ${version}   azurelinux\n`);
      const run = await shell.given({ stubs: { [manager]: listing, ...(same ? { downloadPkgFromVersion: returns('') } : {}) } }).call(install, 'kubelet', wanted);

      expect(run).toExit(1);
      expect(run).toPrint(same ? `Did not find cached rpm file, downloading kubelet version ${version}\n` : `Failed to find valid kubelet version for ${wanted}\n`);
      expect(run.allCalls.filter(({ name }) => name === 'downloadPkgFromVersion').map(({ args }) => args)).toEqual(Array.from({ length: same ? 3 : 0 }, () => ['kubelet', version, '/opt/kubelet/downloads']));
    });
  });

  it('a package is not the wanted one, whose name begins or ends like it', async () => {
    const names = ['kubelet-extras', 'my-kubelet', 'kubelets', 'kubelet-debuginfo'];
    const files = Object.fromEntries(names.map((name) => [`/opt/kubelet/downloads/${name}-1.34.1-1.azl3.x86_64.rpm`, '']));
    const run = await shell.given({ files }).call('findPackageFile', 'kubelet', '1.34.1', '/opt/kubelet/downloads');

    expect(run).toSucceed();
    expect(run.stdout).toBe('');
  });

  it.each([
    ['x86_64', 'x86_64', true], ['x86_64', 'aarch64', false],
    ['aarch64', 'aarch64', true], ['aarch64', 'x86_64', false],
  ])('on a machine that is %s a package for %s: %s', lesson('C28'), async (machine, architecture, counts) => {
    const path = `/opt/kubelet/downloads/kubelet-1.34.1-1.azl3.${architecture}.rpm`;
    const on = shell.given({ vars: { HOSTTYPE: machine } });
    const found = await on.given({ files: { [path]: '' } }).call('findPackageFile', 'kubelet', '1.34.1', '/opt/kubelet/downloads');
    const listed = await on.given({ stubs: { [manager]: returns(`kubelet.${architecture} 1.34.1-1.azl3 azurelinux\n`) } }).call('listPackageVersions', 'kubelet');

    expect(found).toSucceed();
    expect(found.stdout).toBe(counts ? `${path}\n` : '');
    expect(listed).toSucceed();
    expect(listed.stdout).toBe(counts ? '1.34.1-1.azl3\n' : '');
  });

  it('a package for every machine counts', async () => {
    const path = '/opt/kubelet/downloads/kubelet-1.34.1-1.azl3.noarch.rpm';
    const run = await shell.given({ files: { [path]: '' } }).call('findPackageFile', 'kubelet', '1.34.1', '/opt/kubelet/downloads');

    expect(run).toSucceed();
    expect(run.stdout).toBe(`${path}\n`);
  });

  it('a package of sources counts for no machine', async () => {
    const run = await shell.given({ stubs: { [manager]: returns('kubelet.src 1.34.1-1.azl3 azurelinux\n') } }).call('listPackageVersions', 'kubelet');

    expect(run).toSucceed();
    expect(run.stdout).toBe('');
  });

  it('the highest release counts, and 10 is higher than 2', async () => {
    const files = Object.fromEntries(['1', '2', '10'].map((release) => [`/opt/kubelet/downloads/kubelet-1.34.1-${release}.azl3.x86_64.rpm`, '']));
    const run = await shell.given({ files }).call('findPackageFile', 'kubelet', '1.34.1', '/opt/kubelet/downloads');

    expect(run).toSucceed();
    expect(run.stdout).toBe('/opt/kubelet/downloads/kubelet-1.34.1-10.azl3.x86_64.rpm\n');
  });

  it('a listing whose long names break lines in two is read all the same', async () => {
    const listing = 'Available Packages\nazure-acr-credential-provider.x86_64\n                         1.34.1-1.azl3      azurelinux-official-cloud-native\n';
    const run = await shell.given({ stubs: { [manager]: returns(listing) } }).call('listPackageVersions', 'azure-acr-credential-provider');

    expect(run).toSucceed();
    expect(run.stdout).toBe('1.34.1-1.azl3\n');
  });
});

describe.each(RPM_DISTROS)('on %s', (_, { shell, managers: [manager = ''] }) => {
  it('the words that ask the repositories are not split, nor globbed', lesson('B6'), async () => {
    const run = await shell.given({ files: { '/kubelet-1': '' }, cwd: '/', stubs: { [manager]: returns('') } }).call('listPackageVersions', 'kubelet-* x');

    expect(run).toSucceed();
    expect(run.calls(manager).map(({ args }) => args.slice(0, 2))).toEqual([['list', 'kubelet-* x']]);
  });
});
