import { fileURLToPath } from 'node:url';
import { bash, defineShell, exits, handle, returns, spy } from 'shellrig';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('testdata/many-calls.sh', import.meta.url));

describe('T3: calls come back complete and in true order', () => {
  const shell = defineShell({ source: [SCRIPT], stubs: { backend: exits(0), stand_in: exits(0) } });

  it('whole for words of 100 kB, of a program and of a function', async () => {
    const run = await shell.call('long', 'x');
    expect(run).toSucceed();
    expect(run.calls('backend')[0]?.args).toEqual(['x'.repeat(100_000), 'tail']);
    const other = await shell.call('eval', `stand_in "$(head -c 100000 /dev/zero | tr '\\0' y)" tail`);
    expect(other).toSucceed();
    expect(other.calls('stand_in')[0]?.args).toEqual(['y'.repeat(100_000), 'tail']);
  });

  it('whole for empty words, line ends, control characters, and bytes that are no text', async () => {
    const expected = [
      [], [''], ['', '', ''], ['\n', 'a\nb\n', '\n\n'],
      ['\xff\xfe', '\x01\x1b[31m', '%s\\0\\\\n', '$HOME `id` "quoted"', '--', '-n', '-e'],
      ['ünïcödé ☃', 'tab\tand\rreturn'].map((word) => Buffer.from(word).toString('latin1')),
    ];
    for (const name of ['backend', 'stand_in']) {
      const run = await shell.call('shapes', name);
      expect(run).toSucceed();
      expect(run.calls(name).map(({ rawArgs }) => rawArgs.map((word) => word.toString('latin1')))).toEqual(expected);
      expect(run.calls(name).map(({ site }) => site?.line)).toEqual([6, 7, 8, 9, 10, 11]);
    }
  });

  it('all of 500 at once, each whole', { timeout: 60_000 }, async () => {
    const run = await shell.given({ limits: { processes: 2000, time: '50s' } }).call('at_once', '500');
    expect(run).toSucceed();
    const numbers = run.calls('backend').map(({ args: [number, text], exitCode, site }) => {
      expect(text).toBe(`line one\nline two of ${number}`);
      expect(exitCode).toBe(0);
      expect(site).toMatchObject({ function: 'at_once' });
      return Number(number);
    });
    expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: 500 }, (_, index) => index));
  });

  it('all of 100 at once whose records do not fit into one write', { timeout: 60_000 }, async () => {
    const run = await shell.given({ limits: { processes: 2000, time: '50s' } }).call('big_at_once', '100');
    expect(run).toSucceed();
    expect(new Set(run.calls('backend').map(({ args }) => args[0])).size).toBe(100);
    expect(run.calls('backend').every(({ args }) => args[1] === 'x'.repeat(5000))).toBe(true);
  });

  it('all of 100 at once that the spec decides, each with its own answer', { timeout: 60_000 }, async () => {
    const run = await shell.given({ limits: { processes: 2000, time: '50s' }, stubs: { backend: handle(({ args }) => `answer ${args[0]}\n`) } }).call('at_once', '100');
    expect(run).toSucceed();
    expect(run.stdout.split('\n').sort()).toEqual(['', ...Array.from({ length: 100 }, (_, index) => `answer ${index}`)].sort());
  });

  it('in the order in which they were made, through processes and functions alike', async () => {
    const run = await shell.call('in_order');
    expect(run).toSucceed();
    expect(run.allCalls.map(({ args }) => Number(args[0]))).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(run.allCalls.map(({ index }) => index)).toEqual(run.allCalls.map((_, index) => index));
    expect(run.allCalls.map(({ isFunction }) => isFunction)).toEqual(run.allCalls.map(({ args }) => Number(args[0]) % 4 === 3));
    const starts = run.allCalls.map(({ start }) => start);
    expect(starts).toEqual(starts.toSorted((one, other) => one - other));
  });

  it('or not at all where a script writes into the record, and the next run is well', async () => {
    await expect(shell.call('eval', 'builtin() { echo fake; }; true; true')).rejects.toMatchObject({ code: 'record-damaged' });
    expect(await shell.call('in_order')).toSucceed();
  });

  it('with times on the run\'s clock, and the process', async () => {
    const run = await shell.given({ stubs: { backend: returns('').takes('100ms'), stand_in: bash('sleep .05') } }).call('slow');
    expect(run).toSucceed();
    const [first, second] = run.allCalls;
    expect(first?.start).toBeGreaterThanOrEqual(45);
    expect((first?.end ?? 0) - (first?.start ?? 0)).toBeGreaterThanOrEqual(99);
    expect((second?.start ?? 0) - (first?.end ?? 0)).toBeGreaterThanOrEqual(95);
    expect((second?.end ?? 0) - (second?.start ?? 0)).toBeGreaterThanOrEqual(48);
    expect(second?.end).toBeLessThanOrEqual(run.record.duration);
    expect(first?.pid).not.toBe(second?.pid);
  });

  it('a spied function: when it began and ended, with its code, also where the run ended in it', async () => {
    const spied = defineShell({ source: [SCRIPT], stubs: { slow: spy(), long: spy(), stand_in: exits(0), backend: exits(0) } });
    const run = await spied.call('eval', 'slow; (slow; exit 4); slow & wait; long() { sleep .05; exit 7; }; long now');
    expect(run).toExit(7);
    const calls = run.allCalls.filter(({ name }) => name === 'slow' || name === 'long');
    expect(calls.map(({ name, args, exitCode }) => [name, args, exitCode])).toEqual([['slow', [], 0], ['slow', [], 0], ['slow', [], 0], ['long', ['now'], 7]]);
    for (const { start, end } of calls.slice(0, 3)) expect((end ?? 0) - start).toBeGreaterThanOrEqual(145);
    expect((calls[3]?.end ?? 0) - (calls[3]?.start ?? 0)).toBeGreaterThanOrEqual(48);
  });
});
