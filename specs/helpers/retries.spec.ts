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
    expect(run.allCalls.map(({ name, args }) => [name, ...args].join(' '))).toEqual(['curl', 'sleep 0.5', 'curl', 'sleep 0.5', 'curl']);
  });

  it('is given up after the last try, without a pause behind it', async () => {
    const run = await calling({ curl: exits(6) }).call('retrycmd_if_failure', '3', '1', '10', 'curl', '-f', 'url');

    expect(run).toExit(1);
    expect(run).toPrint('Executed "curl -f url" 3 times; giving up (last exit status: 6).\n', { on: 'stderr' });
    expect(run).toHaveCalledTimes('curl', 3);
    expect(run).toHaveCalledTimes('sleep', 2);
  });

  it('is ended when a try takes too long', async () => {
    const run = await calling({ curl: takes('1s') }).call('retrycmd_if_failure', '1', '1', '0.1', 'curl');

    expect(run).toExit(1);
    expect(run).toPrint('giving up (last exit status: 124).');
    expect(run).toHaveCalledTimes('curl', 1);
  });

  it('says nothing of its tries when it is to be silent', async () => {
    const failed = await calling({ curl: exits(6) }).call('retrycmd_silent', '2', '1', '10', 'curl');
    const succeeded = await calling({ curl: exits(0) }).call('retrycmd_silent', '2', '1', '10', 'curl');

    expect(failed).toExit(1);
    expect(failed).toHaveCalledTimes('curl', 2);
    expect(failed).toHaveCalledTimes('sleep', 1, '1');
    expect(succeeded).toSucceed();
    expect(succeeded).toHaveCalledTimes('curl', 1);
    expect(failed.output + succeeded.output).toBe('');
  });
});

const NOW = 1_772_366_400;
const begun = (secondsAgo: number, more: Readonly<Record<string, string>> = {}): Given => ({
  vars: { CSE_STARTTIME_SECONDS: String(NOW - secondsAgo), ...more }, stubs: { date: returns(`${NOW}\n`) },
});

describe('the time that provisioning has', () => {
  it('is not limited while nobody said when it began', async () => {
    const run = await node.call('check_cse_timeout');

    expect(run).toSucceed();
    expect(run).toPrint('Warning: CSE_STARTTIME_SECONDS is not set', { on: 'stderr' });
  });

  it.each([
    [780, {}, 0],
    [781, {}, 1],
    [100, { CSE_MAX_DURATION_SECONDS: '100' }, 0],
    [101, { CSE_MAX_DURATION_SECONDS: '100' }, 1],
  ] as const)('after %i seconds, with %j: %i', async (seconds, more, code) => {
    const run = await node.given(begun(seconds, more)).call('check_cse_timeout');

    expect(run).toExit(code);
    expect(run.stderr).toBe(code === 0 ? '' : `Error: CSE has been running for ${seconds} seconds, exceeding the limit of ${seconds - 1} seconds.\n`);
  });

  it.each([[{}, 0], [begun(1000), 1]] as const)('is looked at in silence, if asked to be: %j, %i', async (given, code) => {
    const run = await node.given(given).call('check_cse_timeout', 'false');

    expect(run).toExit(code);
    expect(run.output).toBe('');
  });

  it('that is over ends a retried command before it begins', async () => {
    const shell = node.with({ stubs: { curl: exits(0) } });
    const run = await shell.given(begun(1000)).call('retrycmd_if_failure', '3', '1', '10', 'curl');

    expect(run).toExit(2);
    expect(run.stderr).toBe('Error: CSE has been running for 1000 seconds, exceeding the limit of 780 seconds.\nCSE timeout approaching, exiting early.\n');
    expect(run).not.toHaveCalled('curl');
  });

  it('that is just over ends it too', async () => {
    const shell = node.with({ stubs: { curl: exits(0) } });
    const run = await shell.given(begun(780)).call('retrycmd_if_failure', '3', '1', '10', 'curl');

    expect(run).toExit(2);
    expect(run).toPrint('No CSE time remaining, exiting early.\n', { on: 'stderr' });
    expect(run).not.toHaveCalled('curl');
  });

  it.each([
    ['10', 700, '10'],
    ['100', 700, '80'],
    ['80', 700, '80'],
    ['1.5', 100, '1.5'],
    ['90.5', 700, '80'],
  ])('caps a try of %s s, %i s after the beginning, at %s s', async (limit, seconds, expected) => {
    const shell = node.with({ stubs: { timeout: exits(0) } });
    const run = await shell.given(begun(seconds)).call('retrycmd_if_failure', '1', '1', limit, 'curl');

    expect(run).toSucceed();
    expect(run).toHaveCalled('timeout', expected, 'curl');
  });
});

describe('pulling from a registry', () => {
  it('is retried, with the settings of the registry and what the caller adds', async () => {
    const run = await calling({ oras: fails({ times: 1 }).then(exits(0)) })
      .call('retrycmd_pull_from_registry_with_oras', '3', '5', '/opt/there', 'registry.example/artifact:v1', '--platform=linux/amd64');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('oras', 2, 'pull', 'registry.example/artifact:v1', '-o', '/opt/there', '--registry-config', '/etc/oras/config.yaml', '--platform=linux/amd64');
    expect(run).toHaveCalledTimes('sleep', 1, '5');
  });

  it('fails after the last try', async () => {
    const run = await calling({ oras: exits(1) }).call('retrycmd_pull_from_registry_with_oras', '2', '5', '/opt/there', 'registry.example/artifact:v1');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('oras', 2);
    expect(run).toHaveCalledTimes('sleep', 1, '5');
    expect(run.stderr).toMatch(/^Executed "oras pull .*" 2 times; giving up \(last exit status: 1\)\.\n$/);
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
    expect(run).toHaveCalledTimes('sleep', 1, '1');
    expect(run.stderr).toBe('Executed "sysctl -p /etc/sysctl.d/99-some.conf" 2 times; giving up (last exit status: 255).\n');
  });

  it('asks for a file where none is named', lesson('A16'), async () => {
    const shell = node.with({ stubs: { sysctl: exits(0) } });
    const run = await shell.call('sysctl_reload', '3', '1', '10');

    expect(run).toExit(1);
    expect(run).toPrint('sysctl_reload: name the file to load\n', { on: 'stderr' });
    expect(run).not.toHaveCalled('sysctl');
  });
});
