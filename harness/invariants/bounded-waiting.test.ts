import { describe, expect, it } from 'vitest';
import { defineShell, file, real } from 'shellrig';
import { boundedWaiting } from 'shellrig/invariants';
import { messageOf } from '../matchers/record.fixture.js';
import { saidOf, shell } from './testdata/leaves.js';

describe('boundedWaiting', () => {
  it('adds up what stubs of sleep were asked for', async () => {
    const run = await shell.call('waits_for', '12');

    expect(run).toExit(4);
    expect(run).toHold(boundedWaiting({ within: '70s', sleeps: 12 }));
    expect(messageOf(() => expect(run).toHold(boundedWaiting({ within: '59s' })))).toMatchInlineSnapshot(`
      "expect(run).toHold(…): boundedWaiting({ within: '59s' }): the run would have waited 1 min 0 s, and may wait 59s

        12 x sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for

        Give the loop a number of tries or a deadline, and have it say what it waited for when that is over.

      .call('waits_for', '12') ended with exit code 4

      it slept at harness/invariants/testdata/leaves.sh:49 in function waits_for

          46|   local tries=$1
          47|   until [[ -e /run/ready ]]; do
          48|     ((tries-- > 0)) || return 4
        > 49|     sleep 5
          50|   done
          51| }
          52| sleeps() { sleep "$@"; }

      calls:
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for
        sleep 5   at harness/invariants/testdata/leaves.sh:49 in function waits_for

      changes: none

      again, with all it executes:
        npx shellrig test harness/invariants/bounded-waiting.test.ts -t 'boundedWaiting adds up what stubs of sleep were asked for$' --trace"
    `);
    expect(saidOf(run, boundedWaiting({ within: '5m', sleeps: 3 }))).toContain("boundedWaiting({ within: '5m', sleeps: 3 }): the run slept 12 times, and may sleep 3 times");
  });

  it.each([
    [['1m', '30'], '1 min 30 s'], [['1.5h'], '1 h 30 min'], [['infinity'], 'for ever'], [['--', '2d'], '48 h 0 min'], [['.5m'], '30 s'],
  ])('reads sleep %s', async (words, told) => {
    expect(saidOf(await shell.call('sleeps', ...words), boundedWaiting({ within: '1s' }))).toContain(`the run would have waited ${told}, and may wait 1s`);
  });

  it.each([
    ['sleep 20 & sleep 20 & wait', '20 s'], ['sleep 20 & wait; sleep 20 & wait', '40 s'], ['sleep 20 & wait; sleep 20', '40 s'], ['sleep 30; sleep 20 & sleep 5', '50 s'], ['sleep 20 & sleep 30', '30 s'],
    ['sleep 20 & p=$!; sleep 5; wait "$p"; sleep 1', '21 s'], ['(sleep 10; sleep 15) & (sleep 20 & sleep 20 & wait; sleep 7) & wait; sleep 1', '28 s'], ['sleep 20; x=$(sleep 20); (sleep 20)', '1 min 0 s'],
    ['for i in 1 2 3; do sleep 20 & wait; done', '1 min 0 s'], ['(sleep 20 & wait); sleep 20', '40 s'], ["bash -c 'sleep 20 & wait'; sleep 20", '40 s'], ['bash -c "sleep 20; sleep 20" & bash -c "sleep 20 & sleep 20; wait; sleep 5" & wait', '40 s'],
  ])('counts what one process waits: %s', async (script, told) => {
    const given = shell.given({ files: { '/run.sh': file(`#!/bin/bash\n${script}\n:\n`, { mode: 0o755 }) } });

    for (const run of [await given.exec('/run.sh'), await given.call('eval', `${script}; :`)]) expect(saidOf(run, boundedWaiting({ within: '1s' }))).toContain(`the run would have waited ${told}, and may wait 1s`);
  });

  it.each([
    ['timeout 5 sleep 300', '5 s'], ['timeout -k 3 --signal=TERM 1m sleep 300', '1 min 0 s'], ['timeout 10 bash -c "sleep 4; sleep 4; sleep 4"; sleep 1', '11 s'], ['timeout 0 sleep 30', '30 s'], ['timeout 50 timeout 20 sleep 30', '20 s'],
  ])('takes no sleep for longer than its timeout: %s', async (script, told) => {
    const given = shell.given({ invariants: [boundedWaiting({ within: '1s' })] });

    expect(saidOf(await given.call('eval', script), boundedWaiting({ within: '1s' }))).toContain(`the run would have waited ${told}, and may wait 1s`);
  });

  it('is exact by a virtual clock, of whatever waits', async () => {
    const slow = shell.with({ stubs: { sleep: real() } });
    const runs = [await slow.call('waits_for', '12'), await defineShell({ source: ['./testdata/leaves.sh'] }).call('waits_for', '12')];
    for (const run of runs) {
      expect(run).toExit(4);
      expect(run).toHold(boundedWaiting({ within: '60s', sleeps: 12 }));
      expect(saidOf(run, boundedWaiting({ within: '59s' }))).toMatch(/the run waited 1 min 0 s, and may wait 59s\n\n {2}12 x sleep 5s? {3}at .*leaves\.sh:49 in function waits_for/);
      expect(saidOf(run, boundedWaiting({ within: '60s', sleeps: 11 }))).toContain('the run slept 12 times, and may sleep 11 times');
    }
    const other = await defineShell({}).call('eval', 'mkfifo /tmp/p; exec 5<>/tmp/p; { sleep 20; echo x >&5; } & read -r -t 15 x <&5; timeout 7 sleep 100; wait');
    expect(other).toSucceed();
    expect(other).toHold(boundedWaiting({ within: '22s', sleeps: 2 }));
    expect(other).not.toHold(boundedWaiting({ within: '21.9s' }));
  });

  it('counts real time, and a real sleep once', async () => {
    const slow = shell.with({ clock: 'real', stubs: { sleep: real() } });
    const run = await slow.call('sleeps', '0.3');

    expect(run).toSucceed();
    expect(run).toHold(boundedWaiting({ within: '5s' }));
    expect(run).not.toHold(boundedWaiting({ within: '250ms' }));
    expect(await defineShell({ source: ['./testdata/leaves.sh'], clock: 'real' }).call('sleeps', '0.3')).not.toHold(boundedWaiting({ within: '250ms' }));
    expect(await shell.given({ allow: { shellErrors: true } }).call('sleeps', 'x')).toHold(boundedWaiting({ within: '5s' }));
  });

  it('takes durations', () => {
    expect(() => boundedWaiting({ within: '60' })).toThrow("boundedWaiting(): `within` is a number with ms, s, m or h, such as '250ms' or '6s', got \"60\"");
  });
});
