import { describe, expect, it } from 'vitest';
import { defineShell, directory, file, fileFrom, handle, rest, symlink } from 'shellrig';
import { sysext } from '../../fixtures/served/index.js';
import { componentsFile } from '../support/components.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { installed } from '../support/packages.js';
import { tries, tryingOnce } from '../support/retries.js';
import { carriedSysext, merged, orasWithSysexts, SYSEXT_SYSTEMS, sysextOptions, sysextPath } from '../support/sysexts.js';
import { credentialProviderArchive } from './credential-provider-archive.js';

const NAME = 'azure-acr-credential-provider';
const TARGET = '/var/lib/kubelet/credential-provider/acr-credential-provider';
const LINK = symlink(`/usr/bin/${NAME}`);
const URL = 'https://packages.example/azure-acr-credential-provider-linux-amd64-v1.34.1.tar.gz';
const ENFORCED = { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'true' };
const archive = await credentialProviderArchive('1.34.1');
const FROM_URL = { curl: handle(({ args, write }) => write({ [args.at(-1) ?? '']: { spec: 'file', content: archive } })) };

/** What a merged system extension brings into /usr, with the link to it; and what the archive leaves. */
const MERGED = { ...merged(NAME, 'v1.34.1-1-amd64'), [`/usr/bin/${NAME}`]: installed(NAME, '1.34.1'), [`/usr/lib/extension-release.d/extension-release.${NAME}-sysext`]: file() };
const LEFT = { '/opt/credentialprovider': directory() };

/** The image's list of components, as each system is named in it. */
const components = componentsFile({
  [`${NAME}-pmc`]: { flatcar: { current: [{ latestVersion: '1.34.1-1' }, { latestVersion: '1.33.5-1' }] }, azurelinux: { current: [{ latestVersion: 'v1.34.1' }] } },
});

describe.each(SYSEXT_SYSTEMS)('the credential provider on %s', (system) => {
  const node = defineShell(sysextOptions(system)).given({ files: components });

  it('is merged from the system extension that the image carries, and linked where kubelet looks', async () => {
    const run = await node.given({ files: { ...carriedSysext(NAME, '1.34.1'), [TARGET]: 'older' } }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).not.toHaveCalled('oras');
    expect(run).toHaveCalledTimes('systemd-sysext', 1, 'refresh');
    expect(run).toHaveChangedOnly({ [TARGET]: LINK, ...MERGED });
  });

  it.each([
    ['the public registry', 'mcr.microsoft.com', ['installCredentialProviderFromPkg', '1.34.7']],
    ['the registry of the cluster', 'registry.example', ['installCredentialProviderPackageFromBootstrapProfileRegistry', 'registry.example', '1.34.7']],
  ])('is pulled from %s where the image carries none', async (_, registry, [name = '', ...args]) => {
    const oras = orasWithSysexts({ [`${registry}/oss/v2/kubernetes/${NAME}-sysext:v1.34.1-1-amd64`]: sysext(NAME, '1.34.1') });
    const run = await node.given({ stubs: { oras } }).call(name, ...args);

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([['oras', 'pull', `${registry}/oss/v2/kubernetes/${NAME}-sysext:v1.34.1-1-amd64`, rest], ['systemd-sysext', 'refresh']]);
    expect(run).toHaveChangedOnly({ [TARGET]: LINK, ...MERGED, [sysextPath(NAME, 'v1.34.1-1-amd64')]: fileFrom(sysext(NAME, '1.34.1')) });
  });

  it('ends with 231 when there is none and packages are enforced', lesson('B8'), async () => {
    const run = await node.given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: URL, ...ENFORCED }, stubs: tryingOnce }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toExit(231);
    expect(run).toPrint('Kube PMC install is enforced, not installing the credential provider from url\n');
    expect(run).toHaveCalled(...tries(10, 5, 'oras', 'repo', 'tags', rest));
    expect(run).not.toHaveCalled('curl');
    expect(run).not.toHaveChanged();
  });
});

