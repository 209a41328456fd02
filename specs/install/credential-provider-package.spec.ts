import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directory, file, fileFrom, handle, removed, rest, type FileSpecs } from 'shellrig';
import { rpm } from '../../fixtures/packages/index.js';
import { DISTROS } from '../support/distros.js';
import { componentsFile } from '../support/components.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedFile, installed } from '../support/packages.js';
import { OPENERS_COMPLAIN } from '../support/routine.js';
import { mariner, marinerOptions, osguard } from '../support/azure-linux.js';

const NAME = 'azure-acr-credential-provider';
const DIRECTORY = '/var/lib/kubelet/credential-provider';
const TARGET = `${DIRECTORY}/acr-credential-provider`;
const VERSIONS = (release: string) => [{ latestVersion: `1.34.1-${release}`, previousLatestVersion: `1.33.5-${release}` }, { latestVersion: `1.35.0-${release}` }];

/** The images know these versions of the package; for Kubernetes 1.34 it is 1.34.1. */
const components = componentsFile({
  [`${NAME}-pmc`]: { ubuntu: { r2204: VERSIONS('ubuntu22.04u1') }, azurelinux: { 'v3.0': VERSIONS('1.azl3') } },
});

describe.each(DISTROS)('the credential provider from its package on %s', (_, { shell, cached, bad, sources, managers, downloads, downloaded }) => {
  const install = (files: FileSpecs) => shell.given({ files: { ...components, ...files } });

  it('is of the version that fits Kubernetes, lies where kubelet looks, and is all that is taken', lesson('B4'), async () => {
    const run = await install(cached(NAME, '1.34.1', '1.34.10', '1.35.0')).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toPrint('installing azure-acr-credential-provider package version: 1.34.1\n');
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), [`/opt/${NAME}/downloads`]: removed, ...eventFiles(run) });
    for (const manager of managers) expect(run).not.toHaveCalled(manager);
  });

  it('is downloaded where no package is cached', async () => {
    const run = await install({}).given({ stubs: sources(NAME, ['1.34.1']) }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...downloads(NAME, '1.34.1'));
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), ...downloaded(NAME, '1.34.1'), ...eventFiles(run) });
  });

  it('takes the directory of the providers over for root', async () => {
    const given = { [DIRECTORY]: directory({ owner: '1001:1001' }), [`${DIRECTORY}/other`]: file('other', { owner: '1001:1001' }) };
    const run = await install({ ...given, ...cached(NAME, '1.34.1') }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      [DIRECTORY]: directory({ mode: 0o755, owner: 'root:root' }),
      [`${DIRECTORY}/other`]: file('other', { owner: 'root:root' }),
      [TARGET]: installed(NAME, '1.34.1'),
      [`/opt/${NAME}/downloads`]: removed,
      ...eventFiles(run),
    });
  });

  it('ends with 205 when there is none', async () => {
    const run = await install({}).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toExit(205);
    expect(run).toPrint(`Failed to find valid ${NAME} version for 1.34.1`);
    expect(run).toHaveChangedOnly({ [DIRECTORY]: directory() });
  });

  it.each(['missing-binary', 'truncated'] as const)('ends with 205 when its package is bad: %s', lesson('C8'), async (fault) => {
    const run = await install(cachedFile(NAME, bad(fault, NAME))).given({ allow: OPENERS_COMPLAIN }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toExit(205);
    expect(run).toHaveChangedOnly({ [DIRECTORY]: directory(), ...eventFiles(run) });
  });

  it('ends with 205 when the image knows no version', async () => {
    const run = await shell.given({ files: componentsFile({}) }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toExit(205);
    expect(run).not.toHaveChanged();
  });

  it('is found again by a second install, which changes nothing', lesson('A5'), async () => {
    const run = await install({ [TARGET]: installed(NAME, '1.34.1') }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toPrint(`${NAME} version 1.34.1 is already installed\n`);
    expect(run).not.toHaveChanged();
  });
});

describe('the version of the credential provider on Azure Linux', () => {
  it('is looked up by the version of the system', async () => {
    const run = await mariner.given({ files: components }).call('selectCredentialProvider', '1.33.0');

    expect(run).toSucceed();
    expect(run).toPrint('1.33.5-1.azl3\n');
    expect(run.variable('CREDENTIAL_PROVIDER_VERSION')).toBe('1.33.5');
  });

  it('is looked up as current, where the version of the system is unknown', async () => {
    const files = componentsFile({ [`${NAME}-pmc`]: { azurelinux: { current: [{ latestVersion: '1.34.9-1.azl3' }] } } });
    const shell = mariner.with({ files: { ...marinerOptions.files, '/etc/os-release': 'ID=azurelinux\n' } });
    const run = await shell.given({ files }).call('selectCredentialProvider', '1.34.0');

    expect(run).toSucceed();
    expect(run).toPrint('1.34.9-1.azl3\n');
    expect(run.variable('CREDENTIAL_PROVIDER_VERSION')).toBe('1.34.9');
  });

  it('is that of Azure Linux on Mariner too, which is its older name', async () => {
    const files = componentsFile({ [`${NAME}-pmc`]: { azurelinux: { 'v2.0': [{ latestVersion: '1.34.9-1.cm2' }] }, mariner: { 'v2.0': [{ latestVersion: '1.0.0-1.cm2' }] } } });
    const shell = mariner.with({ files: { '/etc/os-release': 'ID=mariner\nVERSION_ID="2.0"\n' } });
    const run = await shell.given({ files }).call('selectCredentialProvider', '1.34.0');

    expect(run).toSucceed();
    expect(run).toPrint('1.34.9-1.cm2\n');
    expect(run.variable('CREDENTIAL_PROVIDER_VERSION')).toBe('1.34.9');
  });
});

describe('the credential provider\'s .rpm from the registry of the cluster', () => {
  const oras = handle(({ args, write }) => {
    const path = rpm(NAME, '1.34.1');
    return write({ [`${args[args.indexOf('-o') + 1]}/${basename(path)}`]: fileFrom(path) });
  });
  const VERB = ['installCredentialProviderPackageFromBootstrapProfileRegistry', 'registry.example', '1.34.7'] as const;

  it('is pulled for the system and its version, and has its program taken out, on Azure Linux', async () => {
    const run = await mariner.given({ files: components, stubs: { oras } }).call(...VERB);

    expect(run).toSucceed();
    expect(run).toHaveCalled('oras', 'pull', `registry.example/aks/packages/kubernetes/${NAME}:v1.34.1`, '-o', `/tmp/kubernetes/downloads/${NAME}`,
      '--registry-config', '/etc/oras/config.yaml', '--platform=linux/amd64:azurelinux 3.0');
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1') });
    expect(run).not.toHaveCalled('dnf');
  });

  it('is not what was asked for, when the registry gives another version', async () => {
    const run = await mariner.given({ stubs: { oras } }).call('installToolFromBootstrapProfileRegistry', NAME, 'registry.example', '1.34.10', TARGET);

    expect(run).toExit(1);
    expect(run).toPrint(`Failed to locate ${NAME} rpm\nFailed to install ${NAME} from local repo /tmp/kubernetes/downloads/${NAME}\n`);
    expect(run).toHaveCalled('oras', 'pull', `registry.example/aks/packages/kubernetes/${NAME}:v1.34.10`, rest);
    expect(run).not.toHaveChanged();
  });

  it('is not taken on OS Guard, which where packages are enforced ends with 208', async () => {
    const run = await osguard.given({ vars: { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'true' }, files: components, stubs: { oras } }).call(...VERB);

    expect(run).toExit(208);
    expect(run).toHaveCalled('oras', 'pull', `registry.example/aks/packages/kubernetes/${NAME}:v1.34.1`, rest);
    expect(run).toHaveChangedOnly({ [DIRECTORY]: directory() });
  });
});
