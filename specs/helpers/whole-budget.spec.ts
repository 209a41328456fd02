import { describe, expect, it } from 'vitest';
import { defineShell, exits, takes } from 'shellrig';
import helpers from '#node/cse_helpers.sh';

/** When the clock of each run begins, in seconds since the epoch: 2030-01-01 00:00:00. */
const START = 1_893_456_000;

const node = defineShell({
  source: [helpers],
  files: { '/etc/os-release': 'ID=ubuntu\nVERSION_ID="22.04"\n' },
});
/** Provisioning that began so many seconds before the run. */
const begun = (secondsAgo: number, more: Readonly<Record<string, string>> = {}) => node.given({ vars: { CSE_STARTTIME_SECONDS: String(START - secondsAgo), ...more } });

describe('provisioning has its time to the second', () => {
  it.each([
    ['780.999', {}, 0],
    ['781', {}, 1],
    ['100.999', { CSE_MAX_DURATION_SECONDS: '100' }, 0],
    ['101', { CSE_MAX_DURATION_SECONDS: '100' }, 1],
  ])('after %s s, with %j: %i', async (seconds, more, code) => {
    const run = await begun(0, more).call('eval', `sleep ${seconds}; check_cse_timeout`);

    expect(run).toExit(code);
    expect(run.stderr).toBe(code === 0 ? '' : `Error: CSE has been running for ${seconds} seconds, exceeding the limit of ${Number(seconds) - 1} seconds.\n`);
    expect(run).toHaveSlept(`${seconds}s`);
  });
});

describe('how much time is left', () => {
  it('is told without a program, so that one that is killed does not have the shell leave all functions', async () => {
    const run = await begun(0).given({ stubs: { curl: exits(0), date: exits(137) } }).call('eval', 'date || retrycmd_if_failure 3 1 10 curl; echo "goes on with $?"');

    expect(run).toSucceed();
    expect(run).toPrint('goes on with 0');
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run).toHaveCalledTimes('date', 1);
  });
});

describe('a command that never succeeds is retried for as long as provisioning has time, and not longer:', () => {
  it.each([
    ['that fails at once', { pause: '5', limit: '10', takes: '0s', began: 0, tries: 156, ended: 780 }],
    ['that fails at once, with pauses that are no whole seconds', { pause: '37.5', limit: '10', takes: '0s', began: 0, tries: 21, ended: 780 }],
    ['that fails after 2 s', { pause: '20', limit: '10', takes: '2s', began: 0, tries: 36, ended: 780 }],
    ['that hangs', { pause: '5', limit: '25', takes: '1h', began: 0, tries: 26, ended: 780 }],
    ['that hangs, whose last try is cut short', { pause: '7', limit: '100', takes: '1h', began: 0, tries: 8, ended: 780 }],
    ['that hangs, whose first try is cut short', { pause: '5', limit: '900', takes: '1h', began: 0, tries: 1, ended: 780 }],
    ['that fails at once, whose first pause is cut short', { pause: '800', limit: '10', takes: '0s', began: 0, tries: 1, ended: 780 }],
    ['that fails at once, where 700 s are over', { pause: '5', limit: '10', takes: '0s', began: 700, tries: 16, ended: 80 }],
    ['that hangs, where 779 s are over', { pause: '5', limit: '25', takes: '1h', began: 779, tries: 1, ended: 1 }],
  ])('%s', async (_, { pause, limit, takes: duration, began, tries, ended }) => {
    const curl = duration === '0s' ? exits(6) : takes(duration).exits(6);
    const run = await begun(began).given({ stubs: { curl }, limits: { time: '60s' } }).call('retrycmd_if_failure', '100000', pause, limit, 'curl');

    expect(run).toExit(2);
    expect(run).toHaveCalledTimes('curl', tries);
    expect(run.record.duration).toBe(ended * 1000);
    expect(run.stderr).toBe(`No CSE time remaining, exiting early.\nExecuted "curl" ${tries} times; giving up (no time is left).\n`);
  }, 60_000);

  it('each try at its time', async () => {
    const run = await begun(0).given({ stubs: { curl: takes('1h') } }).call('retrycmd_silent', '100', '7', '100', 'curl');

    expect(run).toExit(2);
    expect(run.calls('curl').map(({ start }) => start)).toEqual([0, 107, 214, 321, 428, 535, 642, 749].map((seconds) => seconds * 1000));
    expect(run).toHaveSleptTimes('7s', 7);
    expect(run.stderr).toBe('No CSE time remaining, exiting early.\n');
  });

  it('less than a second longer where it began within a second', async () => {
    const run = await begun(700).given({ stubs: { curl: exits(6) } }).call('eval', 'sleep 0.9; retrycmd_silent 1000 5 10 curl');

    expect(run).toExit(2);
    expect(run).toHaveCalledTimes('curl', 16);
    expect(run.record.duration).toBe(80_900);
    expect(run.stderr).toBe('No CSE time remaining, exiting early.\n');
  });

  it('a service that does not start, too', async () => {
    const run = await begun(0).given({ stubs: { systemctl: exits(1), journalctl: exits(0) }, limits: { time: '60s' }, allow: { unasserted: { calls: ['systemctl', 'journalctl'] } } }).call('systemctl_restart', '1000', '60', '30', 'x');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('systemctl', 14, 'restart', 'x');
    expect(run.record.duration).toBe(780_000);
    expect(run.stderr).toBe('No CSE time remaining, not trying again to restart x.\n');
  });
});

describe('a command that is retried without a limit to provisioning', () => {
  it('is tried as often and with such pauses as asked for', async () => {
    const run = await node.given({ stubs: { curl: takes('2s').exits(6) } }).call('retrycmd_if_failure', '20', '5', '10', 'curl');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('curl', 20);
    expect(run).toHaveSleptTimes('5s', 19);
    expect(run.record.duration).toBe(20 * 2000 + 19 * 5000);
    expect(run.stderr).toBe('Executed "curl" 20 times; giving up (last exit status: 6).\n');
  });
});
