import { describe, expect, it } from 'vitest';
import { exits, fails, returns, takes, type Given } from 'shellrig';
import { node } from '../support/helpers.js';
import { lesson } from '../support/lesson.js';

const calling = (program: Given['stubs']) => node.given({ stubs: program ?? {} });

describe('a command that is retried', () => {
  it('runs once when it succeeds', async () => {
    const run = await calling({ curl: returns('body\n') }).call('retrycmd_if_failure', '3', '1', '10', 'curl', 'a b');

    expect(run).toSucceed();
    expect(run.stdout).toBe('body\nExecuted "curl a b" 1 times.\n');
    expect(run).toHaveCalledTimes('curl', 1, 'a b');
  });

  it('runs again after a failure, with the pause in between', async () => {
    const run = await calling({ curl: fails({ times: 2, exitCode: 6 }).then(exits(0)) }).call('retrycmd_if_failure', '5', '0.5', '10', 'curl');

    expect(run).toSucceed();
    expect(run).toPrint('Executed "curl" 3 times.\n', { on: 'stdout' });
    expect(run).toHaveSleptTimes('500ms', 2);
    expect(run.calls('curl').map(({ start }) => start)).toEqual([0, 500, 1000]);
  });

  it('is given up after the last try, without a pause behind it', async () => {
    const run = await calling({ curl: exits(6) }).call('retrycmd_if_failure', '3', '1', '10', 'curl', '-f', 'url');

    expect(run).toExit(1);
    expect(run).toPrint('Executed "curl -f url" 3 times; giving up (last exit status: 6).\n', { on: 'stderr' });
    expect(run).toHaveCalledTimes('curl', 3);
    expect(run.duration).toBe(2000);
  });

  it('is ended when a try takes too long', async () => {
    const run = await calling({ curl: takes('1h') }).call('retrycmd_if_failure', '2', '5', '10', 'curl');

    expect(run).toExit(1);
    expect(run.stderr).toBe('Executed "curl" 2 times; giving up (last exit status: 124).\n');
    expect(run).toHaveCalledTimes('curl', 2);
    expect(run.duration).toBe(25_000);
  });

  it('says nothing of its tries when it is to be silent', async () => {
    const failed = await calling({ curl: exits(6) }).call('retrycmd_silent', '2', '1', '10', 'curl');
    const succeeded = await calling({ curl: exits(0) }).call('retrycmd_silent', '2', '1', '10', 'curl');

    expect(failed).toExit(1);
    expect(failed).toHaveCalledTimes('curl', 2);
    expect(failed.duration).toBe(1000);
    expect(succeeded).toSucceed();
    expect(succeeded).toHaveCalledTimes('curl', 1);
    expect(failed.output + succeeded.output).toBe('');
  });
});

describe('pulling from a registry', () => {
  it('is retried, with the settings of the registry and what the caller adds', async () => {
    const run = await calling({ oras: fails({ times: 1 }).then(exits(0)) })
      .call('retrycmd_pull_from_registry_with_oras', '3', '5', '/opt/there', 'registry.example/artifact:v1', '--platform=linux/amd64');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('oras', 2, 'pull', 'registry.example/artifact:v1', '-o', '/opt/there', '--registry-config', '/etc/oras/config.yaml', '--platform=linux/amd64');
    expect(run).toHaveSleptTimes('5s', 1);
  });

  it('fails after the last try', async () => {
    const run = await calling({ oras: exits(1) }).call('retrycmd_pull_from_registry_with_oras', '2', '5', '/opt/there', 'registry.example/artifact:v1');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('oras', 2);
    expect(run).toHaveSleptTimes('5s', 1);
    expect(run).toPrint(' 2 times; giving up (last exit status: 1).\n', { on: 'stderr' });
  });
});

describe('sysctl_reload', () => {
  it('applies the settings of one file', lesson('C23', 'A16'), async () => {
    const run = await calling({ sysctl: exits(0) }).call('sysctl_reload', '3', '1', '10', '/etc/sysctl.d/99-some.conf');

    expect(run).toSucceed();
    expect(run.calls('sysctl').map(({ args }) => args)).toEqual([['-p', '/etc/sysctl.d/99-some.conf']]);
  });

  it('fails when they cannot be applied', async () => {
    const run = await calling({ sysctl: exits(255) }).call('sysctl_reload', '2', '1', '10', '/etc/sysctl.d/99-some.conf');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('sysctl', 2);
    expect(run).toHaveSleptTimes('1s', 1);
    expect(run).toPrint('Executed "sysctl -p /etc/sysctl.d/99-some.conf" 2 times; giving up (last exit status: 255).\n', { on: 'stderr' });
  });

  it('asks for a file where none is named', lesson('A16'), async () => {
    const shell = node.with({ stubs: { sysctl: exits(0) } });
    const run = await shell.call('sysctl_reload', '3', '1', '10');

    expect(run).toExit(1);
    expect(run).toPrint('sysctl_reload: name the file to load\n', { on: 'stderr' });
    expect(run).not.toHaveCalled('sysctl');
  });
});
