import { describe, expect, it } from 'vitest';
import { defineShell, directory, file, handle, symlink, type FileSpecs, type Given, type Shell } from 'shellrig';
import { atomicReplacement, boundedWaiting, changesOnlyUnder, idempotence, noLeftovers, noSecrets } from 'shellrig/invariants';
import { sysext, tarball } from '../../fixtures/served/index.js';
import { DISTROS } from '../support/distros.js';
import { EVENTS_DIRECTORY } from '../support/events.js';
import { cachedFile, imageBinary } from '../support/packages.js';
import { carriedSysext, orasWithSysexts, SYSEXT_SYSTEMS, sysextOptions } from '../support/sysexts.js';
import { bothCarried, curlFrom } from '../support/tarballs.js';
import { ubuntu } from '../support/ubuntu.js';
import { credentialProviderArchive } from './credential-provider-archive.js';

const URL = 'https://packages.example/node.tar.gz';
const SIGNATURE = 'sv-2024-sig-hush';
const PROVIDER = '/var/lib/kubelet/credential-provider/acr-credential-provider';

/** What a node is told and nobody else may read. */
const secrets = { TLS_BOOTSTRAP_TOKEN: 'abcdef.0123456789abcdef', SERVICE_PRINCIPAL_CLIENT_SECRET: 'client~secret' };

const OLDER: FileSpecs = { '/opt/bin/kubelet': file('older', { mode: 0o4711, owner: '1001:1001' }), '/opt/bin/kubectl': 'older' };

/** What may be where the program goes, beside an older one. */
const FOUND: readonly (readonly [string, FileSpecs])[] = [
  ['nothing', {}],
  ['a link', { '/opt/bin/kubelet': symlink('/opt/elsewhere/kubelet'), '/opt/elsewhere/kubelet': 'precious' }],
  ['a directory', { '/opt/bin/kubelet': directory({ mode: 0o750 }) }],
];

/** What holds however programs are installed, beside what the shells themselves declare; each run is made twice. */
function installing(shell: Shell, targets: readonly [string, ...string[]], changed: readonly string[]): Shell {
  return shell.with({
    env: secrets,
    // What each install does is the subject of its own specs.
    allow: { unasserted: true },
    files: { '/opt/bin/': directory(), '/var/lib/kubelet/credential-provider/': directory() },
    invariants: [
      atomicReplacement(...targets),
      idempotence(),
      noLeftovers(),
      boundedWaiting({ within: '30m', sleeps: 240 }),
      changesOnlyUnder([...targets, ...changed, EVENTS_DIRECTORY]),
      noSecrets(),
    ],
  });
}

describe.each(DISTROS)('on %s', (_, { shell, install, cached, sources, bad }) => {
  const node = installing(shell, ['/opt/bin/kubelet'], ['/opt/bin/kubelet-*', '/opt/kubelet/downloads', '/var/cache/apt/archives']);
  const put = (given: Given, files: FileSpecs) => node.given(given).given({ files }).call(install, 'kubelet', '1.34.1');
  const GOOD: readonly (readonly [string, Given])[] = [
    ['the image', { files: { ...imageBinary('kubelet', '1.34.1'), ...imageBinary('kubelet', '1.34.10') } }],
    ['a cached package', { files: { ...cached('kubelet', '1.34.1'), ...imageBinary('kubelet', '1.34.10') } }],
    ['a downloaded package', { stubs: sources('kubelet', ['1.34.1']) }],
    ['a package that is enforced', { vars: { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'true' }, stubs: sources('kubelet', ['1.34.1']) }],
    ['a package where the program of the image is cut', { files: { '/opt/bin/kubelet-1.34.1': file(''), ...cached('kubelet', '1.34.1') } }],
  ];
  const BAD: readonly (readonly [string, Given])[] = [
    ['a truncated package', { files: cachedFile('kubelet', bad('truncated')) }],
    ['a package without the program', { files: cachedFile('kubelet', bad('missing-binary')) }],
    ['a package of another version', { files: cachedFile('kubelet', bad('other-version')) }],
    ['nowhere', {}],
  ];

  it.each(GOOD)('kubelet from %s', async (_, given) => {
    const run = await put(given, OLDER);

    expect(run).toSucceed();
  });

  it.each(BAD)('no kubelet from %s', async (_, given) => {
    const run = await put(given, OLDER);

    expect(run).toExit(1);
    expect(run).not.toHaveChanged('/opt/bin/kubelet');
  });

  it.each(FOUND)('kubelet in place of %s', async (found, files) => {
    for (const [, given] of GOOD.slice(0, 2)) {
      const run = await put(given, files);

      expect(run).toExit(found === 'a directory' ? 1 : 0);
    }
  });
});

