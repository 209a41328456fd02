import { describe, expect, it } from 'vitest';
import { directory, exits, file, removed, takes } from 'shellrig';
import { eventFiles, EVENTS_DIRECTORY, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { changesOf, COMPLETE, CONTAINERS, eventOf, LOG, node, provisioned, REPORT, reportOf, STATUS_LOG } from './cse-start.js';

const FIRST_STAGE = { PRE_PROVISION_ONLY: 'true' };
const BASE_COMPLETE = `${CONTAINERS}/base_prep.complete`;
const COLLECTOR = `${CONTAINERS}/aks-log-collector.sh`;

describe('a node that was provisioned', () => {
  it.each([[0, 'well'], [50, 'or not']])('(%i) is not provisioned again, it went %s', async (code) => {
    const run = await provisioned(`end_after 1 ${code}`, { files: { [`${CONTAINERS}/imds_instance_metadata_cache.json`]: '{}' } });

    expect(run).toExit(code);
    expect(run).toHaveChangedOnly(changesOf(run, { [COMPLETE]: file(''), [`${CONTAINERS}/imds_instance_metadata_cache.json`]: removed }));
  });
});

describe('the first of two stages', () => {
  it('is complete where it succeeded, which is reported without an event', async () => {
    const run = await provisioned('end_after 1 0', { env: FIRST_STAGE, files: { [COLLECTOR]: file('#!/bin/sh\nexit 1\n', { mode: 0o755 }) } });

    expect(run).toSucceed();
    expect(reportOf(run)).toMatchObject({ ExitCode: '0', Output: 'ended with 0' });
    expect(eventsOf(run)).toEqual([]);
    expect(run).toHaveChangedOnly({ [LOG]: file(/^ended with 0\n.+ is complete\.\n.+\n$/), [STATUS_LOG]: file(), [REPORT]: file(), [BASE_COMPLETE]: file(''), [EVENTS_DIRECTORY]: directory() });
  });

  it.each([['failed', 'end_after 1 5', 5, '1'], ['took too long', 'take_an_hour', 124, '900']])('is not complete where it %s, which its exit code and event say', lesson('C21'), async (_, how, code, seconds) => {
    const run = await provisioned(how, { env: FIRST_STAGE });

    expect(run).toExit(code);
    expect(reportOf(run)).toMatchObject({ ExitCode: String(code) });
    expect(eventOf(run).message).toMatchObject({ ExitCode: String(code), E2E: seconds });
    expect(run).toHaveChangedOnly({ [LOG]: file(), [STATUS_LOG]: file(), [REPORT]: file(), ...eventFiles(run) });
  });
});

describe('the logs', () => {
  const withCollector = node.with({ files: { [COLLECTOR]: file('', { mode: 0o755 }) }, stubs: { [COLLECTOR]: exits(0) } });

  it.each([0, 5])('are collected by the collector of the node (exit code %i)', async (code) => {
    const run = await provisioned(`end_after 1 ${code}`, {}, withCollector);

    expect(run).toExit(code);
    expect(run).toHaveCalledTimes(COLLECTOR, 1);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it.each([
    ['there is none', {}],
    ['it cannot be executed', { [COLLECTOR]: '#!/bin/sh\nexit 1\n' }],
  ])('are collected by the guest agent where %s', async (_, files) => {
    const run = await provisioned('end_after 1 5', { files, stubs: { waagent: exits(0) } });

    expect(run).toExit(5);
    expect(run.calls('waagent').map(({ args }) => args)).toEqual([['-collect-logs', '-full']]);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('are waited for where the provisioning failed, but not for long, and change nothing of how that ended', async () => {
    const run = await provisioned('end_after 1 5', { stubs: { [COLLECTOR]: takes('1h') } }, withCollector);

    expect(run).toExit(5);
    expect(run.record.duration).toBe(301_000);
    expect(run).toHaveCalledTimes(COLLECTOR, 1);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('are not waited for where it succeeded', async () => {
    const run = await provisioned('end_after 1 0', { stubs: { [COLLECTOR]: takes('1500ms').complains('collected\n') } }, withCollector);

    expect(run).toSucceed();
    expect(run.record).toMatchObject({ duration: 2500, lateness: 1500 });
    expect(run).toHaveCalledTimes(COLLECTOR, 1);
    expect(run).toHaveChangedOnly(changesOf(run, { [STATUS_LOG]: file(/collected\n$/) }));
  });
});
