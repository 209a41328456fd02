import { describe, expect, it } from 'vitest';
import { exits, file, rest, type Given } from 'shellrig';
import { configuring } from '../support/configuring.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const MARINER = { OS: 'AZURELINUX', OS_VERSION: '3.0' };
const FLATCAR = { OS: 'FLATCAR', OS_VERSION: '4230.2.0' };

describe('the administrator', () => {
  it.each([['somebody', 'somebody'], ['', 'azureuser']])('named %j may log in for ever', async (name, account) => {
    const run = await configuring.given({ vars: { ADMINUSER: name }, stubs: { chage: exits(0) } }).call('configureAdminUser');

    expect(run).toSucceed();
    expect(run.calls('chage').map(({ args }) => args.join(' '))).toEqual([`-E -1 -I -1 -m 0 -M 99999 ${account}`, `-l ${account}`]);
  });
});

describe('public keys', () => {
  const CONFIG = '/etc/ssh/sshd_config';
  const before = 'Port 22\n#PubkeyAuthentication yes\n  pubkeyauthentication yes\nMatch User x\n  PermitTTY no\n';
  const after = (answer: string) => `PubkeyAuthentication ${answer}\nPort 22\nMatch User x\n  PermitTTY no\n`;

  it.each([
    ['true', 'no', 'ssh', {}],
    ['false', 'yes', 'ssh', {}],
    ['true', 'no', 'sshd', MARINER],
  ])('are refused where that is %s: the answer to them is %s, by %s', async (refused, answer, service, vars) => {
    const run = await configuring.given({ vars, files: { [CONFIG]: before }, stubs: { sshd: exits(0) } }).call('configureSSHPubkeyAuth', refused);

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [CONFIG]: file(after(answer), { mode: 0o600 }) });
    expect(run).toHaveCalledTimes('sshd', 1, '-t');
    expect(run).toHaveCalledTimes('systemctl', 1, 'reload-or-restart', service);
  });

  it('are left alone where they are answered so already', async () => {
    const run = await configuring.given({ files: { [CONFIG]: file(after('no'), { mode: 0o600 }) } }).call('configureSSHPubkeyAuth', 'true');

    expect(run).toSucceed();
    expect(run).not.toHaveChanged();
    expect(run).not.toHaveCalled('systemctl');
  });

  it('are answered as before where sshd would not take it', async () => {
    const run = await configuring.given({ files: { [CONFIG]: file(before, { mode: 0o600 }) }, stubs: { sshd: exits(255) } }).call('configureSSHPubkeyAuth', 'true');

    expect(run).toExit(1);
    expect(run).toHaveFile(CONFIG, file(before, { mode: 0o600 }));
    expect(run).toHaveCalledTimes('sshd', 1);
    expect(run.stdout).toBe('sshd would refuse its configuration, it is left as it was\n');
    expect(run).not.toHaveCalled('systemctl');
  });

  it('are nothing to answer without sshd', async () => {
    const run = await configuring.call('configureSSHPubkeyAuth', 'true');

    expect(run).toSucceed();
    expect(run.stdout).toBe(`there is no ${CONFIG}, nothing to configure\n`);
  });
});

describe('SSH', () => {
  it.each([[{}, 'ssh'], [MARINER, 'sshd']])('is stopped and disabled, %j: %s', async (vars, service) => {
    const run = await configuring.given({ vars }).call('disableSSH');

    expect(run).toSucceed();
    expect(run.calls('systemctl').map(({ args }) => args.join(' ')).filter((words) => words !== 'daemon-reload')).toEqual([`stop ${service}`, `disable ${service}`]);
  });

  it('that cannot be stopped is a failure', async () => {
    const run = await configuring.given({ stubs: { _systemctl_retry_svc_operation: exits(1) } }).call('disableSSH');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('_systemctl_retry_svc_operation', 1, '20', '5', '25', 'stop', 'ssh');
  });
});

describe('the message to who logs in', () => {
  it('is shown', async () => {
    const run = await configuring.given({ vars: { MESSAGE_OF_THE_DAY: base64('mind the gap\n') }, files: { '/etc/update-motd.d/00-header': '' } }).call('configureMessageOfTheDay');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/etc/motd': file('mind the gap\n'), '/etc/update-motd.d/99-aks-custom-motd': file('#!/bin/bash\ncat /etc/motd\n', { mode: 0o755 }) });
  });

  it('is in one file where a system has no other way', async () => {
    const run = await configuring.given({ vars: { ...MARINER, MESSAGE_OF_THE_DAY: base64('mind the gap\n') } }).call('configureMessageOfTheDay');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/etc/motd': file('mind the gap\n') });
  });
});

describe('the proxy', () => {
  const PASSWORD = 'http://user:swordfish@proxy.example:3128';
  const lines = `HTTP_PROXY="${PASSWORD}"\nhttp_proxy="${PASSWORD}"\nNO_PROXY="localhost"\nno_proxy="localhost"\n`;

  it('is told to people, services and apt', async () => {
    const run = await configuring
      .given({ vars: { HTTP_PROXY_URLS: PASSWORD, NO_PROXY_URLS: 'localhost' }, files: { '/etc/environment': 'PATH="/bin"\nhttp_proxy="of before"\n' } })
      .call('configureEtcEnvironment');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      '/etc/environment': file(`PATH="/bin"\n${lines}`),
      '/etc/systemd/system.conf.d/proxy.conf': file(`[Manager]\nDefaultEnvironment="HTTP_PROXY=${PASSWORD}" "http_proxy=${PASSWORD}"\nDefaultEnvironment="NO_PROXY=localhost" "no_proxy=localhost"\n`),
      '/etc/apt/apt.conf.d/95proxy': file(`Acquire::http::proxy "${PASSWORD}";\n`),
    });
  });

  it.each<[string, Given['vars'], string, string]>([
    ['Ubuntu', {}, '/usr/local/share/ca-certificates/proxyCA.crt', 'update-ca-certificates'],
    ['Azure Linux', MARINER, '/etc/pki/ca-trust/source/anchors/proxyCA.crt', 'update-ca-trust'],
    ['Flatcar', FLATCAR, '/etc/ssl/certs/proxyCA.pem', 'update-ca-certificates'],
  ])('is trusted on %s', async (_, vars, path, update) => {
    const run = await configuring.given({ vars: { ...vars, HTTP_PROXY_TRUSTED_CA: base64('certificate\n') }, stubs: { [update]: exits(0) } }).call('configureHTTPProxyCA');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [path]: file('certificate\n') });
    expect(run).toHaveCalledTimes(update, 1);
  });

  it('ends the boot with 160 where its certificate cannot be read', async () => {
    const run = await configuring.given({ vars: { HTTP_PROXY_TRUSTED_CA: '-' } }).call('configureHTTPProxyCA');

    expect(run).toExit(160);
    expect(run).toPrint('is no base64\n', { on: 'stderr' });
    expect(run).not.toHaveChanged();
  });

  it('is not trusted where the machine does not take its certificate', async () => {
    const run = await configuring.given({ vars: { HTTP_PROXY_TRUSTED_CA: base64('certificate\n') }, stubs: { retrycmd_if_failure: exits(1) } }).call('configureHTTPProxyCA');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('retrycmd_if_failure', 1, '3', '5', '60', rest);
    expect(run).toHaveFile('/usr/local/share/ca-certificates/proxyCA.crt');
  });
});
