import { describe, expect, it } from 'vitest';
import { exits, rest, returns, takes, when, type Run } from 'shellrig';
import { node } from '../support/helpers.js';
import { lesson } from '../support/lesson.js';

const STATUS = 'x.service - some service\n   Active: failed\n';
const systemd = node.with({ stubs: { systemctl: when(['status', rest]).returns(STATUS).otherwise(exits(0)), journalctl: returns('journal of x\n') } });

/** The words of systemctl's calls, in order. */
const words = (run: Run) => run.calls('systemctl').map(({ args }) => args.join(' '));

describe.each([
  ['systemctl_restart', 'restart x', true],
  ['systemctl_restart_no_block', 'restart --no-block x', true],
  ['systemctl_stop', 'stop x', false],
  ['systemctl_disable', 'disable x', false],
] as const)('%s', (name, operation, tells) => {
  const failing = () => when(['status', rest]).returns(STATUS).when([operation.split(' ')[0]!, rest]).exits(1).otherwise(exits(0));

  it('reads the units anew and does it', async () => {
    const run = await systemd.call(name, '3', '5', '30', 'x');

    expect(run).toSucceed();
    expect(words(run)).toEqual(['daemon-reload', operation]);
    expect(run).not.toHaveSlept();
  });

  it(`${tells ? 'tells what is wrong' : 'says nothing'} between its tries, and fails after the last`, async () => {
    const run = await systemd.given({ stubs: { systemctl: failing() } }).call(name, '2', '5', '30', 'x');

    expect(run).toExit(1);
    expect(words(run)).toEqual(['daemon-reload', operation, ...(tells ? ['status x --no-pager -l'] : []), 'daemon-reload', operation]);
    expect(run.calls('journalctl').map(({ args }) => args)).toEqual(tells ? [['-u', 'x']] : []);
    expect(run).toHaveSleptTimes('5s', 1);
    expect(run.duration).toBe(5000);
    expect(run.stdout).toBe(tells ? `${STATUS}journal of x\n` : '');
  });

  it('goes on when the units cannot be read anew', async () => {
    const run = await systemd.given({ stubs: { systemctl: when(['daemon-reload']).exits(1).otherwise(exits(0)) } }).call(name, '1', '5', '30', 'x');

    expect(run).toSucceed();
    expect(words(run)).toEqual(['daemon-reload', operation]);
  });

  it('sets no variable of its caller', async () => {
    const vars = { retries: 'mine', wait_sleep: 'mine', timeout: 'mine', operation: 'mine', svcname: 'mine' };
    const run = await systemd.given({ vars }).call(name, '1', '5', '30', 'x');

    expect(run).toSucceed();
    expect(words(run)).toEqual(['daemon-reload', operation]);
    expect(Object.fromEntries(Object.keys(vars).map((variable) => [variable, run.variable(variable)]))).toEqual(vars);
  });
});

describe('systemctl that hangs', () => {
  it('is ended after the time that the caller gives it', async () => {
    const run = await systemd.given({ stubs: { systemctl: takes('1h') } }).call('systemctl_stop', '2', '5', '30', 'x');

    expect(run).toExit(1);
    expect(run.calls('systemctl').map(({ args, start }) => [args.join(' '), start])).toEqual([['daemon-reload', 0], ['stop x', 30_000], ['daemon-reload', 65_000], ['stop x', 95_000]]);
    expect(run.duration).toBe(125_000);
  });
});

describe.each([
  ['systemctlEnableAndStart', 'restart x', 'x could not be started\n'],
  ['systemctlEnableAndStartNoBlock', 'restart --no-block x', 'x could not be enqueued for startup\n'],
])('%s', (name, restart, complaint) => {
  it('starts and then enables, and leaves no status behind', async () => {
    const run = await systemd.call(name, 'x', '30');

    expect(run).toSucceed();
    expect(words(run)).toEqual(['daemon-reload', restart, 'enable x']);
    expect(run).not.toHaveChanged();
  });

  it('tries a hundred times to start, five seconds apart, says so when it cannot, leaves the status for the log collector, and enables nothing', async () => {
    const run = await systemd.given({ stubs: { _systemctl_retry_svc_operation: exits(1) } }).call(name, 'x', '30');

    expect(run).toExit(1);
    expect(run).toPrint(complaint, { on: 'stdout' });
    expect(run).toHaveChangedOnly({ '/var/log/azure/x-status.log': STATUS });
    expect(words(run)).toEqual(['status x --no-pager -l']);
    expect(run).toHaveCalledTimes('_systemctl_retry_svc_operation', 1, '100', '5', '30', restart.replace(/ x$/, ''), 'x', 'true');
  });

  it('says so when it cannot enable, and leaves the status for the log collector', async () => {
    const run = await systemd.given({ stubs: { retrycmd_if_failure: exits(1) } }).call(name, 'x', '30');

    expect(run).toExit(1);
    expect(run).toPrint('x could not be enabled by systemctl\n', { on: 'stdout' });
    expect(run).toHaveCalledTimes('retrycmd_if_failure', 1, '120', '5', '25', 'systemctl', 'enable', 'x');
    expect(words(run)).toEqual(['daemon-reload', restart, 'status x --no-pager -l']);
    expect(run).toHaveChangedOnly({ '/var/log/azure/x-status.log': STATUS });
  });
});