describe('the credential provider of a system extension', () => {
  const node = defineShell(sysextOptions('flatcar'));

  it('comes from its URL when there is no system extension', async () => {
    const run = await node.given({ files: components, vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: URL }, stubs: { ...FROM_URL, ...tryingOnce } }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toPrint(`Failed to install ${NAME} from a system extension, falling back to url installation\n`);
    expect(run).toHaveCalledInOrder([tries(10, 5, 'oras', 'repo', 'tags', rest), ['curl', '-fsSL', URL, rest]]);
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), ...LEFT, ...eventFiles(run) });
  });

  it('is of the version in the URL, where the image knows none', async () => {
    const run = await node
      .given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: URL }, files: { ...componentsFile({}), ...carriedSysext(NAME, '1.34.1'), ...carriedSysext(NAME, '1.34.10', 'v1.34.10-1-amd64') } })
      .call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('systemd-sysext', 1, 'refresh');
    expect(run).toHaveChangedOnly({ [TARGET]: LINK, ...MERGED });
  });

  it('comes from its URL when no version can be told', async () => {
    const url = 'https://packages.example/provider.tar.gz';
    const run = await node
      .given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: url }, files: { ...componentsFile({}), ...carriedSysext(NAME, '1.34.1') }, stubs: FROM_URL })
      .call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).not.toHaveCalled('systemd-sysext');
    expect(run).toHaveCalledTimes('curl', 1, '-fsSL', url, rest);
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), ...LEFT, ...eventFiles(run) });
  });

  it('comes from its URL when another version is merged, which does not stay', async () => {
    const run = await node
      .given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: URL }, files: { ...components, ...carriedSysext(NAME, '1.34.10', 'v1.34.1-1-amd64') }, stubs: FROM_URL })
      .call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toPrint(`The system extension of ${NAME} should be version 1.34.1, but it reports: v1.34.10`);
    expect(run).toHaveCalledInOrder([['systemd-sysext', 'refresh'], ['systemd-sysext', 'refresh'], ['curl', '-fsSL', URL, rest]]);
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), '/etc/extensions': directory(), '/usr/lib/extension-release.d': directory(), ...LEFT, ...eventFiles(run) });
  });

  it('may keep its version to itself, which kubelet may not', async () => {
    const silent = { '/usr/bin/silent': { spec: 'file', content: '#!/bin/sh\n', mode: 0o755 } } as const;
    const provider = await node.given({ files: { [`/usr/bin/${NAME}`]: silent['/usr/bin/silent'] } }).call('_usr_bin_has', NAME, '1.34.1');
    const kubelet = await node.given({ files: { '/usr/bin/kubelet': silent['/usr/bin/silent'] } }).call('_usr_bin_has', 'kubelet', '1.34.1');

    expect(provider).toSucceed();
    expect(kubelet).toExit(1);
    expect(kubelet.stdout).toBe('The system extension of kubelet should be version 1.34.1, but it reports: none\n');
  });

  it('cannot take the place of a directory: it comes from its URL or not at all, and does not stay merged', lesson('C29'), async () => {
    const run = await node
      .given({ vars: ENFORCED, files: { ...components, ...carriedSysext(NAME, '1.34.1'), [TARGET]: directory(), [`${TARGET}/file`]: 'precious' } })
      .call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toExit(231);
    expect(run.stderr).toMatch(/^mv: cannot overwrite directory .*\n$/);
    expect(run).toHaveCalledTimes('systemd-sysext', 2, 'refresh');
    expect(run).toHaveChangedOnly({ '/etc/extensions': directory(), '/usr/lib/extension-release.d': directory() });
  });
});

it('an image that carries a system extension under a link that leads nowhere has none', async () => {
  const run = await defineShell(sysextOptions('flatcar'))
    .given({ files: { '/opt/kubelet-sysext/downloads/kubelet-sysext-v1.34.1-1-amd64.raw': symlink('/opt/gone') } })
    .call('findSysext', 'kubelet-sysext', '1.34.1');

  expect(run).toSucceed();
  expect(run.stdout).toBe('');
  expect(run).not.toHaveChanged();
});
