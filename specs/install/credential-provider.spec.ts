import { describe, expect, it } from 'vitest';
import { directory, exits, file, fileFrom, handle, removed, rest, returns, type FileSpecs } from 'shellrig';
import { deb } from '../../fixtures/packages/index.js';
import { componentsFile } from '../support/components.js';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedDebs, installed } from '../support/packages.js';
import { tries, tryingOnce } from '../support/retries.js';
import { packageSources } from '../support/package-sources.js';
import { ubuntu } from '../support/ubuntu.js';
import { credentialProviderArchive, serverWith } from './credential-provider-archive.js';

const NAME = 'azure-acr-credential-provider';
const DIRECTORY = '/var/lib/kubelet/credential-provider';
const TARGET = `${DIRECTORY}/acr-credential-provider`;
const REGISTRY = 'registry.example';
const URL = 'https://packages.example/azure-acr-credential-provider-linux-amd64-v1.34.1.tar.gz';

/** The image knows these versions of the package; for Kubernetes 1.34 it is 1.34.1. */
const components = componentsFile({
  [`${NAME}-pmc`]: { ubuntu: { r2204: [{ latestVersion: '1.34.1-ubuntu22.04u1', previousLatestVersion: '1.33.5-ubuntu22.04u1' }, { latestVersion: '1.35.0-ubuntu22.04u1' }] } },
});

describe('the credential provider from its package', () => {
  const install = (files: FileSpecs) => ubuntu.given({ files: { ...components, ...files } });

  it('is of the version that fits Kubernetes, and lies where kubelet looks', async () => {
    const run = await install(cachedDebs(NAME, '1.34.1', '1.34.10', '1.35.0')).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toPrint('installing azure-acr-credential-provider package version: 1.34.1\n');
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), [`/opt/${NAME}/downloads`]: removed, ...eventFiles(run) });
  });

  it('is downloaded where no package is cached', async () => {
    const run = await install({}).given({ stubs: packageSources(NAME, ['1.34.1']) }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toHaveCalled('curl', '-fLJO', `https://packages.example/ubuntu/pool/${NAME}_1.34.1-ubuntu22.04u1_amd64.deb`);
    expect(run).toHaveChanged({ [TARGET]: installed(NAME, '1.34.1'), [`/opt/${NAME}`]: directory(), [`/var/cache/apt/archives/${NAME}_1.34.1-ubuntu22.04u1_amd64.deb`]: file() });
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual([
      `AKS.CSE.install${NAME}FromPkg.downloadPkgFromVersion`,
      `AKS.CSE.install${NAME}.extractDebBinaryFromFile`,
    ]);
  });

  it('has no versioned binary to fall back to: one that lies there is left alone', async () => {
    const run = await install({ ...cachedDebs(NAME, '1.34.1'), '/opt/bin/acr-credential-provider-1.34.1': 'other' }).call('installCredentialProviderFromPkg', '1.34.7');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), [`/opt/${NAME}/downloads`]: removed, ...eventFiles(run) });
  });
});

/** The registry of a cluster that has the provider's package: `oras pull REFERENCE -o DIRECTORY ...`. */
function registryWith(path: string) {
  return handle(async ({ args, write }) => {
    await write({ [`${args[args.indexOf('-o') + 1]}/${path.replace(/.*\//, '')}`]: fileFrom(path) });
  });
}

/** The call that pulls the provider's package. */
const PULLS = ['oras', 'pull', `${REGISTRY}/aks/packages/kubernetes/${NAME}:v1.34.1`, '-o', `/tmp/kubernetes/downloads/${NAME}`, rest] as const;

