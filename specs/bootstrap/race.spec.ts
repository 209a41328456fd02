import { describe, expect, it } from 'vitest';
import { handle } from 'shellrig';
import { lesson } from '../support/lesson.js';
import { APPEARED, changesOf, done, KUBECONFIG, latency, measure, onlyEvent, START, unwatched, WAYS } from './latency.js';

describe.each(WAYS)('a kubeconfig that is %s between the look for it and the start of the watch', (_, appears) => {
  it('is reported once, with the start that was written before', lesson('A9', 'A8'), async () => {
    const inotifywait = handle(async (call) => {
      await appears(call);
      return '/var/lib/kubelet/ CREATE pki\n';
    });
    const run = await unwatched.given({ stubs: { inotifywait } }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(done(0));
    expect(run).toHaveCalledTimes('inotifywait', 1);
    expect(run).toHaveChangedOnly(changesOf(run, APPEARED));
    expect(run).toPrint(`kubeconfig now exists at: ${KUBECONFIG}\n`);
  });

  it('is reported once though the watch says nothing at all', lesson('A9'), async () => {
    const run = await unwatched.given({ stubs: { inotifywait: handle(async (call) => { await appears(call); }) } }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject({ TaskName: done(0).TaskName, Timestamp: START });
    expect(run.duration).toBeLessThanOrEqual(1000);
    expect(run).toHaveCalledTimes('inotifywait', 1);
    expect(run).toHaveChangedOnly(changesOf(run, APPEARED));
  });

  it('is reported at once by the real inotifywait too', lesson('A9'), async () => {
    // The script asks for the directory before its look for the kubeconfig, and again when it starts the watch.
    const dirname = handle(async (call) => {
      if (call.previousCalls === 1) await appears(call);
      return '/var/lib/kubelet\n';
    });
    const run = await latency.given({ stubs: { dirname } }).exec(measure);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('dirname', 2);
    expect(onlyEvent(run)).toMatchObject(done(0));
    expect(run).toHaveChangedOnly(changesOf(run, APPEARED));
  });
});

describe('the watch', () => {
  it('is of the directory of the kubeconfig, for what is created there and what is moved there', lesson('C15'), async () => {
    const inotifywait = handle(async (call) => { await call.write({ [KUBECONFIG]: 'apiVersion: v1\n' }); });
    const run = await unwatched.given({ stubs: { inotifywait } }).exec(measure);

    expect(run).toSucceed();
    expect(run.calls('inotifywait').map(({ args }) => args)).toEqual([['-t', '300', '-m', '-e', 'create', '-e', 'moved_to', '/var/lib/kubelet']]);
    expect(onlyEvent(run)).toMatchObject({ TaskName: done(0).TaskName, Timestamp: START });
    expect(run).toHaveChangedOnly(changesOf(run, APPEARED));
  });
});