describe('kubelet and kubectl from a URL', () => {
  const node = installing(ubuntu, ['/opt/bin/kubelet', '/opt/bin/kubectl'], ['/opt/bin/kube*-*', '/opt/kubernetes/downloads', '/home/hyperkube-downloads']);
  const from = (url: string, given: Given) => node.given({ files: OLDER, vars: { KUBERNETES_VERSION: '1.34.1', KUBE_BINARY_URL: url } }).given(given).call('installKubeletKubectlFromURL');

  it('are those of the image', async () => {
    const run = await from(URL, { files: { ...bothCarried('1.34.1'), ...bothCarried('1.34.10'), '/home/hyperkube-downloads/image': 'layers' } });

    expect(run).toSucceed();
  });

  it('are downloaded, and the key in the URL stays between curl and the server', async () => {
    const run = await from(`${URL}?sig=${SIGNATURE}`, { stubs: { curl: curlFrom({ [`${URL}?sig=${SIGNATURE}`]: tarball('1.34.1') }) } });

    expect(run).toSucceed();
    expect(run).toHold(noSecrets({ values: [SIGNATURE], in: ['stdout', 'stderr', 'events', 'files'] }));
  });

  it('are not there', async () => {
    const run = await from(URL, {});

    expect(run).toExit(31);
    expect(run).not.toHaveChanged('/opt/bin/kubelet');
  });

  it('are of another version', async () => {
    const run = await from(URL, { stubs: { curl: curlFrom({ [URL]: tarball('1.34.10') }) } });

    expect(run).toExit(204);
    expect(run).not.toHaveChanged('/opt/bin/kubelet');
  });
});

describe('the credential provider from a URL', () => {
  const node = installing(ubuntu, [PROVIDER], ['/opt/credentialprovider/downloads']);

  const ARCHIVES: readonly (readonly [string, (() => Promise<Uint8Array>) | undefined, number])[] = [
    ['is downloaded', () => credentialProviderArchive('1.34.1'), 0],
    ['is of another version', () => credentialProviderArchive('1.34.2'), 205],
    ['is not there', undefined, 205],
  ];

  it.each(ARCHIVES)('%s', async (_, archive, exitCode) => {
    const stubs = archive && { curl: handle(async ({ args, write }) => { await write({ [args.at(-1) ?? '']: file(await archive()) }); }) };
    const run = await node.given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: 'https://packages.example/v1.34.1/provider.tar.gz' }, ...(stubs && { stubs }), files: { [PROVIDER]: 'older' } }).call('installCredentialProviderFromUrl');

    expect(run).toExit(exitCode);
  });
});

describe.each(SYSEXT_SYSTEMS)('system extensions on %s', (system) => {
  const node = installing(defineShell(sysextOptions(system)), ['/opt/bin/kubelet', '/opt/bin/kubectl'], ['/opt/bin/kube*-*', '/opt/kubelet-sysext', '/opt/kubectl-sysext', '/etc/extensions', '/usr/bin', '/usr/lib/extension-release.d', '/opt/kubernetes']);
  const tag = 'v1.34.1-1-amd64';

  it.each([
    ['the image', { files: { ...carriedSysext('kubelet', '1.34.1'), ...carriedSysext('kubectl', '1.34.1') } }, 0],
    ['a registry', { stubs: { oras: orasWithSysexts(Object.fromEntries((['kubelet', 'kubectl'] as const).map((tool) => [`registry.example/oss/v2/kubernetes/${tool}-sysext:${tag}`, sysext(tool, '1.34.1')]))) } }, 0],
    ['nowhere', {}, 204],
  ] as const)('of kubelet and kubectl from %s', async (_, given, exitCode) => {
    const run = await node.given({ files: OLDER, vars: { KUBERNETES_VERSION: '1.34.1' } }).given(given).call('installKubeletKubectlFromPkg', '1.34.1', 'registry.example');

    expect(run).toExit(exitCode);
  });
});