describe('a service that never comes up', () => {
  // What is asked for beside the tries is left to the specs above: each call costs real time.
  const quiet = { _ask_systemctl: exits(0) };

  it('is tried for eight minutes, and that every five seconds', { timeout: 120_000 }, async () => {
    const systemctl = when(['daemon-reload']).exits(0).otherwise(exits(1));
    const run = await systemd.given({ stubs: { ...quiet, systemctl }, limits: { time: '60s' } }).call('systemctlEnableAndStart', 'x', '30');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('systemctl', 100, 'restart', 'x');
    expect(run).toHaveCalledTimes('systemctl', 100, 'daemon-reload');
    expect(run).toHaveCalledTimes('_ask_systemctl', 100, 'status', 'x', '--no-pager', '-l');
    expect(run).toHaveCalledTimes('journalctl', 99);
    expect(run).toHaveSleptTimes('5s', 99);
    expect(run.duration).toBe(495_000);
    expect(run).toPrint('x could not be started\n', { on: 'stdout' });
    expect(run).toHaveFile('/var/log/azure/x-status.log', '');
  });

  it('is enabled in vain for ten minutes', { timeout: 120_000 }, async () => {
    const run = await systemd.given({ stubs: { ...quiet, systemctl: when(['enable', rest]).exits(1).otherwise(exits(0)) }, limits: { time: '60s' } }).call('systemctlEnableAndStart', 'x', '30');

    expect(run).toExit(1);
    expect(words(run)).toEqual(['daemon-reload', 'restart x', ...Array.from({ length: 120 }, () => 'enable x')]);
    expect(run).toHaveSleptTimes('5s', 119);
    expect(run.duration).toBe(595_000);
    expect(run).toPrint('x could not be enabled by systemctl\n', { on: 'stdout' });
    expect(run).toHaveCalledTimes('_ask_systemctl', 1, 'status', 'x', '--no-pager', '-l');
    expect(run).toPrint(' 120 times; giving up (last exit status: 1).\n', { on: 'stderr' });
    expect(run).toHaveFile('/var/log/azure/x-status.log', '');
  });
});

