import { describe, expect, it } from 'vitest';
import { directory, exits, file, fileFrom, handle, removed, rest, returns, type Given } from 'shellrig';
import { tarball } from '../../fixtures/served/index.js';
import { componentsFile } from '../support/components.js';
import { configuring, configuringAzureLinux } from '../support/configuring.js';
import { curlFrom } from '../support/tarballs.js';

const URL = 'https://packages.example/cni.tgz';
const BIN = '/opt/cni/bin';
/** An archive that is whole; what it holds need not be what a network takes. */
const archive = tarball('1.34.1');
const UNPACKED = Object.fromEntries(['kubelet', 'kubectl'].map((name) => [`${BIN}/kubernetes/node/bin/${name}`, file()]));
const program = (path: string) => ({ [path]: file('', { mode: 0o755 }) });

describe('the programs of containers\' networks', () => {
  const network = (vars: Record<string, string>, given: Given = {}) => configuring.given({ vars, files: { [`${BIN}/file`]: '' } }).given(given).call('installNetworkPlugin');

  it('come from a URL where the image has none', async () => {
    const run = await network({ NETWORK_PLUGIN: 'azure', VNET_CNI_PLUGINS_URL: URL, CNI_PLUGINS_URL: '' }, { stubs: { curl: curlFrom({ [URL]: archive }) } });

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly(UNPACKED);
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run).toPrint(`there is no ${BIN}/bridge, and no URL is set to get it from\n`, { on: 'stdout' });
  });

  it('come from the archive that the image carries', async () => {
    const run = await network({ CNI_PLUGINS_URL: `${URL}?key=secret` }, { files: { '/opt/cni/downloads/cni.tgz': fileFrom(archive) } });

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ ...UNPACKED, '/opt/cni/downloads': removed });
    expect(run).not.toHaveCalled('curl');
  });

  it('are left alone where they are there', async () => {
    const run = await network({ NETWORK_PLUGIN: 'azure', VNET_CNI_PLUGINS_URL: URL }, { files: { ...program(`${BIN}/azure-vnet`), ...program(`${BIN}/bridge`) } });

    expect(run).toSucceed();
    expect(run.stdout).toBe(`${BIN}/azure-vnet is already installed\n`);
    expect(run).not.toHaveChanged();
  });

  it.each<[string, Given]>([
    ['cannot be downloaded', { stubs: { retrycmd_get_tarball: exits(1) } }],
    ['are not whole', { files: { '/opt/cni/downloads/cni.tgz': 'no archive' } }],
  ])('end the boot with 41 where they %s', async (_, given) => {
    const run = await network({ CNI_PLUGINS_URL: URL }, { ...given, allow: { unasserted: { calls: ['retrycmd_get_tarball'], stderr: true, changes: ['/opt/cni/downloads'] } } });

    expect(run).toExit(41);
  });

  it('have directories for everybody to read', async () => {
    const run = await configuring.given({ files: { [`${BIN}/azure-vnet`]: file('', { mode: 0o700, owner: '1001:1001' }) } }).call('setupCNIDirs');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [`${BIN}/azure-vnet`]: file('', { mode: 0o755, owner: 'root:root' }), '/etc/cni/net.d': directory() });
  });
});

describe('the client of secure TLS bootstrapping', () => {
  const CLIENT = '/opt/bin/aks-secure-tls-bootstrap-client';
  const wanted = { ENABLE_SECURE_TLS_BOOTSTRAPPING: 'true' };

  it('is taken away where nobody wants it', async () => {
    const run = await configuring.given({ files: program(CLIENT) }).call('installSecureTLSBootstrapClient');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [CLIENT]: removed });
  });

  it('of the image is left where it is', async () => {
    const run = await configuring.given({ vars: wanted, files: program(CLIENT) }).call('installSecureTLSBootstrapClient');

    expect(run).toSucceed();
    expect(run).not.toHaveChanged();
  });

  it('comes from a URL that is set for it, whose query nobody is told; without it in the archive the boot ends', async () => {
    const make = handle(async ({ args, write }) => {
      await write({ [args.at(-1) ?? '']: fileFrom(archive) });
      return 0;
    });
    const run = await configuring.given({ vars: { ...wanted, CUSTOM_SECURE_TLS_BOOTSTRAP_CLIENT_URL: `${URL}?key=secret` }, stubs: { curl: make } }).call('installSecureTLSBootstrapClient');

    expect(run).toExit(169);
    expect(run.stdout).toBe(`Failed to locate aks-secure-tls-bootstrap-client in ${URL}\n`);
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run).toHaveChangedOnly({ '/opt/bin': directory() });
  });

  it.each<[string, Given]>([
    ['the image has none', {}],
    ['it cannot be downloaded', { vars: { CUSTOM_SECURE_TLS_BOOTSTRAP_CLIENT_URL: URL }, stubs: { retrycmd_get_tarball: exits(1) } }],
  ])('ends the boot with 169 where %s', async (_, given) => {
    const run = await configuring.given({ vars: wanted }).given(given).given({ allow: { unasserted: { calls: ['retrycmd_get_tarball'], changes: ['/opt/bin'] } } }).call('installSecureTLSBootstrapClient');

    expect(run).toExit(169);
  });
});

