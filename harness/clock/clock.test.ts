import { describe, expect, it } from 'vitest';
import { defineShell, StrictError, type Run } from 'shellrig';
import { installedAt } from '../sandbox/programs.js';

const tools = ['perl', 'python3', 'flock', 'inotifywait', 'curl'].filter((name) => installedAt(name));
const shell = defineShell({ tools });
/** Of a machine that others use too. */
const patient = defineShell({ limits: { time: '60s', processes: 4000 } });

const bash = (text: string): Promise<Run> => shell.call('bash', '-c', text);
const output = async (text: string) => (await bash(text)).output;

async function failure(text: string): Promise<StrictError> {
  const error = await bash(text).then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof StrictError)) throw new Error(`no StrictError but ${String(error)}`);
  return error;
}

describe('C1: virtual time moves when everything waits, and jumps', () => {
  it('sleeps an hour in a moment', async () => {
    // Of real time a run has 10 s.
    const run = await bash('sleep 3600');
    expect(run.exitCode).toBe(0);
    expect(run.record.duration).toBe(3_600_000);
  });

  it('begins each run at the same instant, which a shell may set', async () => {
    const dates = 'date -u +%FT%TZ; sleep 1.5; date +%s.%N';
    expect(await output(dates)).toBe('2030-01-01T00:00:00Z\n1893456001.500000000\n');
    expect(await output(dates)).toBe('2030-01-01T00:00:00Z\n1893456001.500000000\n');
    const other = defineShell({ clock: { start: '2031-05-06T07:08:09+02:00' } });
    expect((await other.call('date', '-u', '+%FT%TZ')).stdout).toBe('2031-05-06T05:08:09Z\n');
  });

  it('wakes the earliest first, in the background and in pipelines', async () => {
    expect(await output('(sleep 2; echo a) & (sleep 1; echo b) & (sleep 3; echo c) & wait; echo $SECONDS')).toBe('b\na\nc\n3\n');
    expect(await output('{ sleep 1; echo one; sleep 5; echo two; } | while read -r word; do echo "$word $SECONDS"; sleep 2; done | { sleep 1; cat; }; echo $SECONDS')).toBe('one 1\ntwo 6\n8\n');
  });

  it('wakes those of one instant in the order in which they were started', async () => {
    const run = await bash('for name in a b c d e f; do (sleep 5; echo $name) & done; wait');
    expect(run.output).toBe('a\nb\nc\nd\ne\nf\n');
  });

  it('stands still while anything computes', async () => {
    expect(await output('(for ((i = 0; i < 3000; i++)); do :; done; echo computed at $SECONDS) & sleep 1; echo slept; wait')).toBe('computed at 0\nslept\n');
  });

  it('ends a loop that waits by reading the clock', async () => {
    expect(await output('while ((SECONDS < 30)); do :; done; echo $SECONDS')).toBe('30\n');
  });

  it('stands while much is read that is there, each byte with a limit in time', async () => {
    expect(await output("printf '%020000d\\n' 7 | { read -rt 1 line; echo $? ${#line}; }; echo $EPOCHREALTIME")).toBe('0 20000\n1893456000.000000\n');
    expect(await output("printf '%04096d' 7 | { read -rt 1 -N 4096 line; echo $? ${#line}; }; echo $EPOCHREALTIME")).toBe('0 4096\n1893456000.000000\n');
  });

  it('goes on where what is read never ends, and its reader watches the clock', async () => {
    expect(await output('yes | while read -rt 1 line; do ((SECONDS < 5)) || break; done; echo $SECONDS')).toBe('5\n');
  });

  it('stands while a loop waits without a pause: that meets the limit of real time, and is told why', async () => {
    const error: unknown = await shell.given({ limits: { time: '700ms' } }).call('bash', '-c', '(sleep 5; : >/tmp/x) & until [ -e /tmp/x ]; do :; done').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'limit-time' });
    expect(String(error)).toMatch(/did not end within 700ms of real time[^]*something computed all the while[^]*`sleep 0\.1`[^]*clock: 'real'/);
  });

  it.each([
    ['(: >/tmp/x) & until [ -e /tmp/x ]; do :; done'],
    ['(: >/tmp/x) & until (: </tmp/x) 2>/dev/null; do :; done'],
    ['(sleep 5) & kill $!; while kill -0 $! 2>/dev/null; do :; done'],
  ])('has a job begin that a loop waits for without a pause: %s', async (text) => {
    // Sooner than process 1 has patience with whoever computes.
    expect((await shell.given({ limits: { time: '2500ms' } }).call('bash', '-c', `${text}; echo "$SECONDS"`)).stdout).toBe('0\n');
  });

  it('has a job begin beside what computes for long', async () => {
    expect((await shell.given({ limits: { time: '30s' } }).call('bash', '-c', '(kill -TERM $$) & while :; do :; done')).exitCode).toBe(143);
  });

  it('tells of a loop that pauses for ever how far it came in the real time that a run has', async () => {
    const error: unknown = await shell.given({ limits: { time: '900ms' } }).call('bash', '-c', 'until [ -e /tmp/x ]; do sleep 1; done').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'limit-time' });
    expect(String(error)).toMatch(/did not end within 900ms of real time[^]*By the virtual clock it came as far as \d+ s, in \d+ sleeps[^]*limits: \{ virtual: '\d+/);
    expect(String(error)).not.toMatch(/Waiting takes none|computed all the while/);
  });

  it('names a limit that is more than what was there', async () => {
    const error: unknown = await shell.given({ limits: { time: '100s', virtual: '2000h' } }).call('sleep', '2001h').catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("limits: { virtual: '20000h' }");
  });

  it('ends a loop of programs that read the clock, after few of them', async () => {
    const run = await patient.call('bash', '-c', 'turns=0; end=$(($(date +%s) + 5)); until (($(date +%s) >= end)); do turns=$((turns + 1)); done; echo $turns');
    expect(run.exitCode).toBe(0);
    expect(run.record.duration).toBeGreaterThanOrEqual(5000);
    expect(run.record.duration).toBeLessThan(5500);
    expect(Number(run.stdout)).toBeLessThan(250);
  });

  it('takes no time for programs that read the clock and are no loop that waits', async () => {
    expect((await patient.call('bash', '-c', 'for ((i = 0; i < 100; i++)); do date +%N; done | sort -u')).stdout).toBe('000000000\n');
    expect((await patient.call('bash', '-c', 'for ((i = 0; i < 280; i++)); do ln -sf a /tmp/link; done; date +%N')).stdout).toBe('000000000\n');
  });
});

