import { createPublicKey, verify } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { bash, defineShell, directory, exits, file, real, removed, rest, returns, symlink, when } from 'shellrig';
import { Authority, certified, DIRECTORY } from './acme.fixture.js';
import { debianProgram } from './debian-program.fixture.js';

const dehydrated = await debianProgram('dehydrated', '/usr/bin/dehydrated', /^0\.7\.0-/);

const HOME = '/etc/dehydrated';
const CERTS = `${HOME}/certs/example.org`;
const HOOK = `${HOME}/hook.sh`;
// The client's name for the account's folder: the authority's URL and a line end, in base64.
const ACCOUNT = `${HOME}/accounts/${Buffer.from(`${DIRECTORY}\n`).toString('base64url')}`;
const FOLDERS = { [`${HOME}/accounts`]: directory({ mode: 0o700 }), [ACCOUNT]: directory({ mode: 0o700 }) };
const CONFIG = `CA=${DIRECTORY}\nOPENSSL_CNF=/etc/ssl/openssl.cnf\nKEYSIZE=2048\nKEY_ALGO=prime256v1\n`;

const account = dehydrated.missing === undefined ? certified('account', 1) : { key: '', certificate: '' };
const site = dehydrated.missing === undefined ? certified('example.org', 90) : { key: '', certificate: '' };
const chain = `${site.certificate}${account.certificate}`;

const shell = defineShell({
  tools: ['openssl'],
  // The certificates are good for some days from now on.
  clock: { start: `${new Date().toISOString().slice(0, 19)}Z` },
  limits: { time: '60s' },
  files: {
    [`${HOME}/config`]: CONFIG,
    [`${HOME}/domains.txt`]: 'example.org\n',
    '/etc/ssl/openssl.cnf': '[req]\ndistinguished_name=name\n[name]\n',
    '/var/www/dehydrated': directory(),
  },
  stubs: { date: when(['+%s']).returns('1700000000\n').otherwise(real()), sleep: exits(0) },
  // It runs in zsh too, and asks which of the two this is by calling what only zsh has.
  allow: { commands: ['unsetopt'] },
});
const registered = shell.given({
  files: {
    [`${ACCOUNT}/account_key.pem`]: file(account.key, { mode: 0o600 }),
    [`${ACCOUNT}/registration_info.json`]: '{"status":"valid"}\n',
    [`${ACCOUNT}/account_id.json`]: '{"url":"https://ca.example/acct/1"}\n',
  },
});
const hooked = { files: { [`${HOME}/config`]: `${CONFIG}HOOK=${HOOK}\n` }, stubs: { [HOOK]: bash('[[ $1 != deploy_challenge ]] || stat -c "challenge %a" /var/www/dehydrated/*') } };