describe('containerd on an image that does not carry it', () => {
  const PACKAGE = 'https://packages.example/containerd.deb';
  const components = componentsFile({ containerd: { ubuntu: { r2204: [{ latestVersion: '2.0.0-ubuntu22.04u1', previousLatestVersion: '1.7.27-ubuntu22.04u1' }] }, azurelinux: { 'v3.0': [{ latestVersion: '2.0.0-6.azl3' }] } } });
  const APT = { unasserted: { calls: ['fuser'] } };
  const install = (...packages: string[]) => ['apt-get', 'install', '-y', '--no-install-recommends', '--allow-downgrades', '-o', 'Dpkg::Options::=--force-confold', ...packages] as [string, ...string[]];

  it.each<[string, Given, string]>([
    ['the highest version that the image\'s list has', { vars: { KUBERNETES_VERSION: '1.34.1' }, files: components }, 'moby-containerd=2.0.0-ubuntu22.04u1*'],
    ['the version that is asked for', { vars: { CONTAINERD_VERSION: '1.7.27' } }, 'moby-containerd=1.7.27*'],
  ])('is installed on Ubuntu: %s', async (_, given, wanted) => {
    const run = await configuring.given(given).given({ stubs: { 'dpkg-query': exits(1) }, allow: APT }).call('installContainerRuntime');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...install(wanted));
    expect(run).toHaveCalledTimes('dpkg-query', 1);
    expect(run.calls('apt-get')).toHaveLength(1);
  });

  it('is installed from the package that is asked for, and the package is gone afterwards', async () => {
    const run = await configuring.given({ vars: { CONTAINERD_VERSION: '1.7.27', CONTAINERD_PACKAGE_URL: PACKAGE }, stubs: { curl: curlFrom({ [PACKAGE]: archive }) }, allow: APT }).call('installContainerRuntime');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 1, '-fsSL', PACKAGE, '-o', expect.stringMatching(/^\/opt\/containerd\/\.download\.\w+\/containerd\.deb$/));
    expect(run.calls('apt-get')[0]?.args.at(-1)).toMatch(/\/containerd\.deb$/);
    expect(run).toHaveChangedOnly({ '/opt/containerd': directory() });
  });

  it('is left alone where it is of that version', async () => {
    const run = await configuring.given({ vars: { CONTAINERD_VERSION: '1.7.27' }, stubs: { 'dpkg-query': returns('1.7.27-ubuntu22.04u1') } }).call('installContainerRuntime');

    expect(run).toSucceed();
    expect(run.stdout).toContain('containerd 1.7.27-ubuntu22.04u1 is already installed\n');
    expect(run).toHaveCalledTimes('dpkg-query', 1, '-W', '-f', '${Version}', 'moby-containerd');
    expect(run).not.toHaveCalled('apt-get');
  });

  it.each<[string, Given]>([
    ['no version is known', { vars: { KUBERNETES_VERSION: '1.34.1' }, files: componentsFile({}) }],
    ['it cannot be installed', { vars: { CONTAINERD_VERSION: '1.7.27' }, stubs: { 'dpkg-query': exits(1), 'apt_get_install': exits(1) } }],
    ['its package cannot be downloaded', { vars: { CONTAINERD_VERSION: '1.7.27', CONTAINERD_PACKAGE_URL: PACKAGE }, stubs: { retrycmd_if_failure: exits(1) } }],
  ])('ends the boot with 28 where %s', async (_, given) => {
    const run = await configuring.given(given).given({ allow: { unasserted: { calls: ['dpkg-query', 'apt_get_install', 'retrycmd_if_failure'], changes: ['/opt/containerd'] } } }).call('installContainerRuntime');

    expect(run).toExit(28);
  });

  it.each<[string, Given, string]>([
    ['of the list', { vars: { KUBERNETES_VERSION: '1.34.1' }, files: components }, 'containerd2-2.0.0-6.azl3'],
    ['that is asked for', { vars: { CONTAINERD_VERSION: '2.1.0', CONTAINERD_PACKAGE_URL: 'https://packages.example/containerd.rpm' } }, 'https://packages.example/containerd.rpm'],
  ])('is installed on Azure Linux: the package %s', async (_, given, wanted) => {
    const run = await configuringAzureLinux.given(given).given({ stubs: { dnf: exits(0) } }).call('installContainerRuntime');

    expect(run).toSucceed();
    expect(run.calls('dnf').map(({ args }) => args)).toEqual([['install', '-y', wanted]]);
  });

  it.each<[string, Given]>([
    ['no version is known', { vars: { KUBERNETES_VERSION: '1.34.1' }, files: componentsFile({}) }],
    ['it cannot be installed', { vars: { CONTAINERD_VERSION: '2.1.0' }, stubs: { retryWithMakecache: exits(1) } }],
  ])('ends the boot with 28 on Azure Linux where %s', async (_, given) => {
    const run = await configuringAzureLinux.given(given).given({ allow: { unasserted: { calls: ['retryWithMakecache'] } } }).call('installContainerRuntime');

    expect(run).toExit(28);
  });
});

