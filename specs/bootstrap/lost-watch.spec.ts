import { describe, expect, it } from 'vitest';
import { directory, exits, file, handle, removed, returns } from 'shellrig';
import { lesson } from '../support/lesson.js';
import { changesOf, DONE, KUBECONFIG, latency, measure, onlyEvent, sourced, START_FILE } from './latency.js';

describe('a kubeconfig that appears where the watch tells nothing of it', () => {
  it.each([
    ['since it could not begin', exits(1).complains('Failed to watch /var/lib/kubelet; upper limit on inotify watches reached!\n')],
    ['since it was ended meanwhile', returns('Watches established.\n').exits(143)],
  ])('%s, is reported at the next look', lesson('C15'), async (_, inotifywait) => {
    // Between two looks the script sleeps: then kubelet is done.
    const sleep = handle(async (call) => {
      if (call.previousCalls === 2) await call.write({ [KUBECONFIG]: 'apiVersion: v1\n' });
    });
    const run = await latency.given({ env: { WATCH_TIMEOUT_SECONDS: '300' }, stubs: { inotifywait, sleep } }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(DONE);
    expect(run).toPrint(`kubeconfig now exists at: ${KUBECONFIG}\n`);
    expect(run).toHaveCalledTimes('inotifywait', 1);
    expect(run).toHaveCalledTimes('sleep', 3, '1.000000');
    expect(run).toHaveChangedOnly(changesOf(run, { [KUBECONFIG]: file('apiVersion: v1\n') }));
  });

  it('since its directory is another one by now, is reported at the next look', lesson('C15'), async () => {
    const run = await sourced.given({ env: { WATCH_TIMEOUT_SECONDS: '8' } }).call('measure_while_it_appears', 'elsewhere');

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(DONE);
    expect(run.record.duration).toBeLessThan(6000);
    expect(run).toHaveChangedOnly(changesOf(run, {
      [KUBECONFIG]: file(''), '/tmp/said': file(),
      '/var/lib/kubelet/pki': removed, '/var/lib/kubelet/pki/file': removed,
      '/var/lib/kubelet.old/pki': directory(), '/var/lib/kubelet.old/pki/file': file(''),
    }));
  });
});

describe('a measurement that is ended by a signal', () => {
  it.each([
    ['watches', 'Watches established', sourced],
    ['only looks, as the watch has ended', 'Failed to watch', sourced.with({ stubs: { inotifywait: exits(1).complains('Failed to watch /var/lib/kubelet\n') } })],
  ])('while it %s, leaves nothing behind: no start, no process, and no event, as nothing is known', lesson('C14', 'C17'), async (_, says, shell) => {
    const run = await shell.given({ env: { WATCH_TIMEOUT_SECONDS: '8' }, allow: { unasserted: { calls: ['inotifywait'] } } }).call('measure_until_it_is_ended', says);

    expect(run).toSucceed();
    expect(run).toPrint('ended with 143\n');
    expect(run.record.leftovers).toEqual([]);
    expect(run).toHaveChangedOnly({ [START_FILE]: removed, '/tmp/said': file() });
  });
});