describe('C2: everything that tells or waits for time agrees', () => {
  it('in bash', async () => {
    expect(await output('SECONDS=100; sleep 2.25; echo $SECONDS $EPOCHSECONDS $EPOCHREALTIME; printf "%(%T)T %(%s)T\\n" -1')).toBe('102 1893456002 1893456002.250000\n00:00:02 1893456002\n');
  });

  it('in the shell that sourced the scripts, which a run is a fork of', async () => {
    const sourced = defineShell({ source: ['./testdata/waits.sh'] });
    expect((await sourced.call('eval', 'echo $SECONDS $EPOCHSECONDS; sleep 5; echo $SECONDS $EPOCHSECONDS; echo $WAITS_SOURCED')).output).toBe('0 1893456000\n5 1893456005\n1893456000\n');
    expect((await sourced.given({ process: 'fresh' }).call('eval', 'echo $SECONDS; sleep 5; echo $SECONDS')).output).toBe('0\n5\n');
  });

  it('with timeout', async () => {
    expect(await output('timeout 5 sleep 10; echo $? $SECONDS; timeout 5 sleep 3; echo $? $SECONDS')).toBe('124 5\n0 8\n');
    const run = await bash("timeout -k 2 5 bash -c 'trap : TERM; while :; do sleep 100; done' 2>/dev/null; echo $? $SECONDS");
    expect(run.stdout).toBe('137 7\n');
  });

  it('with read -t: data, a part of a line, the end, and nothing', async () => {
    const text = `
      exec 3< <(sleep 2; echo data; sleep 1; printf part; sleep 10; echo; echo more)
      for wait in 5 5 20 5 5; do read -r -t $wait line <&3; echo "$? [$line] $SECONDS"; done
      wait`;
    expect(await output(text)).toBe('0 [data] 2\n142 [part] 7\n0 [] 13\n0 [more] 13\n1 [] 13\n');
  });

  it('with signals: to a sleeper, to a shell that waits, to one that is stopped', async () => {
    expect(await output('sleep 100 & sleep 3; kill $!; wait $!; echo $? $SECONDS')).toBe('143 3\n');
    expect(await output("trap 'echo trapped $SECONDS' TERM; (sleep 2; kill $$) & sleep 10 & wait $!; echo $? $SECONDS; wait; echo $SECONDS")).toBe('trapped 2\n143 2\n10\n');
    expect(await output('sleep 5 & sleep 1; kill -STOP $!; sleep 10; kill -CONT $!; wait $!; echo $? $SECONDS')).toBe('0 11\n');
  });

  it('in the times of files', async () => {
    const run = await bash('touch /tmp/a; sleep 1; touch /tmp/b; [ /tmp/b -nt /tmp/a ] && echo newer; sleep 120; stat -c %y /tmp/a /tmp/b; find /tmp -type f -newermt "2030-01-01 00:00:01"; find /tmp -type f -mmin -1; touch -d "1 hour ago" /tmp/a; stat -c %y /tmp/a');
    expect(run.output).toBe('newer\n2030-01-01 00:00:00.000000000 +0000\n2030-01-01 00:00:01.000000000 +0000\n2029-12-31 23:02:01.000000000 +0000\n');
  });

  it('in the times of what was there before: of the shell, of its scripts as they were sourced, and of the machine', async () => {
    const sourced = defineShell({ clock: 'virtual', source: ['./testdata/waits.sh'], files: { '/srv/a/b/c': '' } });
    const run = await sourced.given({ files: { '/srv/given': '' } }).call('eval', 'touch /srv/new; for file in / /etc /tmp /srv/a /srv/a/b /srv/a/b/c /srv/given /srv/new; do stat -c %y "$file"; done | sort -u; find -L /bin/stat -newermt 2029-12-31');
    expect(run.output).toBe('2030-01-01 00:00:00.000000000 +0000\n');
  });

  it.runIf(installedAt('perl'))('in perl', async () => {
    expect(await output(`perl -e '$SIG{ALRM} = sub { print "alarm\\n" }; select undef, undef, undef, 2.5; sleep 3; alarm 2; my $slept = sleep 10; print "$slept\\n"; print time - 1893456000, "\\n"'`)).toBe('alarm\n2\n7\n');
  });

  it.runIf(installedAt('flock'))('with flock -w', async () => {
    expect(await output('flock /tmp/lock sleep 100 & sleep 1; flock -w 5 /tmp/lock true; echo $? $SECONDS; wait; flock -w 5 /tmp/lock echo $SECONDS')).toBe('1 6\n100\n');
  });

  it.runIf(installedAt('inotifywait'))('with inotifywait -t', async () => {
    expect(await output('inotifywait -q -t 5 /tmp; echo $? $SECONDS; (sleep 2; : >/tmp/made) & inotifywait -q -e create --format %f -t 5 /tmp; echo $? $SECONDS; wait')).toBe('2 5\nmade\n0 7\n');
  });

  it('under env -i, by an absolute path, through exec and xargs', async () => {
    expect(await output("env -i /usr/bin/sleep 5; echo 2 3 | xargs -n 1 sleep; (exec sleep 7); env -i /bin/bash -c 'echo $EPOCHSECONDS'")).toBe('1893456017\n');
  });
});

describe('S6: what waits too long', () => {
  it('is ended at the limit of virtual time, with the line', async () => {
    const error = await failure('while :; do sleep 3600; done');
    expect(error.code).toBe('limit-virtual');
    expect(error.message).toContain('24h');
  });

  it('is ended at once where nothing will ever come', async () => {
    // Not at the limit of real time, which has another code.
    expect((await failure('mkfifo /tmp/fifo; sleep 5; read -r line </tmp/fifo')).code).toBe('waits-for-ever');
  });

  it('is a leftover after the shell has ended, unless it ends in time', async () => {
    expect((await failure('sleep 100 & exit 3')).code).toBe('leftover-process');
    const run = await bash('(sleep 1; echo late) & echo done');
    expect(run.output).toBe('done\nlate\n');
    expect(run.record.lateness).toBe(1000);
  });
});
