import { describe, expect, it } from 'vitest';
import { defineShell } from 'shellrig';

const shell = defineShell({ limits: { time: '30s' } });

/** How often each is run; by hand it was 200 times, beside other work. */
const TIMES = 8;

describe('C1: the same script has the same timeline each time', () => {
  it.each([
    ['background jobs', '(sleep 2; echo a) & (sleep 1; echo b) & (sleep 3; echo c $SECONDS) & wait'],
    ['a pipeline', '{ for i in 1 2 3; do sleep 1; echo $i $EPOCHREALTIME; done; } | while read -r x; do echo "$x $SECONDS"; sleep .3; done | { sleep 2; cat; }'],
    ['several that wake at one instant', 'for n in a b c d; do (for i in 1 2; do sleep 1; echo $n$i; done) & done; wait'],
    ['orphans that wake at one instant', '( (sleep 2; echo x) & (sleep 2; echo y) & (sleep 2; echo z) & ); sleep 5; echo end'],
    ['children of xargs', 'printf "%s\\n" 3 1 2 | xargs -P 3 -I{} sh -c "sleep {}; echo {}"'],
    ['one that computes beside one that sleeps', '(for ((i = 0; i < 300; i++)); do :; done; echo computed $SECONDS) & sleep 1; echo slept; wait'],
    ['one that polls for what another makes', '(sleep 1.25; : >/tmp/x) & until [ -e /tmp/x ]; do sleep .1; done; echo $EPOCHREALTIME; stat -c %y /tmp/x'],
    ['what jobs do before they first wait', 'for i in 1 2 3 4 5; do (echo $i) & done; for i in 6 7 8; do echo $i & sh -c "echo program $i" & done; wait'],
    ['what jobs of dash do', 'dash -c "for i in 1 2 3 4 5; do (echo \\$i) & done; echo 6 & wait"'],
    ['how jobs come to their words', 'set -x; for i in 1 2 3; do : $(echo $i >>/tmp/l) & done; wait; cat /tmp/l >&2'],
    ['what the parts of a pipeline do', '{ echo a >>/tmp/l; } | sh -c "echo b >>/tmp/l" | { echo c >>/tmp/l; }; cat /tmp/l; echo d | :; echo ${PIPESTATUS[*]}; dash -c "echo e >>/tmp/l | echo f >>/tmp/l"; cat /tmp/l'],
    ['who of several has a lock next', 'for i in 1 2 3 4 5; do (until mkdir /tmp/l 2>/dev/null; do sleep 1; done; echo $i $SECONDS; sleep 2; rmdir /tmp/l) & done; wait'],
    ['signals', 'sleep 100 & p=$!; sleep 3; kill $p; wait $p; echo $? $SECONDS; trap "echo trap \\$SECONDS" USR1; (sleep 2; kill -USR1 $$) & sleep 10 & wait $!; echo $?; wait; echo $SECONDS'],
    ['what is sent a signal, and who sends it', 'exec 2>/dev/null; for i in 1 2; do (trap "echo $i got" USR1; trap "echo $i ends; kill \\$!; exit" TERM; sleep 50 & while wait $!; [ $? -gt 128 ]; do :; done; echo $i over) & done; sleep 1; for i in 1 2 3; do kill -USR1 %1 %2; echo sent; (echo job $i) & (:); done; kill %2; echo sent; kill -9 %1; kill -0 %1 || echo gone; sleep 1; pkill sleep; echo all; wait'],
    ['what a shell says that is asked to end together with what it waits for', 'exec 2>&1; for i in {1..9}; do setsid -w bash -c "(trap : TERM; sleep 1; kill 0) & trap \'sleep 1; :\' EXIT; sleep 9; :"; timeout 2 bash -c "trap \'echo asked\' TERM; sleep 9; echo on"; done'],
  ])('%s', async (_, text) => {
    const seen = new Set<string>();
    for (let time = 0; time < TIMES; time += 1) {
      const run = await shell.call('bash', '-c', text);
      seen.add(JSON.stringify([run.exitCode, run.output, run.record.duration, run.effects(), run.sleeps.map(({ start, time: asked }) => [start, asked])]));
    }
    expect([...seen]).toHaveLength(1);
  });

  it('many jobs begin in the order in which they were started', async () => {
    for (let time = 0; time < TIMES; time += 1) {
      const run = await shell.call('bash', '-c', 'for i in {1..100}; do (echo $i) & done; wait');

      expect(run.stdout).toBe(Array.from({ length: 100 }, (_, index) => `${index + 1}\n`).join(''));
    }
  });
});