describe('the health of a service', () => {
  const ASKED = ['show -p ActiveState --value x', 'status x --no-pager -l'];
  const inState = (state: string, then = '') => systemd.given({ stubs: { systemctl: when(['show', '-p', 'ActiveState', '--value', 'x']).returns(state).when(['show', '-p', 'ActiveState', '-p', 'Job', 'x']).returns(then).when(['status', rest]).returns(STATUS) } });
  const JOB = 'show -p ActiveState -p Job x';

  it('is good when it is active, and nothing is said', async () => {
    const run = await inState('active\n').call('checkServiceHealth', 'x');

    expect(run).toSucceed();
    expect(run.output).toBe('');
    expect(words(run)).toEqual(ASKED.slice(0, 1));
    expect(run).not.toHaveChanged();
  });

  it('is good enough when it is activating, and that is said', async () => {
    const run = await inState('activating\n').call('checkServiceHealth', 'x');

    expect(run).toSucceed();
    expect(run.stdout).toBe('x is still activating, continuing anyway...\n');
    expect(words(run)).toEqual(ASKED);
    expect(run).toHaveChangedOnly({ '/var/log/azure/x-status.log': STATUS });
  });

  it.each([
    ['waits for others that go before it', 'ActiveState=inactive\nJob=7\n'],
    ['has been started since', 'ActiveState=active\nJob=\n'],
  ])('is good enough when it is inactive and %s, and that is said', lesson('C10'), async (_, then) => {
    const run = await inState('inactive\n', then).call('checkServiceHealth', 'x');

    expect(run).toSucceed();
    expect(run.stdout).toBe('x is still waiting, continuing anyway...\n');
    expect(words(run)).toEqual([ASKED[0], JOB, ASKED[1]]);
    expect(run).toHaveChangedOnly({ '/var/log/azure/x-status.log': STATUS });
  });

  it('is not good when it is inactive and nothing is to start it, and that is said', lesson('C10'), async () => {
    const run = await inState('inactive\n', 'ActiveState=inactive\nJob=\n').call('checkServiceHealth', 'x');

    expect(run).toExit(1);
    expect(run.stdout).toBe('x is inactive, neither active nor activating\n');
    expect(words(run)).toEqual([ASKED[0], JOB, ASKED[1]]);
    expect(run).toHaveChangedOnly({ '/var/log/azure/x-status.log': STATUS });
  });

  it.each([
    ['failed', 'x is in a failed state\n'],
    ['deactivating', 'x is deactivating, neither active nor activating\n'],
    ['reloading', 'x is reloading, neither active nor activating\n'],
    ['', 'x has no state that systemctl could tell\n'],
  ])('is not good when it is %j, and that is said', lesson('C10'), async (state, said) => {
    const run = await inState(`${state}\n`).call('checkServiceHealth', 'x');

    expect(run).toExit(1);
    expect(run.stdout).toBe(said);
    expect(words(run)).toEqual(ASKED);
    expect(run).toHaveChangedOnly({ '/var/log/azure/x-status.log': STATUS });
  });

  it('is not good when systemctl cannot tell it', lesson('C10'), async () => {
    const run = await systemd.given({ stubs: { systemctl: exits(1) } }).call('checkServiceHealth', 'x');

    expect(run).toExit(1);
    expect(run.stdout).toBe('x has no state that systemctl could tell\n');
    expect(words(run)).toEqual(ASKED);
    expect(run).toHaveChangedOnly({ '/var/log/azure/x-status.log': '' });
  });

  it('is not good when systemctl does not answer, which holds up nobody for long', lesson('C10'), async () => {
    const run = await systemd.given({ stubs: { systemctl: takes('1h') } }).call('checkServiceHealth', 'x');

    expect(run).toExit(1);
    expect(words(run)).toEqual(ASKED);
    expect(run.duration).toBe(50_000);
    expect(run.stdout).toBe('x has no state that systemctl could tell\n');
    expect(run).toHaveFile('/var/log/azure/x-status.log', '');
  });
});

describe('systemctlDisableAndStop', () => {
  const units = (...names: string[]) => when(['list-units', '--full', '--all']).returns(names.map((name) => `  ${name} loaded active running Some unit\n`).join(''));

  it('stops and disables a service that the machine has', async () => {
    const run = await systemd.given({ stubs: { systemctl: units('a.service', 'x.service').otherwise(exits(0)) } }).call('systemctlDisableAndStop', 'x');

    expect(run).toSucceed();
    expect(words(run)).toEqual(['list-units --full --all', 'daemon-reload', 'stop x', 'daemon-reload', 'disable x']);
    expect(run.output).toBe('');
  });

  it.each([['none'], ['xx.service'], ['x.service.d'], ['my-x.service'], ['x.timer']])('does nothing when the machine has only %s', async (unit) => {
    const run = await systemd.given({ stubs: { systemctl: units(unit).otherwise(exits(0)) } }).call('systemctlDisableAndStop', 'x');

    expect(run).toSucceed();
    expect(words(run)).toEqual(['list-units --full --all']);
  });

  it('does nothing when systemctl cannot list the units', async () => {
    const run = await systemd.given({ stubs: { systemctl: exits(1) } }).call('systemctlDisableAndStop', 'x');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('systemctl', 1);
  });

  it('says what it could not do, and goes on', async () => {
    const run = await systemd
      .given({ stubs: { systemctl: units('x.service'), _systemctl_retry_svc_operation: exits(1) } })
      .call('systemctlDisableAndStop', 'x');

    expect(run).toSucceed();
    expect(words(run)).toEqual(['list-units --full --all']);
    expect(run.stdout).toBe('x could not be stopped\nx could not be disabled\n');
    expect(run.calls('_systemctl_retry_svc_operation').map(({ args }) => args.join(' '))).toEqual(['20 5 25 stop x', '20 5 25 disable x']);
  });
});
