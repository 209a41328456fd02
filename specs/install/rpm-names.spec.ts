import { describe, expect, it } from 'vitest';
import { returns } from 'shellrig';
import { KINDS, RPM_DISTROS } from '../support/distros.js';
import { lesson } from '../support/lesson.js';

/** The names are read by the same functions on every distribution with such packages. */
const RPM_KIND = KINDS.filter(([, { kind }]) => kind === 'rpm');

describe.each(RPM_KIND)('on %s', (_, { shell, managers: [manager = ''] }) => {
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
