import { describe, expect, it } from 'vitest';
import { directory, exits, fails, file, handle, rest } from 'shellrig';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { installed } from '../support/packages.js';
import { tries, tryingOnce } from '../support/retries.js';
import { OPENERS_COMPLAIN } from '../support/routine.js';
import { ubuntu } from '../support/ubuntu.js';
import { credentialProviderArchive, hostileArchives, serverWith } from './credential-provider-archive.js';

const NAME = 'azure-acr-credential-provider';
const DIRECTORY = '/var/lib/kubelet/credential-provider';
const TARGET = `${DIRECTORY}/acr-credential-provider`;
const REGISTRY = 'registry.example';
const URL = 'https://packages.example/azure-acr-credential-provider-linux-amd64-v1.34.1.tar.gz';
const archive = await credentialProviderArchive('1.34.1');

describe('the credential provider from its URL', () => {
  const DOWNLOADS = ['curl', '-fsSL', URL, '-o', `/opt/credentialprovider/downloads/${URL.replace(/.*\//, '')}`] as const;
  const LEFT = { '/opt/credentialprovider': directory() };
  const fromUrl = ubuntu.given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: URL } });

  it('is downloaded, put in place, and leaves no archive behind', async () => {
    const run = await fromUrl
      .given({ files: { '/opt/credentialprovider/downloads/older.tar.gz': 'an older archive' }, stubs: { curl: serverWith(archive) } })
      .call('installCredentialProviderFromUrl');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 1, ...DOWNLOADS.slice(1));
    expect(run).toHaveChangedOnly({
      [TARGET]: installed(NAME, '1.34.1'),
      '/opt/credentialprovider/downloads': { spec: 'removed' },
      ...eventFiles(run),
    });
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['AKS.CSE.installCredentialProviderFromUrl.downloadCredentialProvider']);
  });

  it('is tried again when the network fails', async () => {
    const run = await fromUrl.given({ stubs: { curl: fails({ times: 2, exitCode: 6 }).then(serverWith(archive)) } }).call('installCredentialProviderFromUrl');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 3);
    expect(run).toHaveSleptTimes('5s', 2);
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), ...LEFT, ...eventFiles(run) });
  });

  it('ends with 205 when it cannot be downloaded', async () => {
    const run = await fromUrl.given({ stubs: { retrycmd_get_tarball: exits(1) } }).call('installCredentialProviderFromUrl');

    expect(run).toExit(205);
    expect(run).toHaveCalledTimes('retrycmd_get_tarball', 1, '120', '5', '60', DOWNLOADS[4], URL, '300');
    expect(run.stdout).toBe(`Failed to install ${NAME} from ${URL}\n`);
    expect(run).toHaveChangedOnly({ ...LEFT, ...eventFiles(run) });
  });

  it('ends with 205 when it is another version than its URL says', async () => {
    const run = await fromUrl.given({ files: { [TARGET]: 'older' }, stubs: { curl: serverWith(await credentialProviderArchive('1.34.2')) } }).call('installCredentialProviderFromUrl');

    expect(run).toExit(205);
    expect(run).toHaveCalled(...DOWNLOADS);
    expect(run).toHaveChangedOnly({ ...LEFT, ...eventFiles(run) });
  });

  it.each(hostileArchives)('ends with 205, and nothing is written anywhere, when its archive holds %s', lesson('B12', 'C6'), async (_, fault) => {
    const victims = { '/opt/victim': file('precious', { mode: 0o600, owner: '1001:1001' }), '/opt/victims': directory({ mode: 0o700 }) };
    const run = await fromUrl.given({ files: victims, stubs: { curl: serverWith(await credentialProviderArchive('1.34.1', fault)) }, allow: OPENERS_COMPLAIN }).call('installCredentialProviderFromUrl');

    expect(run).toExit(205);
    expect(run).toHaveCalled(...DOWNLOADS);
    expect(run).toHaveChangedOnly({ '/opt/credentialprovider': directory(), [DIRECTORY]: directory(), ...eventFiles(run) });
  });

  it('ends with 205 when what a registry gives is an archive by name alone', async () => {
    const oras = handle(({ args, write }) => write({ [`${args[args.indexOf('-o') + 1]}/provider.tar.gz`]: '<html>502 Bad Gateway</html>' }));
    const run = await ubuntu.given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: `${REGISTRY}/provider:v1.34.1` }, stubs: { oras } }).call('installCredentialProviderFromUrl');

    expect(run).toExit(205);
    expect(run).toHaveCalledTimes('oras', 1, 'pull', `${REGISTRY}/provider:v1.34.1`, rest);
    expect(run).toPrint(/gzip: stdin: not in gzip format\n(tar: .*\n)+$/, { on: 'stderr' });
    expect(run).toHaveChangedOnly({ [DIRECTORY]: directory(), ...LEFT, ...eventFiles(run) });
  });

  it('may have a query, which nobody is told', async () => {
    const run = await fromUrl
      .given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: `${URL}?sig=se/cret` }, stubs: { curl: serverWith(archive) } })
      .call('installCredentialProviderFromUrl');

    expect(run).toSucceed();
    expect(run).toHaveCalled('curl', '-fsSL', `${URL}?sig=se/cret`, ...DOWNLOADS.slice(3));
    expect(run.output + JSON.stringify(run.events)).not.toContain('cret');
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), ...LEFT, ...eventFiles(run) });
  });

  it('has a query that nobody is told when the archive holds something else, either', async () => {
    const run = await fromUrl
      .given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: `${URL}?sig=se/cret` }, stubs: { curl: serverWith(await credentialProviderArchive('1.34.2')) } })
      .call('installCredentialProviderFromUrl');

    expect(run).toExit(205);
    expect(run).toPrint(`${NAME} in ${URL} should be version 1.34.1, but it reports: v1.34.2 \n`);
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run.output + JSON.stringify(run.events)).not.toContain('cret');
    expect(run).toHaveChangedOnly({ [DIRECTORY]: directory(), ...LEFT, ...eventFiles(run) });
  });

  it('has to be set: without one it ends with 205', async () => {
    const run = await ubuntu.call('installCredentialProviderFromUrl');

    expect(run).toExit(205);
    expect(run.stdout).toBe(`No URL is set to install ${NAME} from\n`);
    expect(run.stderr).toBe('');
    expect(run).not.toHaveChanged();
  });

  it('ends with 205 when there is no room to download it to', async () => {
    const run = await fromUrl.given({ files: { '/opt/credentialprovider': 'a file' } }).call('installCredentialProviderFromUrl');

    expect(run).toExit(205);
    expect(run).toPrint('mkdir: cannot create directory', { on: 'stderr' });
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('ends with 205 when a registry gives no archive', async () => {
    const reference = `${REGISTRY}/provider:v1.34.1`;
    const run = await ubuntu.given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: reference }, stubs: { oras: exits(0) } }).call('installCredentialProviderFromUrl');

    expect(run).toExit(205);
    expect(run).toPrint(`There is no .tar.gz in ${reference}\n`);
    expect(run).toHaveCalledTimes('oras', 1, 'pull', reference, rest);
    expect(run.stderr).toBe('');
    expect(run).toHaveChangedOnly({ ...LEFT, ...eventFiles(run) });
  });

  it('may be a reference in a registry', async () => {
    const oras = handle(({ args, write }) => write({ [`${args[args.indexOf('-o') + 1]}/provider.tar.gz`]: { spec: 'file', content: archive } }));
    const run = await ubuntu
      .given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: `${REGISTRY}/provider:v1.34.1` }, stubs: { oras } })
      .call('installCredentialProviderFromUrl');

    expect(run).toSucceed();
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveCalledTimes('oras', 1, 'pull', `${REGISTRY}/provider:v1.34.1`, rest);
    expect(run).toHaveChangedOnly({ [TARGET]: installed(NAME, '1.34.1'), ...LEFT, ...eventFiles(run) });
  });

  it('ends with 208 when the registry does not have it', async () => {
    const run = await ubuntu.given({ vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: `${REGISTRY}/provider:v1.34.1` }, stubs: tryingOnce }).call('installCredentialProviderFromUrl');

    expect(run).toExit(208);
    expect(run).toHaveCalledInOrder([tries(10, 5, 'oras', 'pull', `${REGISTRY}/provider:v1.34.1`, rest), ['oras', 'pull', `${REGISTRY}/provider:v1.34.1`, rest]]);
    expect(run).toHaveChangedOnly({ ...LEFT, ...eventFiles(run) });
  });
});
