import { describe, expect, it } from 'vitest';
import { defineShell, exits, fileFrom, returns, when, type FileSpecs, type Run, type Stub } from 'shellrig';
import contentTest from '#image/test/linux-vhd-content-test.sh';
import helpers from '#node/cse_helpers.sh';
import install from '#node/cse_install.sh';
import flatcarInstall from '#node/flatcar/cse_install_flatcar.sh';
import marinerInstall from '#node/mariner/cse_install_mariner.sh';
import ubuntuInstall from '#node/ubuntu/cse_install_ubuntu.sh';
import { componentsFile } from '../support/components.js';
import { lesson } from '../support/lesson.js';
import { cachedDebs, cachedRpms, imageBinary } from '../support/packages.js';
import { carriedSysext } from '../support/sysexts.js';

const CONTAINERS = '/opt/azure/containers';
const SYSTEMCTL = when(['show', '-p', 'ActiveState', '--value', 'containerd']).returns('active\n').otherwise(exits(0));
const UBUNTU: FileSpecs = { [`${CONTAINERS}/provision_installs_distro.sh`]: fileFrom(ubuntuInstall), '/etc/os-release': 'ID=ubuntu\nVERSION_ID="22.04"\n' };
const AZURE_LINUX: FileSpecs = { [`${CONTAINERS}/provision_installs_distro.sh`]: fileFrom(marinerInstall), '/etc/os-release': 'ID=azurelinux\nVERSION_ID="3.0"\n' };
const FLATCAR: FileSpecs = { [`${CONTAINERS}/provision_installs_distro.sh`]: fileFrom(flatcarInstall), '/etc/os-release': 'ID=flatcar\nVERSION_ID="4230.2.0"\n' };

const image = defineShell({
  tools: ['jq'],
  files: { [`${CONTAINERS}/provision_source.sh`]: fileFrom(helpers), [`${CONTAINERS}/provision_installs.sh`]: fileFrom(install) },
  stubs: { lsb_release: returns('22.04\n'), systemctl: SYSTEMCTL },
  // A program of the image may be run by nobody yet.
  allow: { unasserted: { calls: ['lsb_release', 'systemctl'], changes: ['/opt/bin/kubelet-1.34.1'] } },
});

const components = componentsFile({
  'kubelet': { ubuntu: { r2204: [{ latestVersion: '1.34.1-ubuntu22.04u1' }] }, azurelinux: { 'v3.0': [{ latestVersion: '1.34.1-1.azl3' }] }, flatcar: { current: [{ latestVersion: '1.34.1' }] } },
  'azure-acr-credential-provider-pmc': { ubuntu: { r2204: [{ latestVersion: '<SKIP>' }] } },
});

/** The test of an image, by the one command with which it is run. */
function tested(files: FileSpecs, { arch = 'x86_64', systemctl = SYSTEMCTL }: { readonly arch?: string; readonly systemctl?: Stub } = {}): Promise<Run> {
  return image.given({ files: { ...components, ...files }, env: { HOSTTYPE: arch }, stubs: { systemctl } }).exec(contentTest, '22.04', 'false', 'Ubuntu', 'main', 'image', 'none', 'commit');
}

describe('an image that holds what its list says', () => {
  it.each([
    ['packages of Ubuntu', { ...UBUNTU, ...cachedDebs('kubelet', '1.34.1'), ...imageBinary('kubelet', '1.34.1') }],
    ['packages of Azure Linux', { ...AZURE_LINUX, ...cachedRpms('kubelet', '1.34.1'), ...imageBinary('kubelet', '1.34.1') }],
    ['system extensions', { ...FLATCAR, ...carriedSysext('kubelet', '1.34.1') }],
  ] satisfies readonly (readonly [string, FileSpecs])[])('passes: %s', async (_, files) => {
    const run = await tested(files);

    expect(run).toSucceed();
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('testPkgDownloaded:Finish kubelet\n');
    expect(run.stdout).toMatch(/no azure-acr-credential-provider for [^]*testPackagesInstalled:Finish\n$/);
  });
});

describe('what is missing', () => {
  it('is told, whatever the architecture', lesson('C27'), async () => {
    const run = await tested({ ...UBUNTU, ...cachedDebs('kubelet', '1.34.1') }, { arch: 'aarch64' });

    expect(run.stderr).toBe([
      'testPkgDownloaded:Error: there is no package of kubelet 1.34.1-ubuntu22.04u1 for arm64 in /opt/kubelet/downloads',
      'testVersionedkubeletPackageBinaries:Error: Binary /opt/bin/kubelet-1.34.1 does not exist', '',
    ].join('\n'));
  });

  it('is told on Azure Linux too', lesson('B7'), async () => {
    const run = await tested({ ...AZURE_LINUX, ...cachedRpms('kubelet', '1.34.1') });

    expect(run.stderr).toBe('testVersionedkubeletPackageBinaries:Error: Binary /opt/bin/kubelet-1.34.1 does not exist\n');
  });

  it.each([
    ['another version, in the package and by its name', imageBinary('kubelet', '1.34.10', '1.34.1'), cachedDebs('kubelet', '1.34.10'), 'The kubelet version is not correct: expected 1.34.1, existing: v1.34.10 '],
    ['nothing but a name', { '/opt/bin/kubelet-1.34.1': '' }, {}, 'Binary /opt/bin/kubelet-1.34.1 does not exist'],
    ['no program', { '/opt/bin/kubelet-1.34.1': 'text' }, {}, 'Binary /opt/bin/kubelet-1.34.1 is not a program to run here: neither ELF nor script'],
  ] satisfies readonly (readonly [string, FileSpecs, FileSpecs, string])[])('is told where there is %s', async (_, binary, packages, said) => {
    const run = await tested({ ...UBUNTU, ...packages, ...binary });

    expect(run.stderr).toBe(`testPkgDownloaded:Error: there is no package of kubelet 1.34.1-ubuntu22.04u1 for amd64 in /opt/kubelet/downloads\ntestVersionedkubeletPackageBinaries:Error: ${said}\n`);
  });

  it('is told where there is no list', async () => {
    const run = await tested({ ...UBUNTU, '/opt/azure/components.json': '' });

    expect(run).toPrint('testPackagesInstalled:Error: there is no list of components: /opt/azure/components.json\n', { on: 'stderr' });
  });
});

describe('containerd', () => {
  it.each([
    ['systemd cannot read its units', when(['daemon-reload']).exits(1), ['daemon-reload'], 'systemd could not read its units anew'],
    ['it does not start', when(['restart', 'containerd']).exits(1).when(['daemon-reload']).exits(0), ['daemon-reload', 'restart containerd'], 'containerd could not be started'],
    ['it ends again', when(['show', '-p', 'ActiveState', '--value', 'containerd']).returns('failed\n').otherwise(exits(0)), ['daemon-reload', 'restart containerd', 'show -p ActiveState --value containerd'], 'containerd was started and is failed'],
  ] satisfies readonly (readonly [string, Stub, string[], string])[])('is started first; where %s that is told, and the other tests are run', lesson('A11'), async (_, systemctl, calls, said) => {
    const run = await tested({ ...UBUNTU, ...cachedDebs('kubelet', '1.34.1'), ...imageBinary('kubelet', '1.34.1') }, { systemctl });

    expect(run.stderr).toBe(`testContainerdStarts:Error: ${said}\n`);
    expect(run.calls('systemctl').map(({ args }) => args.join(' '))).toEqual(calls);
    expect(run.stdout).toMatch(/^testContainerdStarts:Start\ntestContainerdStarts:Finish\n[^]*testPackagesInstalled:Finish\n$/);
  });
});