describe('the credential provider from the registry of the cluster', () => {
  it('is pulled by version and platform, and taken out of its package', async () => {
    const run = await ubuntu
      .given({ files: components, stubs: { oras: registryWith(deb(NAME, '1.34.1')) } })
      .call('installCredentialProviderPackageFromBootstrapProfileRegistry', REGISTRY, '1.34.7');

    expect(run).toSucceed();
    expect(run).toHaveCalled('oras', 'pull', `${REGISTRY}/aks/packages/kubernetes/${NAME}:v1.34.1`, '-o', `/tmp/kubernetes/downloads/${NAME}`,
      '--registry-config', '/etc/oras/config.yaml', '--platform=linux/amd64:ubuntu 22.04');
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1') });
  });

  it.each([
    ['v1.34.1', 'v1.34.1'],
    ['1.34.1', 'v1.34.1'],
    ['1.35.0~beta.1', 'v1.35.0-beta.1'],
  ])('has for version %s the tag %s', lesson('C13'), async (version, tag) => {
    const run = await ubuntu.given({ stubs: { retrycmd_pull_from_registry_with_oras: exits(1) } }).call('installToolFromBootstrapProfileRegistry', 'kubelet', REGISTRY, version, '/opt/bin/kubelet');

    expect(run).toExit(1);
    expect(run).toPrint('Failed to pull kubelet package from registry\n');
    expect(run).toHaveCalledTimes('retrycmd_pull_from_registry_with_oras', 1, '10', '5', '/tmp/kubernetes/downloads/kubelet', `${REGISTRY}/aks/packages/kubernetes/kubelet:${tag}`, /^--platform=/);
  });

  it('is not pulled without an operating system to ask for', async () => {
    const run = await ubuntu.given({ vars: { OS_VERSION: '' } }).call('installToolFromBootstrapProfileRegistry', 'kubelet', REGISTRY, '1.34.1', '/opt/bin/kubelet');

    expect(run).toExit(1);
    expect(run.stdout).toBe('OS_VERSION is not set\n');
    expect(run).not.toHaveCalled('oras');
  });

  it('fails when what was pulled holds no such package', async () => {
    const run = await ubuntu
      .given({ stubs: { oras: registryWith(deb(NAME, '1.34.10')) } })
      .call('installToolFromBootstrapProfileRegistry', NAME, REGISTRY, '1.34.1', TARGET);

    expect(run).toExit(1);
    expect(run).toPrint(`Failed to locate ${NAME} deb\nFailed to install ${NAME} from local repo /tmp/kubernetes/downloads/${NAME}\n`);
    expect(run).toHaveCalledTimes('oras', 1, ...PULLS.slice(1));
    expect(run).not.toHaveChanged();
  });

  it('is of the version in the URL, where the image knows none', async () => {
    const run = await ubuntu
      .given({ files: componentsFile({}), vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: URL }, stubs: { oras: registryWith(deb(NAME, '1.34.1')) } })
      .call('installCredentialProviderPackageFromBootstrapProfileRegistry', REGISTRY, '1.34.7');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('oras', 1, ...PULLS.slice(1));
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1') });
  });

  it('returns 208 when no version can be told', async () => {
    const run = await ubuntu.given({ files: componentsFile({}) }).call('installCredentialProviderPackageFromBootstrapProfileRegistry', REGISTRY, '1.34.7');

    expect(run).toExit(208);
    expect(run).toPrint(`Failed to determine the version of ${NAME} for Kubernetes 1.34.7`);
  });

  it('comes from the URL when the registry does not have it', async () => {
    const run = await ubuntu
      .given({ files: components, vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: URL }, stubs: { ...tryingOnce, curl: serverWith(archive) } })
      .call('installCredentialProviderPackageFromBootstrapProfileRegistry', REGISTRY, '1.34.7');

    expect(run).toSucceed();
    expect(run).toPrint('Fall back to install credential provider from url installation\n');
    expect(run).toHaveCalledInOrder([tries(10, 5, ...PULLS), PULLS, ['curl', '-fsSL', URL, rest]]);
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), '/opt/credentialprovider': directory(), ...eventFiles(run) });
  });

  it('ends with 208 when the registry does not have it and packages are enforced', async () => {
    const run = await ubuntu
      .given({ files: components, vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: URL, SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'true' }, stubs: tryingOnce })
      .call('installCredentialProviderPackageFromBootstrapProfileRegistry', REGISTRY, '1.34.7');

    expect(run).toExit(208);
    expect(run).toHaveCalledInOrder([tries(10, 5, ...PULLS), PULLS]);
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveChangedOnly({ [DIRECTORY]: directory() });
  });
});

const archive = await credentialProviderArchive('1.34.1');

describe('the version of the credential provider', () => {
  it('is looked up by the release of Ubuntu', async () => {
    const run = await ubuntu.given({ files: components }).call('selectCredentialProvider', '1.33.0');

    expect(run).toSucceed();
    expect(run).toPrint('1.33.5-ubuntu22.04u1\n');
    expect(run.variable('CREDENTIAL_PROVIDER_VERSION')).toBe('1.33.5');
  });

  it('is looked up as current, where the release is unknown', async () => {
    const files = componentsFile({ [`${NAME}-pmc`]: { ubuntu: { current: [{ latestVersion: '1.34.9-1' }] } } });
    const shell = ubuntu.with({ stubs: { lsb_release: returns('') } });
    const run = await shell.given({ files }).call('selectCredentialProvider', '1.34.0');

    expect(run).toSucceed();
    expect(run).toPrint('1.34.9-1\n');
    expect(run.variable('CREDENTIAL_PROVIDER_VERSION')).toBe('1.34.9');
  });

  it('is none where the image knows none, whatever was known before', async () => {
    const run = await ubuntu
      .given({ files: componentsFile({}), vars: { PACKAGE_VERSION: '1.0.0-1', CREDENTIAL_PROVIDER_VERSION: '1.0.0' } })
      .call('selectCredentialProvider', '1.34.0');

    expect(run).toSucceed();
    expect(run).toPrint(`INFO: no version of ${NAME}-pmc for UBUNTU 22.04 in /opt/azure/components.json\n`);
    expect(run.variable('CREDENTIAL_PROVIDER_VERSION')).toBe('');
  });

  it.each([[URL, '1.34.1\n'], ['https://packages.example/provider.tar.gz', '']])('in the URL %s is %j', async (url, printed) => {
    const run = await ubuntu.given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: url } }).call('credentialProviderUrlVersion');

    expect(run).toSucceed();
    expect(run.stdout).toBe(printed);
  });
});