describe('what a node takes beside', () => {
  it('is installed on Ubuntu, from lists that are new', async () => {
    const run = await configuring.given({ allow: { unasserted: { calls: ['fuser'] } } }).call('installDeps');

    expect(run).toSucceed();
    expect(run.calls('apt-get').map(({ args }) => args.filter((word) => /^(update|install|jq)$/.test(word)))).toEqual([['update'], ['install', 'jq']]);
  });

  it.each([['apt_get_update_with_opts', 99], ['apt_get_install', 9]] as const)('ends the boot where %s fails, with %d', async (name, code) => {
    const run = await configuring.given({ stubs: { [name]: exits(1) }, allow: { unasserted: { calls: ['apt-get'] } } }).call('installDeps');

    expect(run).toExit(code);
    expect(run).toHaveCalledTimes(name, 1);
  });

  it('is tried again with new lists, and says what could not be installed', async () => {
    const run = await configuring.given({ stubs: { apt_get_update_with_opts: exits(0), 'apt-get': exits(100) } }).call('apt_get_install', '3', '5', '600', 'jq');

    expect(run).toExit(1);
    expect(run.calls('apt-get')).toHaveLength(3);
    expect(run).toHaveCalledTimes('apt_get_update_with_opts', 2);
    expect(run).toHaveSleptTimes('5s', 2);
    expect(run).toPrint('Failed to install jq with apt-get in 3 tries\n', { on: 'stderr' });
  });

  it('is part of other systems', async () => {
    const run = await configuringAzureLinux.call('eval', 'installDeps; aptmarkWALinuxAgent hold');

    expect(run).toSucceed();
    expect(run.stdout).toBe('installDeps: nothing to do on this system\naptmarkWALinuxAgent hold: nothing to do on this system\n');
  });
});

describe('what lets several graphics processors speak with each other', () => {
  it('is of the version of their drivers', async () => {
    const run = await configuring.given({ vars: { GPU_DRIVER_VERSION: '570.1.2' }, allow: { unasserted: { calls: ['fuser'] } } }).call('installNvidiaFabricManager');

    expect(run).toSucceed();
    expect(run).toHaveCalled('apt-get', 'install', rest);
    expect(run.calls('apt-get')[0]?.args.at(-1)).toBe('nvidia-fabricmanager-570');
  });

  it('ends the boot with 85 where it cannot be installed', async () => {
    const run = await configuring.given({ stubs: { apt_get_install: exits(1) } }).call('installNvidiaFabricManager');

    expect(run).toExit(85);
    expect(run).toHaveCalledTimes('apt_get_install', 1);
  });
});
