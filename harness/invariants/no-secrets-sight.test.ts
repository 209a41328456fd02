import { describe, expect, it } from 'vitest';
import { defineShell, directory, file, real } from 'shellrig';
import { noSecrets } from 'shellrig/invariants';
import { saidOf, shell } from './testdata/leaves.js';

const API_TOKEN = 'tk+Zq9/aB"3 dE5fG7hJ==';
const given = shell.given({ env: { API_TOKEN }, files: { '/root/token': file('from-a-file-1', { mode: 0o600 }), '/srv/run.sh': file('#!/bin/bash\necho "$1" | wc -c >/srv/length\n', { mode: 0o755 }) }, invariants: [noSecrets()] });

/** What is told of a script that breaks it. */
async function told(script: string, from = given): Promise<string> {
  const run = await from.call('eval', script);
  expect(run).toSucceed();
  return saidOf(run, noSecrets()).replace(/^.*?noSecrets\(\): /, '');
}

describe('noSecrets sees the arguments of programs that are no stubs', () => {
  it.each([
    ['a tool', 'grep -q "$API_TOKEN" /etc/agent.conf || :', /^API_TOKEN is an argument of grep -q '?\*\*\*'? \/etc\/agent.conf/],
    ['by env', 'env T="$API_TOKEN" true', /^API_TOKEN is an argument of env/],
    ['by xargs', 'printf %s "$API_TOKEN" | base64 | xargs -n 1 true', /^API_TOKEN \(in base64\) is an argument of true '?\*\*\*/],
    ['in the text of a child', 'bash -c ": ${API_TOKEN@Q}"', /^API_TOKEN.* is an argument of bash -c/],
    ['in a pipe and a subshell', 'x=$(echo a | sed "s,a,$API_TOKEN,")', /^API_TOKEN is an argument of sed/],
    ['in the background', 'cat "/srv/$API_TOKEN" 2>/dev/null & wait', /^API_TOKEN is an argument of cat/],
    ['of a script by its #! line', '/srv/run.sh "$API_TOKEN"', /^API_TOKEN is an argument of \/bin\/bash \/srv\/run.sh/],
  ])('%s', async (_, script, said) => {
    expect(await told(script)).toMatch(said);
  });

  it('with the place, and one that a spy let run once', async () => {
    const script = defineShell({ source: ['./testdata/leaves.sh'], stubs: { grep: real() }, env: { API_TOKEN } });
    const run = await script.given({ invariants: [noSecrets()] }).call('greps');

    expect(run).toSucceed();
    expect(saidOf(run, noSecrets())).toMatch(/noSecrets\(\): API_TOKEN is an argument of grep .*   at harness\/invariants\/testdata\/leaves.sh:\d+ in function greps\n/);
  });

  it('but not what the spec itself executes, nor without being declared', async () => {
    const run = await given.exec('/srv/run.sh', API_TOKEN);

    expect(run).toSucceed();
    expect(run).toHold(noSecrets());
    expect(run.record.executed?.map(({ argv }) => argv[0])).toContain('wc');
    const other = await shell.given({ env: { API_TOKEN } }).call('eval', 'env T="$API_TOKEN" true');
    expect(other.record.executed).toBeUndefined();
    expect(other).toHold(noSecrets());
  });
});

describe('noSecrets knows the variables of scripts', () => {
  it.each([
    ['that the shell holds at the end', 'SERVICE_TOKEN=$(cat /root/token); echo "using $SERVICE_TOKEN"', 'SERVICE_TOKEN shows on stdout: using ***'],
    ['exported', 'export SERVICE_PASSWORD=from-a-file-1; echo "using $SERVICE_PASSWORD"', 'SERVICE_PASSWORD shows on stdout'],
    ['read', 'read -r SERVICE_TOKEN </root/token || :; echo "$SERVICE_TOKEN"', 'SERVICE_TOKEN shows on stdout'],
    ['of an array', 'TOKENS=(one-token-1 another-token-2); echo "${TOKENS[1]}"', 'TOKENS shows on stdout'],
    ['that only a program was given', '(export SERVICE_TOKEN=in-a-subshell-1; true; env true; echo "$SERVICE_TOKEN")', 'SERVICE_TOKEN shows on stdout'],
  ])('%s', async (_, script, said) => {
    expect(await told(script)).toContain(said);
  });

  it('by a list of names', async () => {
    const run = await given.call('eval', 'pin=0815; echo "pin $pin"');

    expect(run).toHold(noSecrets());
    expect(saidOf(run, noSecrets({ named: ['pin'] }))).toContain('pin shows on stdout: pin ***');
  });

  it.each(['DB_PASS', 'MYSQL_PWD', 'PGPASSWORD', 'GITHUB_PAT', 'AUTH', 'BASIC_AUTH', 'BEARER', 'COOKIE', 'SESSION_ID', 'MYAPIKEY', 'AWS_SECRET_ACCESS_KEY', 'SSH_KEY', 'authToken', 'CREDENTIALS', 'SSH_PASSPHRASE'])('%s is a name of a secret', async (name) => {
    const run = await shell.given({ vars: { [name]: 'hush-1234' } }).call('says', 'x', 'hush-1234');

    expect(run).not.toHold(noSecrets());
  });

  it.each([
    ['PUBLIC_KEY', 'ssh-rsa AAAAB3'], ['MONKEY', 'gibbon-12'], ['KEY', 'config.name'], ['USE_TOKEN', 'true'], ['PASSWORD_AUTH', 'disabled'], ['SORT_KEY', 'created.at'],
    ['SSH_KEY', '/etc/ssh/new.pub'], ['TOKEN', 'https://example.com/oauth'], ['TOKEN_COUNT', 'four-or-five'], ['PWD', '/etc'], ['OTP_TOKEN', '123456'], ['TOKEN_FILE', 'some/token'], ['COMPASS', 'north-east'],
  ])('%s=%s is no secret', async (name, value) => {
    const run = await shell.given({ vars: { [name]: value }, files: { '/etc/ssh/': directory() } }).call('eval', `echo "$${name}"`);

    expect(run.stdout).toBe(`${value}\n`);
    expect(run).toHold(noSecrets());
  });
});

describe('noSecrets finds what is written otherwise', () => {
  const KEY = `-----BEGIN PRIVATE KEY-----\nMIIBVwIBADANBgkqhkiG9w0\nAAAABBBBCCCC\n-----END PRIVATE KEY-----`;
  const other = shell.given({ vars: { API_TOKEN, CERTIFICATE: KEY, LONG_TOKEN: 'Zz9-'.repeat(20), ODD_TOKEN: "it's-secret" }, invariants: [noSecrets()] });
  it.each([
    ['base64', 'printf %s "$API_TOKEN" | base64', 'API_TOKEN (in base64) shows on stdout: ***Q=='],
    ['base64 of more', 'printf %s "user:$API_TOKEN" | base64', 'API_TOKEN (in base64) shows on stdout: dXNlcjp***'],
    ['base64 of a URL, at any place', 'printf "a%s" "$API_TOKEN" | base64 | tr +/ -_', 'API_TOKEN (in base64) shows'],
    ['base64 over lines', 'printf %s "$LONG_TOKEN" | base64 -w 16', 'LONG_TOKEN (in base64) shows on stdout: over several lines'],
    ['hexadecimal', 'printf %s "$API_TOKEN" | od -An -v -tx1', 'API_TOKEN (in hexadecimal) shows on stdout'],
    ['a URL', 'echo "tk%2BZq9%2FaB%223%20dE5fG7hJ%3D%3D"', 'API_TOKEN (in a URL) shows on stdout: ***'],
    ['JSON', `echo 'tk+Zq9/aB\\"3 dE5fG7hJ=='`, 'API_TOKEN (in JSON) shows on stdout: ***'],
    ['quotes of bash', 'printf "%q\\n" "$ODD_TOKEN"', 'ODD_TOKEN (quoted) shows on stdout: ***'],
    ['a trace', '{ set -x; } 2>/dev/null; : "$ODD_TOKEN"', 'ODD_TOKEN (quoted) shows on stderr'],
    ['broken lines', 'echo "$LONG_TOKEN" | fold -w 20', 'LONG_TOKEN shows on stdout: over several lines'],
    ['one line of several', 'sed -n 2p <<<"$CERTIFICATE"', 'CERTIFICATE (in a line of it) shows on stdout: ***'],
    ['the name of a file', ': >"/etc/token-${ODD_TOKEN}"', 'ODD_TOKEN is in the name of /etc/token-***'],
    ['the target of a link', 'ln -s "$ODD_TOKEN" /etc/token', 'ODD_TOKEN is in the target of the link /etc/token'],
  ])('%s', async (_, script, said) => {
    expect(await told(script, other)).toContain(said);
  });

  it('and not what it is not', async () => {
    const run = await other.call('eval', 'echo "${#API_TOKEN} -----BEGIN PRIVATE KEY----- ${LONG_TOKEN:0:8}"; (umask 077; mkdir /root/closed; : >"/root/closed/$ODD_TOKEN")');

    expect(run).toSucceed();
    expect(run).toHold(noSecrets());
  });
});
