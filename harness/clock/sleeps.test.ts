import { describe, expect, it } from 'vitest';
import { defineShell, exits, handle, StrictError, takes } from 'shellrig';
import { installedAt } from '../sandbox/programs.js';

const shell = defineShell({ source: ['./testdata/waits.sh'], tools: ['perl'].filter((name) => installedAt(name)) });

describe('sleeps are recorded, without a stub', () => {
  it('with how long and where', async () => {
    const run = await shell.call('await_file', '/run/never');
    expect(run).toExit(1);
    expect(run).toHaveSleptTimes('5s', 3);
    expect(run).toHaveSlept();
    expect(run).not.toHaveSlept('6s');
    expect(run.sleeps.map(({ program, time, start, site }) => ({ program, time, start, at: site?.function }))).toEqual([
      { program: 'sleep', time: 5000, start: 0, at: 'await_file' },
      { program: 'sleep', time: 5000, start: 5000, at: 'await_file' },
      { program: 'sleep', time: 5000, start: 10_000, at: 'await_file' },
    ]);
  });

  it('of several at one instant in the order in which they were started, and no waits with a time limit', async () => {
    const run = await shell.call('several');
    expect(run).toExit(124);
    expect(run.sleeps.map(({ time, start, site }) => [time, start, site?.line])).toEqual([[1000, 0, 15], [500, 0, 16], [1000, 500, 17], [60_000, 4500, 20]]);
    expect(run.effects()).toMatchInlineSnapshot(`
      "exit 124
      sleeps
        several › sleep 1s
        several › sleep 500ms
        several › sleep 1s
        several › sleep 1m"
    `);
  });

  it('and what was slept is told where an expectation fails', async () => {
    const run = await shell.call('await_file', '/run/never');
    expect(run).toExit(1);
    expect(() => { expect(run).toHaveSleptTimes('5s', 2); }).toThrow('expect(run).toHaveSleptTimes(\'5s\', 2): expected 2 times, received 3 times\n\n  slept:\n    3 x sleep 5s   at');
    expect(() => { expect(run).not.toHaveSlept('5s'); }).toThrow("expect(run).not.toHaveSlept('5s'): slept 3 times");
    expect(() => { expect(run).toHaveSlept('5 seconds'); }).toThrow('a duration is a number with ms, s, m or h');
  });

  it('but not by the real clock', async () => {
    const run = await defineShell({ clock: 'real' }).call('true');
    expect(() => run.sleeps).toThrow("by a virtual clock only, and this shell has clock: 'real'");
    expect(() => { expect(run).toHaveSlept(); }).toThrow("by a virtual clock only, and this shell has clock: 'real'");
  });
});

describe('what costs time', () => {
  it('is a stub that takes some', async () => {
    const run = await shell.given({ stubs: { fetch: takes('6s'), tool: exits(0) } }).call('bash', '-c', 'fetch; timeout 2 fetch; echo $? $SECONDS; tool; fetch');
    expect(run.output).toBe('124 8\n');
    expect(run.calls('fetch').map(({ start, end }) => [start, end])).toEqual([[0, 6000], [6000, undefined], [8000, 14_000]]);
    expect(run.calls('tool').map(({ start, end }) => [start, end])).toEqual([[8000, 8000]]);
    expect(run.record.duration).toBe(14_000);
  });

  it('is a function that takes some, and what a handle says takes some, but not what it awaits', async () => {
    const real = () => new Promise((resolve) => { setTimeout(resolve, 30); });
    const stubs = { await_file: takes('6s').returns('there\n'), fetch: handle(async ({ args }) => { await real(); return takes(`${args[0]}s`).exits(3); }) };
    const run = await shell.given({ stubs }).call('eval', 'await_file x; echo $SECONDS; fetch 2; echo $? $SECONDS; fetch 0 & await_file y & wait; echo $SECONDS');
    expect(run.output).toBe('there\n6\n3 8\nthere\n14\n');
    expect(run.calls('await_file').map(({ start, end }) => [start, end])).toEqual([[0, 6000], [8000, 14_000]]);
    expect(run.sleeps).toEqual([]);
    expect(run.duration).toBe(14_000);
  });

  it.runIf(installedAt('perl') && process.arch === 'x64')('is no wait by the real clock: that is an error, unless it is allowed', async () => {
    // nanosleep by its number, past every library.
    const text = "perl -e 'my $time = pack q(qq), 0, 300_000_000; syscall 35, $time, 0; print time - 1893456000'; sleep 2";
    const error: unknown = await shell.call('bash', '-c', text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StrictError);
    expect(error).toMatchObject({ code: 'real-time', subjects: ['perl'] });
    const run = await shell.given({ allow: { realTime: ['perl'] } }).call('bash', '-c', text);
    expect(run.output).toBe('0');
    expect(run.record.realWaits.map(({ program }) => program)).toEqual(['perl']);
    expect(run.record.duration).toBe(2000);
  });
});
