import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineShell, StrictError, type Limits, type ShellOptions } from 'shellrig';
import { listing } from './listing.fixture.js';
import { childrenOf } from './namespaces.js';

const ATTACKS = './testdata/attacks.sh';
const LIMITS = { time: '5s', background: '300ms', disk: '16MB', memory: '200MB', processes: 64, output: '1MB' };
const SHORT = '400ms';
/** These are about real time; what comes of them by a virtual clock is in clock/survival.test.ts. */
const real = (options: Pick<ShellOptions, 'source' | 'tools' | 'env'>, limits: Partial<Limits> = {}) => defineShell({ ...options, clock: 'real', limits: { ...LIMITS, ...limits } });

/** How an attack ends: an exit code, or the code of a StrictError. */
type End = number | StrictError['code'];

const ENDS: readonly [attack: string, end: End, limits?: Partial<Limits>][] = [
  ['fork_bomb', 'limit-processes', { time: SHORT }],
  ['quiet_fork_bomb', 'limit-time', { time: SHORT }],
  ['many_sleepers', 'limit-processes', { time: '1s' }],
  ['forks_that_never_end', 'limit-processes', { time: '1s' }],
  ['memory_hog', 'limit-memory'],
  ['memory_hog_in_a_program', 'limit-memory'],
  ['endless_output', 'limit-output'],
  ['endless_errors', 'limit-output'],
  ['endless_output_of_builtins', 'limit-output', { output: '100kB' }],
  ['endless_output_in_the_background', 'limit-output'],
  ['fill_the_disk', 1],
  ['fill_memory_files', 1],
  ['fill_the_box', 1],
  ['fill_the_log', 'record-damaged'],
  ['remove_everything', 1],
  ['remove_all_that_is_listed', 3],
  ['remove_run', 1],
  ['remove_the_box_and_wait', 'limit-time', { time: SHORT }],
  ['close_everything_to_everybody', 1],
  ['give_everything_away', 1],
  ['truncate_everything', 1],
  ['write_over_the_box', 'record-damaged'],
  ['write_beside_the_script', 1],
  ['replace_the_harness', 1],
  ['replace_the_tools', 'undeclared-command'],
  ['kill_all', 1],
  ['kill_my_group', 137],
  ['terminate_all', 'limit-time', { time: SHORT }],
  ['kill_process_one', 0],
  ['signal_process_one', 0],
  ['interrupt_process_one', 0],
  ['stop_myself', 'limit-time', { time: SHORT }],
  ['stop_my_parent_and_myself', 'limit-time', { time: SHORT }],
  ['become_a_sleeper', 'limit-time', { time: SHORT }],
  ['close_descriptors', 'limit-time', { time: SHORT }],
  ['close_descriptors_and_end', 0],
  ['ignore_signals', 'limit-time', { time: SHORT }],
  ['never_end', 'limit-time', { time: SHORT }],
  ['wait_for_input', 'limit-time', { time: SHORT }],
  ['steal_the_word', 'limit-time', { time: SHORT }],
  ['leave_orphans', 'leftover-process'],
  ['leave_forks_that_never_end', 'leftover-process'],
];

describe('S6: a run that uses too much, or attacks what runs it, ends in a reported result', () => {
  const shell = real({ source: [ATTACKS], tools: ['truncate'] });
  let pristine = '';
  beforeAll(async () => {
    pristine = listing((await shell.call('well')).record.before);
  });

  it.each(ENDS)('%s, and the next example runs as the first did', async (attack, end, limits = {}) => {
    const started = performance.now();
    expect(await endOf(shell.given({ limits }).call(attack))).toBe(end);
    expect(performance.now() - started).toBeLessThan(parseFloat(limits.time ?? LIMITS.time) * (limits.time === SHORT ? 1 : 1000) + 5000);

    const next = await shell.call('well');
    expect([next.stdout, next.stderr, next.record.changes.size]).toEqual(['well\n', '', 0]);
    expect(listing(next.record.before)).toBe(pristine);
  }, 15_000);

  it('a full disk is the script\'s own "No space left on device"', async () => {
    const run = await shell.call('fill_the_disk');
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toBe('cat: write error: No space left on device\n');
    expect(run.file('/tmp/full').content.length).toBeGreaterThan(15_000_000);
  });

  it('a server that answers nothing is ended too, and the limit is what is reported', async () => {
    const run = endOf(shell.given({ limits: { time: SHORT } }).call('never_end'));
    await expect.poll(() => shells().map((pid) => process.kill(pid, 'SIGSTOP')).length).toBe(1);
    expect(await run).toBe('limit-time');
    expect((await shell.call('well')).stdout).toBe('well\n');
  }, 15_000);

  it('a sandbox that is killed is reported, and the next example has a new one', async () => {
    const run = endOf(shell.call('never_end'));
    await expect.poll(() => shells().map((pid) => process.kill(pid, 'SIGKILL')).length).toBe(1);
    expect(await run).toBe('sandbox-lost');
    expect((await shell.call('well')).stdout).toBe('well\n');
  });
});

describe('S6: the same limits hold while scripts are sourced', () => {
  it.each<[attack: string, end: End, time: string]>([
    ['fork_bomb', 'limit-time', SHORT],
    ['memory_hog', 'source-failed', '5s'],
    ['endless_output', 'limit-output', '5s'],
    ['never_end', 'limit-time', SHORT],
    ['kill_all', 0, '5s'],
    ['become_a_sleeper', 'limit-time', SHORT],
    ['close_descriptors_and_end', 0, '5s'],
  ])('%s', async (attack, end, time) => {
    const shell = real({ source: ['./testdata/ends-while-sourcing.sh'], env: { ATTACK: attack } }, { time });
    expect(await endOf(shell.call('well'))).toBe(end);
  });
});

describe('S6: a limit that makes no sense is refused with the rule that it breaks', () => {
  it.each([
    [{ time: '10' }, 'limits: `time` is a number with ms, s, m or h, such as \'250ms\' or \'6s\', got "10"'],
    [{ memory: '1 GB' }, 'limits: `memory` is a size such as \'500kB\', \'64MB\' or \'1GB\', got "1 GB" (string)'],
    [{ processes: 0 }, 'limits: `processes` is a whole number of at least 8, got 0 (number)'],
  ])('%o', (limits, message) => {
    expect(() => defineShell({ limits })).toThrow(message);
  });
});

async function endOf(run: Promise<{ exitCode: number }>): Promise<unknown> {
  return run.then(({ exitCode }) => exitCode, (error: unknown) => (error instanceof StrictError ? error.code : error));
}

/** Host pids of the fork servers that this process started: process 1 of each sandbox. */
function shells(): number[] {
  // nsenter, bubblewrap, process 1.
  const third = childrenOf(process.pid).flatMap(childrenOf).flatMap(childrenOf);
  return third.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server.sh'));
}
