import { describe, expect, it } from 'vitest';
import { at, defineShell, directory } from 'shellrig';
import { definedExitCodes } from 'shellrig/invariants';
import { sweepMoments } from 'shellrig/sweeps';
import waits from './waits.sh';

const shell = defineShell({ source: [waits], files: { '/srv/count': '0\n', '/run': directory(), '/run/new': 'yes\n' }, tools: ['inotifywait', 'flock'] });
const rename = (world) => world.rename('/run/new', '/run/ready');
const LIMIT = 12_000;

/** It is noticed within a second; who acts when the time is up may come too late. */
const soon = ({ run, time }) => {
  if (time === LIMIT && run.exitCode === 4) return;
  expect(run).toSucceed();
  expect(run.record.duration - time).toBeLessThanOrEqual(1000);
};
const counted = ({ run }) => { expect(run).toHaveFile('/srv/count', '2\n'); };

describe('plain', () => {
  it.each([['polls', rename], ['watches', rename], ['watches_writes', (world) => world.write({ '/run/ready': '' })]])('%s', async (name, act) => {
    const run = await shell.given({ actors: [at('3500ms', act)] }).call(name, '/run/ready');
    soon({ run, time: 3500 });
  });

  it('one writer after the other', async () => {
    counted({ run: await shell.call('one_writer_after_the_other') });
  });
});

describe('acted', () => {
  sweepMoments('polls', () => shell.call('polls', '/run/ready'), { act: rename, expect: soon, invariants: [definedExitCodes([4])] });
  sweepMoments('polls at some', () => shell.call('polls', '/run/ready'), { act: rename, expect: soon, most: 10 });
  sweepMoments('watches', () => shell.call('watches', '/run/ready'), { act: rename, expect: soon });
  sweepMoments('watches writes', () => shell.call('watches_writes', '/run/ready'), { act: rename, expect: soon });
  sweepMoments('reads', () => shell.call('reads', '/run/ready'), { act: rename, never: true });
  sweepMoments('by the real clock', () => shell.with({ clock: 'real' }).call('polls', '/run/ready'), { act: rename });
});

describe('held', () => {
  sweepMoments('two writers', () => shell.call('two_writers'), { expect: counted });
  sweepMoments('two writers with a lock', () => shell.call('two_writers_with_a_lock'), { expect: counted });
  sweepMoments('one writer after the other', () => shell.call('one_writer_after_the_other'), { expect: counted, heldFor: '5s' });
});
