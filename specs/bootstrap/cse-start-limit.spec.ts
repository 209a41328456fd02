import { describe, expect, it } from 'vitest';
import { at, directory, file } from 'shellrig';
import { changesOf, CONTAINERS, eventOf, LOG, provisioned, reportOf } from './cse-start.js';

describe('provisioning that would take an hour', () => {
  it.each([
    [{}, 900],
    [{ CSE_TIMEOUT: '' }, 900],
    [{ CSE_TIMEOUT: '90s' }, 90],
    [{ CSE_TIMEOUT: '20m' }, 1200],
    [{ CSE_TIMEOUT: '0.5' }, 0.5],
  ])('ends, by %j, after %d s, to the instant, and that is reported', async (env, seconds) => {
    const run = await provisioned('take_an_hour', { env });

    expect(run).toExit(124);
    expect(run.record.duration).toBe(seconds * 1000);
    expect(run.record.leftovers).toEqual([]);
    expect(reportOf(run)).toMatchObject({ ExitCode: '124', Output: '', ExecDuration: String(Math.floor(seconds)) });
    expect(eventOf(run)).toMatchObject({ Timestamp: '2030-01-01 00:00:00.000', message: { ExitCode: '124', E2E: String(Math.floor(seconds)) } });
    expect(eventOf(run).OperationId).toBe(new Date(Date.UTC(2030, 0, 1) + seconds * 1000).toISOString().replace('T', ' ').replace('Z', ''));
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('is killed 5 s later where it does not heed the signal', async () => {
    const run = await provisioned('heed_no_signal');

    expect(run).toExit(137);
    expect(run.record.duration).toBe(905_000);
    expect(run.record.leftovers).toEqual([]);
    expect(run).toPrint('Killed', { on: 'stderr' });
    expect(reportOf(run)).toMatchObject({ ExitCode: '137', Output: '', ExecDuration: '905' });
    expect(eventOf(run)).toMatchObject({ OperationId: '2030-01-01 00:15:05.000', message: { ExitCode: '137', E2E: '905' } });
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('may tidy up first, and is over its limit all the same', async () => {
    const run = await provisioned('tidy_up_when_asked');

    expect(run).toExit(124);
    expect(run.record.duration).toBe(902_000);
    expect(reportOf(run)).toMatchObject({ ExitCode: '124', Output: 'Terminated\ntidying up', ExecDuration: '902' });
    expect(eventOf(run)).toMatchObject({ OperationId: '2030-01-01 00:15:02.000', message: { ExitCode: '124', E2E: '902' } });
    expect(run).toHaveChangedOnly(changesOf(run, { [LOG]: file('Terminated\ntidying up\n'), [`${CONTAINERS}/state`]: file('state\n') }));
  });

  it('takes along what it gave a limit in its turn', async () => {
    const run = await provisioned('take_an_hour_within_a_limit sleep 3600');

    expect(run).toExit(124);
    expect(run.record).toMatchObject({ duration: 900_000, lateness: 0, leftovers: [] });
    expect(reportOf(run)).toMatchObject({ ExitCode: '124', Output: '', ExecDuration: '900' });
    expect(eventOf(run).message).toMatchObject({ ExitCode: '124', E2E: '900' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('takes that along by force 5 s later where it does not heed the signal', async () => {
    const run = await provisioned('heed_no_signal_within_a_limit');

    expect(run).toExit(124);
    expect(run.record).toMatchObject({ duration: 905_000, lateness: 0, leftovers: [] });
    expect(reportOf(run)).toMatchObject({ ExitCode: '124', ExecDuration: '905' });
    expect(eventOf(run).message).toMatchObject({ ExitCode: '124', E2E: '905' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it.each([
    ['take_an_hour', 143, 300, {}],
    ['take_an_hour_within_a_limit sleep 3600', 143, 300, {}],
    ['heed_no_signal', 137, 305, {}],
    ['tidy_up_when_asked', 9, 302, { [LOG]: file('Terminated\ntidying up\n'), [`${CONTAINERS}/state`]: file('state\n') }],
  ])('is ended with the script that started it, and that is reported (%s: %i)', async (how, code, seconds, beside) => {
    const run = await provisioned(how, { actors: [at('5m', (world) => world.signal('TERM', 'cse_start.sh'))], allow: { unasserted: { stderr: ['Killed'] } } });

    expect(run).toExit(code);
    expect(run.record).toMatchObject({ duration: seconds * 1000, lateness: 0, leftovers: [] });
    expect(reportOf(run)).toMatchObject({ ExitCode: String(code), ExecDuration: String(seconds) });
    expect(eventOf(run).message).toMatchObject({ ExitCode: String(code), E2E: String(seconds) });
    expect(run).toHaveChangedOnly(changesOf(run, beside));
  });

  it('may be ended from outside', async () => {
    const run = await provisioned('take_an_hour', { actors: [at('5m', (world) => world.signal('TERM', 'timeout'))] });

    expect(run).toExit(143);
    expect(run.record.duration).toBe(300_000);
    expect(reportOf(run)).toMatchObject({ ExitCode: '143', ExecDuration: '300' });
    expect(eventOf(run).message).toMatchObject({ ExitCode: '143', E2E: '300' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});

describe('provisioning that ends in time', () => {
  it.each([0, 1, 50, 124, 255])('ends with its own exit code, %i', async (code) => {
    const run = await provisioned(`end_after 12.75 ${code}`);

    expect(run).toExit(code);
    expect(run.record.duration).toBe(12_750);
    expect(reportOf(run)).toMatchObject({ ExitCode: String(code), Output: `ended with ${code}`, ExecDuration: '12' });
    expect(eventOf(run)).toMatchObject({ Timestamp: '2030-01-01 00:00:00.000', OperationId: '2030-01-01 00:00:12.750', message: { ExitCode: String(code), E2E: '12' } });
    expect(run).toHaveChangedOnly(changesOf(run, { [LOG]: file(`ended with ${code}\n`) }));
  });

  it.each([['TERM', 143], ['KILL', 137], ['SEGV', 139]])('by a signal, SIG%s: %i', async (signal, code) => {
    const run = await provisioned(`end_by_signal ${signal}`, { allow: { unasserted: { stderr: true } } });

    expect(run).toExit(code);
    expect(reportOf(run)).toMatchObject({ ExitCode: String(code) });
    expect(eventOf(run).message).toMatchObject({ ExitCode: String(code) });
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('knows when it began, by the second, so that it can end before its limit', async () => {
    const run = await provisioned('print_start', { env: { CSE_STARTTIME_SECONDS: '5' } });

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly(changesOf(run, { [LOG]: file('start=1893456000\n') }));
  });

  it('is reported where it cannot begin', async () => {
    const run = await provisioned('succeed', { files: { [`${CONTAINERS}/provision.sh`]: directory() } });

    expect(run).toExit(126);
    expect(reportOf(run)).toMatchObject({ ExitCode: '126', Output: expect.stringMatching(/provision\.sh: Is a directory$/i) });
    expect(eventOf(run).message).toMatchObject({ ExitCode: '126', E2E: '0' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('does not begin where its limit is no time', async () => {
    const run = await provisioned('succeed', { env: { CSE_TIMEOUT: 'soon' } });

    expect(run).toExit(125);
    expect(reportOf(run)).toMatchObject({ ExitCode: '125', Output: expect.stringMatching(/^timeout: invalid time interval .soon.\n/) });
    expect(eventOf(run).message).toMatchObject({ ExitCode: '125' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});
