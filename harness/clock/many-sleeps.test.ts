import { describe, expect, it } from 'vitest';
import { at, defineShell, once, exists } from 'shellrig';

const shell = defineShell({ clock: 'virtual', limits: { time: '120s', processes: 4000 } });

describe('C1: sleeping costs next to nothing', () => {
  it('wakes 1,000 sleepers in order', async () => {
    const run = await shell.call('bash', '-c', 'for ((i = 1; i <= 1000; i++)); do (sleep $((2000 - i)); echo $i) & done; wait; echo $SECONDS');
    expect(run.output).toBe(`${Array.from({ length: 1000 }, (_, index) => `${1000 - index}\n`).join('')}1999\n`);
    expect(run.record.duration).toBe(1_999_000);
    expect(run).toHaveSleptTimes('1000s', 1);
    expect(run).toHaveSleptTimes('1999s', 1);
  }, 150_000);

  it('goes through 1,000 sleeps of one shell', async () => {
    const run = await shell.call('bash', '-c', 'for ((i = 0; i < 1000; i++)); do sleep 1; done; echo $SECONDS $EPOCHREALTIME');
    expect(run.output).toBe('1000 1893457000.000000\n');
    expect(run).toHaveSleptTimes('1s', 1000);
  }, 150_000);
});

describe('C1: many processes', () => {
  it('are no longer waited for once they are dead', async () => {
    const run = await shell.call('bash', '-c', 'for i in {1..40}; do sleep 100 & done; sleep 1; kill $(jobs -p); sleep 2; echo $SECONDS');
    expect(run.output).toBe('3\n');
    expect(run.record.duration).toBe(3000);
  });
});

describe('C1: a shell that sleeps in the place of a program', () => {
  const output = async (text: string) => (await shell.call('bash', '-c', text)).output;

  it('takes what the program takes, for as long', async () => {
    expect(await output('sleep 0; sleep 1; sleep 2s; sleep 0.5; sleep 1.1; sleep 1m; sleep 1 1; sleep 0x2; sleep .25; sleep 1h; echo $EPOCHREALTIME $?')).toBe('1893459668.850000 0\n');
    expect(await output('exec 2>/dev/null; sleep; echo $?; sleep 1x; echo $?; sleep -- 1; (exec sleep 2); echo $? $SECONDS; exec sleep 3')).toBe('1\n1\n0 3\n');
  });

  it('is the program for whoever could see it', async () => {
    const named = 'sleep 0; grep -lsx sleep /proc/[0-9]*/comm | wc -l';
    expect(await output(`sleep 5 & ${named}; kill $!; wait; echo $SECONDS`)).toBe('1\n0\n');
    expect(await output(`(sleep 1; ${named}) & sleep 2; echo $SECONDS`)).toBe('1\n2\n');
    expect(await output(`sleep 3 | { sleep 1; ${named}; }; echo $SECONDS`)).toBe('1\n3\n');
  });

  it('has begun once another has slept for no time', async () => {
    const text = 'for i in {1..30}; do sleep 5 & sleep 0; grep -lsx sleep /proc/[0-9]*/comm | wc -l; done; wait';
    expect(await output(text)).toBe(Array.from({ length: 30 }, (_, index) => `${index + 1}\n`).join(''));
  });

  it('is the program for the host', async () => {
    const text = 'sleep 10; echo $? $SECONDS';
    expect((await shell.given({ actors: [at('2s', (world) => world.signal('TERM', 'sleep'))] }).call('bash', '-c', text)).stdout).toBe('143 2\n');
    const signalled = shell.given({ actors: [once(exists('/tmp'), (world) => world.signal('TERM', 'sleep'))] });
    expect((await signalled.call('bash', '-c', text)).stdout).toBe('143 0\n');
  });

  it('leaves what others wait for', async () => {
    expect(await output('coproc { read -r line; echo "ended $SECONDS" >/tmp/ended; }; eval "exec ${COPROC[1]}>&-"; sleep 2; cat /tmp/ended')).toBe('ended 0\n');
  });
});