describe(`${dehydrated.title}: a script that speaks with a server`, () => {
  beforeEach(({ skip }) => skip(dehydrated.missing !== undefined, dehydrated.missing));

  it('makes no account before the terms are accepted', async () => {
    const { curl } = new Authority(chain);
    const run = await shell.given({ stubs: { curl } }).exec(dehydrated.path, '--register');

    expect(run).toExit(1);
    expect(run.stderr).toContain('you have to agree to their terms of service which you can find here: https://ca.example/terms');
    expect(run).toHaveChangedOnly(FOLDERS);
  });

  it('registers with a new key that only its owner reads', async () => {
    const authority = new Authority(chain);
    const run = await shell.given({ stubs: { curl: authority.curl } }).exec(dehydrated.path, '--register', '--accept-terms');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      ...FOLDERS,
      [`${ACCOUNT}/account_key.pem`]: file(/^-----BEGIN( RSA)? PRIVATE KEY-----\n/, { mode: 0o600 }),
      [`${ACCOUNT}/registration_info.json`]: file('{"status":"valid"}', { mode: 0o600 }),
      [`${ACCOUNT}/account_id.json`]: file('{"url":"https://ca.example/acct/1"}\n', { mode: 0o600 }),
    });
    expect(authority.requests.map(({ path }) => path)).toEqual(['/directory', '/nonce', '/new-acct', '/nonce', '/new-acct']);
  });

  it('takes the key back when the authority refuses the account', async () => {
    const { curl } = new Authority(chain, { '/new-acct': [{ status: 403, body: '{"detail":"no"}' }] });
    const run = await shell.given({ stubs: { curl } }).exec(dehydrated.path, '--register', '--accept-terms');

    expect(run).toExit(1);
    expect(run.stderr).toContain('(Status 403)');
    expect(run).toHaveChangedOnly(FOLDERS);
  });

  it('gets a certificate and links to it, every request signed with the account\'s key and the last nonce', async () => {
    const authority = new Authority(chain);
    const run = await registered.given({ stubs: { curl: authority.curl } }).exec(dehydrated.path, '--cron');

    expect(run).toSucceed();
    const owned = { mode: 0o600 };
    expect(run).toHaveChangedOnly({
      [`${HOME}/chains`]: directory({ mode: 0o700 }),
      [`${HOME}/certs`]: directory({ mode: 0o700 }),
      [CERTS]: directory({ mode: 0o700 }),
      [`${CERTS}/privkey-1700000000.pem`]: file(/^-----BEGIN EC /, owned),
      [`${CERTS}/cert-1700000000.csr`]: file(/^-----BEGIN CERTIFICATE REQUEST-----/, owned),
      [`${CERTS}/cert-1700000000.pem`]: file(site.certificate, owned),
      [`${CERTS}/chain-1700000000.pem`]: file(account.certificate, owned),
      [`${CERTS}/fullchain-1700000000.pem`]: file(chain, owned),
      [`${CERTS}/privkey.pem`]: symlink('privkey-1700000000.pem'),
      [`${CERTS}/cert.csr`]: symlink('cert-1700000000.csr'),
      [`${CERTS}/cert.pem`]: symlink('cert-1700000000.pem'),
      [`${CERTS}/chain.pem`]: symlink('chain-1700000000.pem'),
      [`${CERTS}/fullchain.pem`]: symlink('fullchain-1700000000.pem'),
    });
    const key = createPublicKey(account.key);
    const signed = authority.requests.flatMap(({ posted }, at) => (posted ? [{ ...posted, at }] : []));
    expect(signed).toHaveLength(6);
    for (const { protected: head, payload, signature, at } of signed) {
      expect(verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
      expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toMatchObject({ alg: 'RS256', kid: 'https://ca.example/acct/1', nonce: `nonce-${at}` });
    }
  });

  it('shows the challenge to all while it is checked, and tells the hook of each step', async () => {
    const { curl } = new Authority(chain, { '/challenge/1': [{ body: '{"status":"pending"}' }, { body: '{"status":"valid"}' }] });
    const run = await registered.given(hooked).given({ stubs: { curl } }).exec(dehydrated.path, '--cron');

    expect(run).toSucceed();
    expect(run).toPrint('challenge 644\n');
    expect(run).toHaveCalledTimes('sleep', 1);
    expect(run.calls(HOOK).map(({ args }) => args[0])).toEqual([
      expect.stringContaining('this_hookscript_is_broken'), 'startup_hook', expect.stringContaining('this_hookscript_is_broken'),
      'generate_csr', 'deploy_challenge', 'clean_challenge', 'sync_cert', 'deploy_cert', 'exit_hook',
    ]);
    expect(run).toHaveCalled(HOOK, 'deploy_cert', 'example.org', `${CERTS}/privkey.pem`, `${CERTS}/cert.pem`, `${CERTS}/fullchain.pem`, `${CERTS}/chain.pem`, '1700000000');
  });

  it('deploys nothing when the challenge fails, and leaves no token and no lock', async () => {
    const { curl } = new Authority(chain, { '/challenge/1': [{ body: '{"status":"invalid"}' }] });
    const run = await registered.given(hooked).given({ stubs: { curl } }).exec(dehydrated.path, '--cron');

    expect(run).toExit(1);
    expect(run.stderr).toContain('Challenge is invalid! (returned: invalid)');
    expect(run).toHaveCalled(HOOK, 'invalid_challenge', 'example.org', rest);
    expect(run).not.toHaveCalled(HOOK, 'deploy_cert', rest);
    expect(run.fs.existsSync(`${CERTS}/cert.pem`)).toBe(false);
    expect(run.fs.readdirSync('/var/www/dehydrated')).toEqual([]);
    expect(run.fs.existsSync(`${HOME}/lock`)).toBe(false);
  });

  it.each([
    ['does not answer', { '/directory': [] }, /curl returned with 7/],
    ['is out of order', { '/directory': [{ status: 500, body: 'sorry' }] }, /\(Status 500\)[^]*sorry/],
  ])('ends when the server %s', async (_, answers, message) => {
    const { curl } = new Authority(chain, answers);
    const run = await registered.given({ stubs: { curl } }).exec(dehydrated.path, '--cron');

    expect(run).toExit(1);
    expect(run.stderr).toMatch(message);
    expect(run.fs.existsSync(`${HOME}/lock`)).toBe(false);
    expect(run.fs.existsSync(`${HOME}/certs`)).toBe(false);
  });

  it('leaves another one\'s lock alone, and speaks with nobody', async () => {
    const run = await registered
      .given({ files: { [`${HOME}/lock`]: 'another\n' }, stubs: { curl: returns('curl 8.0.0\n') } })
      .exec(dehydrated.path, '--cron');

    expect(run).toExit(1);
    expect(run.stderr).toContain(`Lock file '${HOME}/lock' present`);
    expect(run).toHaveChangedOnly({});
    expect(run.calls('curl').map(({ args }) => args)).toEqual([['-V']]);
  });

  it('asks for no certificate while there is one for long enough', async () => {
    const authority = new Authority(chain);
    const files = { [`${CERTS}/cert-1.pem`]: site.certificate, [`${CERTS}/cert.pem`]: symlink('cert-1.pem') };
    const run = await registered.given({ files, stubs: { curl: authority.curl } }).exec(dehydrated.path, '--cron');

    expect(run).toSucceed();
    expect(run).toPrint(/\(Longer than 30 days\)\. Skipping renew!/);
    expect(run).toHaveChangedOnly({ [`${HOME}/chains`]: directory() });
    expect(authority.requests.map(({ path }) => path)).toEqual(['/directory']);
  });

  it('moves to the archive what no link points to', async () => {
    const files = {
      [`${CERTS}/cert-1.pem`]: 'old', [`${CERTS}/cert-2.pem`]: 'new', [`${CERTS}/cert.pem`]: symlink('cert-2.pem'),
      [`${CERTS}/privkey-1.pem`]: 'old', [`${CERTS}/privkey-2.pem`]: 'new', [`${CERTS}/privkey.pem`]: symlink('privkey-2.pem'),
    };
    const run = await registered.given({ files, stubs: { curl: returns('curl 8.0.0\n') } }).exec(dehydrated.path, '--cleanup');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      [`${CERTS}/cert-1.pem`]: removed,
      [`${CERTS}/privkey-1.pem`]: removed,
      [`${HOME}/archive`]: directory({ mode: 0o700 }),
      [`${HOME}/archive/example.org`]: directory({ mode: 0o700 }),
      [`${HOME}/archive/example.org/cert-1.pem`]: 'old',
      [`${HOME}/archive/example.org/privkey-1.pem`]: 'old',
    });
  });
});
