import { describe, expect, it } from 'vitest';
import { exits, rest, takes, when } from 'shellrig';
import { node } from '../support/helpers.js';
import { begun as since } from '../support/time.js';

/** Provisioning that began so many seconds ago. */
const begun = (secondsAgo: number, more: Readonly<Record<string, string>> = {}) =>
  node.given({ vars: { ...since(secondsAgo), ...more } });

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
    const run = await begun(seconds, more).call('check_cse_timeout');

    expect(run).toExit(code);
    expect(run.stderr).toBe(code === 0 ? '' : `Error: CSE has been running for ${seconds} seconds, exceeding the limit of ${seconds - 1} seconds.\n`);
  });

  it('is looked at in silence, if asked to be', async () => {
    const unlimited = await node.call('check_cse_timeout', 'false');
    const over = await begun(1000).call('check_cse_timeout', 'false');

    expect(unlimited).toSucceed();
    expect(over).toExit(1);
    expect(unlimited.output + over.output).toBe('');
  });
});

describe('a command that is retried, where the time that provisioning has', () => {
  it.each([
    ['is over', 1000, 'Error: CSE has been running for 1000 seconds, exceeding the limit of 780 seconds.\nCSE timeout approaching, exiting early.\n'],
    ['is just over', 780, 'No CSE time remaining, exiting early.\n'],
  ])('%s, does not begin', async (_, seconds, said) => {
    const run = await begun(seconds).call('retrycmd_if_failure', '3', '1', '10', 'curl', '-f');

    expect(run).toExit(2);
    expect(run.stderr).toBe(`${said}Executed "curl -f" 0 times; giving up (no time is left).\n`);
  });

  it.each([
    ['10', 700, '10'],
    ['100', 700, '80'],
    ['80', 700, '80'],
    ['1.5', 100, '1.5'],
    ['.5', 100, '.5'],
    ['90.5', 700, '80'],
  ])('is limited: a try of %s s, %i s after the beginning, ends after %s s', async (limit, seconds, expected) => {
    const run = await begun(seconds).given({ stubs: { timeout: exits(0) } }).call('retrycmd_if_failure', '1', '1', limit, 'curl');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('timeout', 1, expected, 'curl');
  });

  it('ends between its tries, says so, and does not pause for longer', async () => {
    const run = await begun(770).given({ stubs: { curl: takes('3s').exits(6) } }).call('retrycmd_if_failure', '100', '4', '10', 'curl');

    expect(run).toExit(2);
    expect(run).toHaveCalledTimes('curl', 2);
    expect(run.sleeps.map(({ start, time }) => [start, time])).toEqual([[3000, 4000]]);
    expect(run.stderr).toBe('No CSE time remaining, exiting early.\nExecuted "curl" 2 times; giving up (no time is left).\n');
    expect(run.duration).toBe(10_000);
  });

  it('takes all of it and no second more, however many tries there may be', async () => {
    const run = await begun(0).given({ stubs: { curl: takes('40s').exits(6) } }).call('retrycmd_if_failure', '1000', '30', '60', 'curl');

    expect(run).toExit(2);
    expect(run).toHaveCalledTimes('curl', 12);
    expect(run.sleeps.map(({ time }) => time)).toEqual(Array.from({ length: 11 }, () => 30_000));
    expect(run.stderr).toBe('No CSE time remaining, exiting early.\nExecuted "curl" 12 times; giving up (no time is left).\n');
    expect(run.duration).toBe(780_000);
  });

  it('ends between its tries: it is silent about these when it is to be', async () => {
    const run = await begun(775).given({ stubs: { curl: takes('1s').exits(6) } }).call('retrycmd_silent', '100', '10', '10', 'curl');

    expect(run).toExit(2);
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run.sleeps.map(({ start, time }) => [start, time])).toEqual([[1000, 4000]]);
    expect(run.duration).toBe(5000);
    expect(run.output).toBe('No CSE time remaining, exiting early.\n');
  });
});

describe('a service that does not start, where the time that provisioning has ends between two tries', () => {
  it('is not tried again, and that is said', async () => {
    const systemctl = when(['restart', rest]).exits(1).when(['status', rest]).returns('no\n').otherwise(exits(0));
    const run = await begun(771).given({ stubs: { systemctl, journalctl: takes('4s') } }).call('systemctl_restart', '4', '5', '30', 'x');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('systemctl', 2, 'restart', 'x');
    expect(run.calls('systemctl').map(({ args }) => args[0])).toEqual(['daemon-reload', 'restart', 'status', 'daemon-reload', 'restart']);
    expect(run.sleeps.map(({ start, time }) => [start, time])).toEqual([[4000, 5000]]);
    expect(run.duration).toBe(9000);
    expect(run).toHaveCalledTimes('journalctl', 1, '-u', 'x');
    expect(run.stdout).toBe('no\n');
    expect(run.stderr).toBe('No CSE time remaining, not trying again to restart x.\n');
  });
});
