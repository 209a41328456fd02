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
    ['signals', 'sleep 100 & p=$!; sleep 3; kill $p; wait $p; echo $? $SECONDS; trap "echo trap \\$SECONDS" USR1; (sleep 2; kill -USR1 $$) & sleep 10 & wait $!; echo $?; wait; echo $SECONDS'],
  ])('%s', async (_, text) => {
    const seen = new Set<string>();
    for (let time = 0; time < TIMES; time += 1) {
      const run = await shell.call('bash', '-c', text);
      seen.add(JSON.stringify([run.exitCode, run.output, run.record.duration, run.effects(), run.sleeps.map(({ start, time: asked }) => [start, asked])]));
    }
    expect([...seen]).toHaveLength(1);
  });
});
