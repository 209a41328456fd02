import { describe, expect, it } from 'vitest';
import { defineShell, directory } from 'shellrig';
import { componentsFile } from '../support/components.js';
import { eventFiles } from '../support/events.js';
import { installed } from '../support/packages.js';
import { fetching, PORT, SERVER, servedRegistry, SERVING_TOOLS, WHILE_SERVED } from '../support/served.js';
import { ubuntuOptions } from '../support/ubuntu.js';
import { credentialProviderArchive } from './credential-provider-archive.js';

const NAME = 'azure-acr-credential-provider';
const TARGET = '/var/lib/kubelet/credential-provider/acr-credential-provider';
const ARCHIVE = `${NAME}-linux-amd64-v1.34.1.tar.gz`;

const { oras: _, ...withoutOras } = ubuntuOptions.stubs;
const server = defineShell({
  ...ubuntuOptions, source: [...ubuntuOptions.source, WHILE_SERVED], tools: [...SERVING_TOOLS],
  stubs: { ...withoutOras, ...fetching.stubs },
  files: {
    ...ubuntuOptions.files, ...fetching.files, ...servedRegistry(),
    ...componentsFile({ [`${NAME}-pmc`]: { ubuntu: { r2204: [{ latestVersion: '1.34.1-ubuntu22.04u1' }] } } }),
    [`/srv/${ARCHIVE}`]: { spec: 'file', content: await credentialProviderArchive('1.34.1') },
  },
});

describe('the credential provider from a real server', () => {
  it('comes from its URL, and nothing else is left of it', async () => {
    const run = await server
      .given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: `http://${SERVER}/${ARCHIVE}` } })
      .call('while_served', `${PORT}`, 'installCredentialProviderFromUrl');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), '/opt/credentialprovider': directory(), ...eventFiles(run) });
  });

  it('comes out of its package in a registry, and nothing else is left of it', async () => {
    const run = await server.call('while_served', `${PORT}`, 'installCredentialProviderPackageFromBootstrapProfileRegistry', SERVER, '1.34.7');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1') });
  });

  it('comes from its URL when the registry gives something else', async () => {
    const run = await server
      .given({ files: { [`/srv/v2/aks/packages/kubernetes/${NAME}/manifests/v1.34.1`]: '<html>502 Bad Gateway</html>' }, vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: `http://${SERVER}/${ARCHIVE}` } })
      .call('while_served', `${PORT}`, 'installCredentialProviderPackageFromBootstrapProfileRegistry', SERVER, '1.34.7');

    expect(run).toSucceed();
    expect(run).toPrint('Failed to pull azure-acr-credential-provider package from registry\n');
    expect(run).toHaveSleptTimes('5s', 9);
    expect(run.stderr).toMatch(/^(parse error: .*\n){10}Executed "oras pull .*" 10 times; giving up \(last exit status: \d+\)\.\n$/);
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), '/opt/credentialprovider': directory(), ...eventFiles(run) });
  });
});
