import { describe, expect, it } from 'vitest';
import { at, directory, every, exits, file, handle, removed, returns } from 'shellrig';
import { EVENTS_DIRECTORY, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { instant, NOW } from '../support/time.js';
import { APPEARED, changesOf, done, KUBECONFIG, late, latency, measure, onlyEvent, sourced, START, START_FILE, unwatched, WAYS } from './latency.js';

/** Where inotifywait is there. */
const watched = unwatched.with({ stubs: { inotifywait: returns('') } });

describe.each(WAYS)('a kubeconfig that is %s while it is watched for', (_, appears) => {
  it.each([0.001, 42.123, 299.999])('after %d seconds: one event, at that very moment', lesson('A8', 'C15'), async (seconds) => {
    const run = await latency.given({ actors: [at(`${seconds}s`, appears)] }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(done(seconds));
    expect(run).toPrint(`new kubeconfig created at: ${KUBECONFIG}\n`);
    expect(run.duration).toBe(seconds * 1000);
    expect(run).toHaveChangedOnly(changesOf(run, APPEARED));
  });

  it('where the script leads no process group: one event, and nothing stays behind', lesson('C14'), async () => {
    const run = await sourced.given({ actors: [at('42.123s', appears)] }).call('measure_as_a_child');

    expect(run).toSucceed();
    expect(run).toPrint('ended with 0\n');
    expect(onlyEvent(run)).toMatchObject(done(42.123));
    expect(run.record.leftovers).toEqual([]);
    expect(run).toHaveChangedOnly(changesOf(run, APPEARED));
  });

  it('at the last moment: one event, and that of success', async () => {
    const run = await latency.given({ actors: [at('300s', appears)] }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(done(300));
    expect(run).toHaveChangedOnly(changesOf(run, APPEARED));
  });
});

describe('a kubeconfig that is there already', () => {
  it('is reported at once, with the start that was written before, and not watched for', lesson('A10'), async () => {
    const run = await watched.given({ files: { [KUBECONFIG]: 'apiVersion: v1\n' } }).exec(measure);

    expect(run).toSucceed();
    expect(run).toPrint(`kubeconfig already exists at: ${KUBECONFIG}\n`);
    expect(onlyEvent(run)).toMatchObject(done(0));
    expect(run).not.toHaveCalled('inotifywait');
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});

describe('a kubeconfig that does not appear', () => {
  it('is reported as late when the time is over, once', async () => {
    const run = await latency.exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(late(300));
    expect(run).toPrint('kubeconfig was not created after 300s\n');
    expect(run.duration).toBe(300_000);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('is late when the time is over, though other files appear all the time', lesson('C16'), async () => {
    const others: Record<string, string> = {};
    const another = every('25s', async ({ time, write }) => {
      if (time >= 1_000_000) return;
      const path = `/var/lib/kubelet/file-${time}`;
      others[path] = '';
      await write({ [path]: '' });
    });
    const run = await latency.given({ actors: [another] }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(late(300));
    expect(run).toPrint('kubeconfig was not created after 300s\n');
    expect(Object.keys(others)).toHaveLength(12);
    expect(run).toHaveChangedOnly(changesOf(run, others));
  });

  it('is reported as late when inotifywait cannot watch, with what that said', async () => {
    const inotifywait = exits(1).complains('Failed to watch /var/lib/kubelet; upper limit on inotify watches reached!\n');
    const run = await unwatched.given({ env: { WATCH_TIMEOUT_SECONDS: '20' }, stubs: { inotifywait } }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(late(20));
    expect(run).toHaveCalledTimes('inotifywait', 1);
    expect(run).toPrint('inotifywait: Failed to watch /var/lib/kubelet; upper limit on inotify watches reached!\n');
    expect(run).toHaveSleptTimes('1s', 20);
    expect(run.duration).toBe(20_000);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('is told from another file whose name ends alike', async () => {
    const inotifywait = handle(async ({ write }) => {
      await write({ '/var/lib/kubelet/bootstrap-kubeconfig': '' });
      return '/var/lib/kubelet/ CREATE bootstrap-kubeconfig\n';
    });
    const run = await unwatched.given({ env: { WATCH_TIMEOUT_SECONDS: '20' }, stubs: { inotifywait } }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(late(20));
    expect(run).toHaveCalledTimes('inotifywait', 1);
    expect(run).toHaveChangedOnly(changesOf(run, { '/var/lib/kubelet/bootstrap-kubeconfig': file('') }));
  });
});

describe('nothing to measure', () => {
  it('without inotifywait: it says so, and a later boot does not measure from this start', lesson('C17'), async () => {
    const run = await unwatched.exec(measure);

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
    expect(eventsOf(run)).toEqual([{
      Timestamp: START, OperationId: instant(0), Version: '1.23', TaskName: 'AKS.Runtime.waitForTLSBootstrapping',
      EventLevel: 'Informational', Message: 'Completed', EventPid: '0', EventTid: '0',
    }]);
    expect(run).toHaveChangedOnly({ [START_FILE]: removed, [`${EVENTS_DIRECTORY}/${NOW}000.json`]: file() });
  });

  it('does not take the place of one that another script wrote in the same millisecond', lesson('C19'), async () => {
    const run = await watched.given({ files: { [KUBECONFIG]: '', [`${EVENTS_DIRECTORY}/${NOW}000.json`]: '{"TaskName":"another"}' } }).exec(measure);

    expect(run).toSucceed();
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['another', 'AKS.Runtime.waitForTLSBootstrapping']);
    expect(run).toHaveChangedOnly({ [START_FILE]: removed, [`${EVENTS_DIRECTORY}/${NOW}0000.json`]: file() });
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
    expect(run).toHaveChangedOnly({ [EVENTS_DIRECTORY]: directory() });
  });
});
