import { describe, expect, it } from 'vitest';
import { at, bash, directory, exits, file, takes, type FileSpecs } from 'shellrig';
import { atomicReplacement } from 'shellrig/invariants';
import helpers from '#node/cse_helpers.sh';
import { EVENTS_DIRECTORY, eventFiles, eventsOf } from '../support/events.js';
import { SCRIPTS } from '../support/scripts.js';
import { changesOf, COMPLETE, eventOf, LOG, node, provisioned, REPORT, reportOf, STATUS_LOG } from './cse-start.js';

const EVENT = `${EVENTS_DIRECTORY}/1893456001000.json`;
const NOTHING_KNOWN = { KernelStartTime: '', CloudInitLocalStartTime: '', CloudInitStartTime: '', CloudFinalStartTime: '', NetworkdStartTime: '', GuestAgentStartTime: '', KubeletStartTime: '', KubeletReadyTime: '' };
const QUERIES = ['systemctl', 'systemd-analyze', 'journalctl'] as const;
const all = <T>(value: T) => Object.fromEntries(QUERIES.map((name) => [name, value]));
/** What a failing program says of it is not what these specs are about. */
const LOUD = { unasserted: { calls: [...QUERIES], stderr: true } } as const;

describe('where systemd does not answer, the provisioning ends as it did, and what is not known is empty', () => {
  it.each([
    ['as it fails', exits(1).complains('Failed to connect to bus\n'), 0],
    ['as it prints what nobody can read', bash('printf \'\\0\\377"}\\n\''), 0],
    ['before its time is over, five times 10 s', takes('1h'), 50],
    ['nor heeds that its time is over, another second each time', bash("trap '' TERM; sleep 3600"), 55],
  ])('%s', async (_, answer, seconds) => {
    const run = await provisioned('end_after 5 7', { stubs: all(answer), allow: LOUD });

    expect(run).toExit(7);
    expect(run.record.duration).toBe(5000 + seconds * 1000);
    expect(reportOf(run)).toMatchObject({ ExitCode: '7', Output: 'ended with 7', ExecDuration: '5' });
    expect(eventOf(run)).toMatchObject({ OperationId: '2030-01-01 00:00:05.000', message: { ExitCode: '7', E2E: '5', ...NOTHING_KNOWN } });
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});

describe('a signal that comes when the provisioning has ended', () => {
  it('ends no report of it, which has limits of its own', async () => {
    const run = await provisioned('end_after 5 7', { stubs: all(takes('1h')), allow: LOUD, actors: [at('8s', (world) => world.signal('TERM', 'cse_start.sh'))] });

    expect(run).toExit(7);
    expect(run.record.duration).toBe(55_000);
    expect(reportOf(run)).toMatchObject({ ExitCode: '7', ExecDuration: '5' });
    expect(eventOf(run).message).toMatchObject({ ExitCode: '7', E2E: '5' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});

describe('what cannot be written changes nothing of how the provisioning ends, and the rest is written:', () => {
  const blocked = (path: string): { files: FileSpecs } => ({ files: { [path]: 'a file in the way' } });

  it('events', async () => {
    const run = await provisioned('end_after 1 7', { ...blocked('/var/log/azure/Microsoft.Azure.Extensions.CustomScript'), allow: LOUD });

    expect(run).toExit(7);
    expect(reportOf(run)).toMatchObject({ ExitCode: '7' });
    expect(run).toHaveChangedOnly({ [LOG]: file('ended with 7\n'), [STATUS_LOG]: file(), [REPORT]: file(), [COMPLETE]: file('') });
  });

  it('events, whose directory was there at first', async () => {
    const run = await provisioned(`put_in_the_way ${EVENTS_DIRECTORY}`, { allow: LOUD });

    expect(run).toSucceed();
    expect(reportOf(run)).toMatchObject({ ExitCode: '0' });
    expect(run).toHaveChangedOnly({ [LOG]: file(''), [STATUS_LOG]: file(), [REPORT]: file(), [COMPLETE]: file(''), [EVENTS_DIRECTORY]: file('') });
  });

  it('the report, which is printed all the same', async () => {
    const run = await provisioned('end_after 1 7', { ...blocked('/var/log/azure/aks'), allow: LOUD });

    expect(run).toExit(7);
    expect(JSON.parse(run.stdout)).toMatchObject({ ExitCode: '7', Output: 'ended with 7' });
    expect(eventOf(run).message).toMatchObject({ ExitCode: '7' });
    expect(run).toHaveChangedOnly({ [LOG]: file('ended with 7\n'), [STATUS_LOG]: file(), [COMPLETE]: file(''), ...eventFiles(run) });
  });

  it('the log, without which what is said goes to standard error', async () => {
    const run = await provisioned('end_after 1 7', { files: { [LOG]: directory() }, allow: LOUD });

    expect(run).toExit(7);
    expect(run).toPrint('ended with 7\n', { on: 'stderr' });
    expect(reportOf(run)).toMatchObject({ ExitCode: '7', Output: '' });
    expect(eventOf(run).message).toMatchObject({ ExitCode: '7', E2E: '1' });
    expect(run).toHaveChangedOnly({ [STATUS_LOG]: file(), [REPORT]: file(), [COMPLETE]: file(''), ...eventFiles(run) });
  });

  it('to standard output, as whoever read it is gone', async () => {
    // A script that is sourced brings its folder along, in which the one that starts all lies too.
    const run = await node.with({ source: [helpers] }).given({ env: { PROVISIONING: 'end_after 1 7' } }).call('bash', '-c', `bash ${SCRIPTS}/cse_start.sh | true; echo "\${PIPESTATUS[0]}"`);

    expect(run).toSucceed();
    expect(run.stdout).toBe('7\n');
    expect(eventOf(run).message).toMatchObject({ ExitCode: '7' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('any log at all', async () => {
    const run = await provisioned('end_after 1 7', { ...blocked('/var/log/azure'), allow: LOUD });

    expect(run).toExit(7);
    expect(JSON.parse(run.stdout)).toMatchObject({ ExitCode: '7', Output: '' });
    expect(run).toPrint('ended with 7\n', { on: 'stderr' });
    expect(run).toHaveChangedOnly({ [COMPLETE]: file('') });
  });

  // How many pages fit is not the same each time.
  it('anything, on a full disk, where nothing half of it stays', { meta: { races: true } }, async () => {
    const run = await provisioned('fill_the_disk', { allow: LOUD }, node.with({ limits: { disk: '4MB' } }));

    expect(run).toExit(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ ExitCode: '1' });
    expect(eventsOf(run)).toEqual([]);
    expect(run).toHaveChangedOnly({ '/srv/filler': file(), [LOG]: file(''), [STATUS_LOG]: file(''), [COMPLETE]: file(''), [EVENTS_DIRECTORY]: directory(), '/var/log/azure/aks': directory() });
  });
});

describe('what others read at any time', () => {
  it('is there as a whole or not at all', async () => {
    const run = await provisioned('end_after 1 0', { invariants: [atomicReplacement(EVENT, REPORT)], files: { [REPORT]: 'of an earlier run' } });

    expect(run).toSucceed();
    expect(run.record.events[0]?.path).toBe(EVENT);
    expect(reportOf(run)).toMatchObject({ ExitCode: '0' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('is not an event in the place of one of the same millisecond, and it comes after that', async () => {
    const run = await provisioned('end_after 1 0', { files: { [EVENT]: '{"TaskName":"another"}', [EVENT.replace('.json', '001.json')]: '{"TaskName":"a third"}' } });

    expect(run).toSucceed();
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['another', 'a third', 'AKS.CSE.cse_start']);
    expect(run).toHaveChangedOnly({ [LOG]: file(), [STATUS_LOG]: file(), [REPORT]: file(), [COMPLETE]: file(''), [EVENT.replace('.json', '002.json')]: file() });
  });
});

describe('a second run', () => {
  it('reports anew, and keeps what the first logged and emitted', async () => {
    const first = await provisioned('succeed_once 600 0');
    expect(first).toSucceed();
    expect(first).toHaveChangedOnly(changesOf(first));
    const run = await provisioned('succeed_once 600 0', { tree: first.record.after });

    expect(run).toSucceed();
    expect(run.record.duration).toBe(0);
    expect(reportOf(run)).toMatchObject({ ExitCode: '0', ExecDuration: '0', Output: 'ended with 0\nAlready ran to success exiting...' });
    expect(eventsOf(run).map(({ OperationId }) => OperationId)).toEqual(['2030-01-01 00:00:00.000', '2030-01-01 00:10:00.000']);
    expect(run).toHaveChangedOnly({
      [LOG]: file('ended with 0\nAlready ran to success exiting...\n'), [STATUS_LOG]: file(), [REPORT]: file(),
      [`${EVENTS_DIRECTORY}/1893456000000.json`]: file(),
    });
  });
});
