import { describe, expect, it } from 'vitest';
import { at, directory, exits, file, removed, returns } from 'shellrig';
import { lesson } from '../support/lesson.js';
import { APPEARED, changesOf, done, KUBECONFIG, latency, measure, onlyEvent, START_FILE, unwatched, WAYS } from './latency.js';

describe.each(WAYS)('a kubeconfig that is %s where the watch tells nothing of it', (_, appears) => {
  it.each([
    ['since it could not begin', exits(1).complains('Failed to watch /var/lib/kubelet; upper limit on inotify watches reached!\n')],
    ['since it was ended meanwhile', returns('Watches established.\n').exits(143)],
  ])('%s, is reported at the next look', lesson('C15'), async (_reason, inotifywait) => {
    const run = await unwatched.given({ stubs: { inotifywait }, actors: [at('2.345s', appears)] }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(done(3));
    expect(run).toPrint(`kubeconfig now exists at: ${KUBECONFIG}\n`);
    expect(run).toHaveCalledTimes('inotifywait', 1);
    expect(run).toHaveSleptTimes('1s', 3);
    expect(run.duration).toBe(3000);
    expect(run).toHaveChangedOnly(changesOf(run, APPEARED));
  });

  it('since it was killed, is reported a second later at most', lesson('C15'), async () => {
    const run = await latency.given({ actors: [at('10.5s', (world) => world.signal('KILL', 'inotifywait')), at('13.4s', appears)] }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(done(13.5));
    expect(run).toPrint(`kubeconfig now exists at: ${KUBECONFIG}\n`);
    expect(run).toHaveChangedOnly(changesOf(run, APPEARED));
  });

  it('since its directory is another one by now, is reported at the next look', lesson('C15'), async () => {
    const run = await latency.given({ actors: [
      at('1.2s', (world) => world.rename('/var/lib/kubelet', '/var/lib/kubelet.old')),
      at('1.2s', (world) => world.write({ '/var/lib/kubelet': directory() })),
      at('2.345s', appears),
    ] }).exec(measure);

    expect(run).toSucceed();
    expect(onlyEvent(run)).toMatchObject(done(3));
    expect(run.duration).toBe(3000);
    expect(run).toHaveChangedOnly(changesOf(run, {
      ...APPEARED, '/var/lib/kubelet/pki': removed, '/var/lib/kubelet/pki/file': removed,
      '/var/lib/kubelet.old/pki': directory(), '/var/lib/kubelet.old/pki/file': file(''),
    }));
  });
});

describe('a measurement that is ended by a signal', () => {
  const ended = { actors: [at('42s', (world) => world.signal('TERM', 'measure-tls-bootstrapping-latency.sh'))] };

  it('while it watches, leaves nothing behind: no start, no process, and no event, as nothing is known', lesson('C14', 'C17'), async () => {
    const run = await latency.given(ended).exec(measure);

    expect(run).toExit(143);
    expect(run).toPrint('inotifywait: Watches established.\n');
    expect(run.duration).toBe(42_000);
    expect(run.record.leftovers).toEqual([]);
    expect(run).toHaveChangedOnly({ [START_FILE]: removed });
  });

  it('while it only looks, as the watch has ended, leaves nothing behind either', lesson('C14', 'C17'), async () => {
    const run = await unwatched.given({ ...ended, stubs: { inotifywait: exits(1).complains('Failed to watch /var/lib/kubelet\n') } }).exec(measure);

    expect(run).toExit(143);
    expect(run).toHaveCalledTimes('inotifywait', 1);
    expect(run).toPrint('inotifywait: Failed to watch');
    expect(run.record.leftovers).toEqual([]);
    expect(run).toHaveChangedOnly({ [START_FILE]: removed });
  });
});
