import { describe, expect, it } from 'vitest';
import { directory, exits, file, handle, removed, returns, when } from 'shellrig';
import { EVENTS_DIRECTORY, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { changesOf, DONE, KUBECONFIG, LATE, latency, measure, onlyEvent, sourced, START, START_FILE } from './latency.js';

/** Where inotifywait is there. */
const watched = latency.with({ stubs: { inotifywait: returns('') } });

describe('a kubeconfig that appears while it is watched for', () => {
  it.each(['create', 'rename'])('by %s: one event, at once', lesson('A8', 'C15'), async (how) => {
    const run = await sourced.given({ env: { WATCH_TIMEOUT_SECONDS: '8' } }).call('measure_while_it_appears', how);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(DONE);
    expect(run.file('/tmp/said').text).toContain(`new kubeconfig created at: ${KUBECONFIG}\n`);
    expect(run).toHaveChangedOnly(changesOf(run, { [KUBECONFIG]: file(''), '/tmp/said': file() }));
    expect(run.record.duration).toBeLessThan(6000);
  });

  it.each(['create', 'rename'])('by %s, where the script leads no process group: one event, and nothing stays behind', lesson('C14'), async (how) => {
    const run = await sourced.given({ env: { WATCH_TIMEOUT_SECONDS: '8' } }).call('measure_as_a_child', how);

    expect(run).toSucceed();
    expect(run).toPrint('ended with 0\n');
    expect(onlyEvent(run)).toMatchObject(DONE);
    expect(run.record.leftovers).toEqual([]);
    expect(run).toHaveChangedOnly(changesOf(run, { [KUBECONFIG]: file(''), '/tmp/said': file() }));
  });
});

describe('a kubeconfig that is there already', () => {
  it('is reported at once, with the start that was written before, and not watched for', lesson('A10'), async () => {
    const run = await watched.given({ files: { [KUBECONFIG]: 'apiVersion: v1\n' } }).exec(measure);

    expect(run).toSucceed();
    expect(run).toPrint(`kubeconfig already exists at: ${KUBECONFIG}\n`);
    expect(onlyEvent(run)).toMatchObject(DONE);
    expect(run).not.toHaveCalled('inotifywait');
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});

describe('a kubeconfig that does not appear', () => {
  it('is reported as late when the time is over, once', async () => {
    const run = await latency.with({ tools: ['inotifywait'] }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(LATE);
    expect(run).toPrint('kubeconfig was not created after 1s\n');
    expect(run.record.duration).toBeGreaterThan(900);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('is late when the time is over, though other files appear all the time', lesson('C16'), async () => {
    const run = await sourced.call('measure_while_others_appear');

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(LATE);
    expect(run.stdout.split('\n').length).toBeLessThan(20);
    expect(run.file('/tmp/said').text).toContain('kubeconfig was not created after 1s\n');
    const others = Object.fromEntries([...run.stdout.matchAll(/^\/.*$/gm)].map(([path]) => [path, file('')]));
    expect(run).toHaveChangedOnly(changesOf(run, { ...others, '/tmp/said': file() }));
  });

  it('is reported as late when inotifywait cannot watch, with what that said', async () => {
    const inotifywait = exits(1).complains('Failed to watch /var/lib/kubelet; upper limit on inotify watches reached!\n');
    const run = await latency.given({ stubs: { inotifywait } }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(LATE);
    expect(run).toHaveCalledTimes('inotifywait', 1);
    expect(run).toPrint('inotifywait: Failed to watch /var/lib/kubelet; upper limit on inotify watches reached!\n');
    expect(run.record.duration).toBeGreaterThan(900);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('is told from another file whose name ends alike', async () => {
    const inotifywait = handle(async ({ write }) => {
      await write({ '/var/lib/kubelet/bootstrap-kubeconfig': '' });
      return '/var/lib/kubelet/ CREATE bootstrap-kubeconfig\n';
    });
    const run = await latency.given({ stubs: { inotifywait } }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(LATE);
    expect(run).toHaveCalledTimes('inotifywait', 1);
    expect(run).toHaveChangedOnly(changesOf(run, { '/var/lib/kubelet/bootstrap-kubeconfig': file('') }));
  });
});

describe('nothing to measure', () => {
  it('without inotifywait: it says so, and a later boot does not measure from this start', lesson('C17'), async () => {
    const run = await latency.exec(measure);

    expect(run).toSucceed();
    expect(run.stdout).toBe('inotifywait is not available, unable to wait for TLS bootstrapping\n');
    expect(run).toHaveChangedOnly({ [START_FILE]: removed });
  });

  it.each([['missing', undefined], ['empty', '']])('without a start (file %s): no event, as no bootstrapping was begun', lesson('A10'), async (_, content) => {
    const path = '/opt/azure/containers/another-start-time';
    const run = await watched.given({ env: { TLS_BOOTSTRAPPING_START_TIME_FILEPATH: path }, files: { [KUBECONFIG]: '', ...(content === undefined ? {} : { [path]: content }) } }).exec(measure);

    expect(run).toSucceed();
    expect(run).toPrint(`TLS bootstrapping start time file not found at: ${path}\n`);
    expect(eventsOf(run)).toEqual([]);
    expect(run).not.toHaveCalled('inotifywait');
    expect(run).toHaveChangedOnly(content === undefined ? {} : { [path]: removed });
  });
});

describe('the event', () => {
  it('is a whole file of the form that the agent reads, in a directory that is made where it is missing', lesson('C18'), async () => {
    const run = await watched.given({ files: { [KUBECONFIG]: '' } }).exec(measure);

    expect(run).toSucceed();
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    expect(eventsOf(run)).toEqual([{
      Timestamp: START, OperationId: time, Version: '1.23', TaskName: 'AKS.Runtime.waitForTLSBootstrapping',
      EventLevel: 'Informational', Message: 'Completed', EventPid: '0', EventTid: '0',
    }]);
    expect(run.record.events[0]?.path).toMatch(new RegExp(`^${EVENTS_DIRECTORY}/\\d{13}\\.json$`));
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('does not take the place of one that another script wrote in the same millisecond', lesson('C19'), async () => {
    const date = when(['+%s%3N']).returns('1772366400123\n').otherwise(returns('2026-03-01 12:00:05.000\n'));
    const run = await watched
      .given({ files: { [KUBECONFIG]: '', [`${EVENTS_DIRECTORY}/1772366400123.json`]: '{"TaskName":"another"}' }, stubs: { date } })
      .exec(measure);

    expect(run).toSucceed();
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['another', 'AKS.Runtime.waitForTLSBootstrapping']);
    expect(run).toHaveCalledTimes('date', 2);
    expect(run).toHaveChangedOnly({ [START_FILE]: removed, [`${EVENTS_DIRECTORY}/17723664001230.json`]: file() });
  });

  it('is lost when its directory cannot be made, and the script ends all the same', async () => {
    const run = await watched.given({ files: { [KUBECONFIG]: '', '/var/log/azure': 'a file in the way' } }).exec(measure);

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [START_FILE]: removed });
    expect(run).toPrint(`cannot create directory`, { on: 'stderr' });
    expect(run).toPrint('Not a directory', { on: 'stderr' });
  });

  it('is lost on a full disk, where nothing half of it stays', async () => {
    const run = await sourced.with({ limits: { disk: '4MB' } }).call('emit_on_a_full_disk');

    expect(run).toSucceed();
    expect(run.stderr).toMatch(/No space left on device\n$/);
    expect(run).toHaveChangedOnly({ '/srv/filler': file(), [EVENTS_DIRECTORY]: directory() });
  });
});
