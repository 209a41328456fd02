import { describe, expect, it } from 'vitest';
import { defineShell, StrictError } from 'shellrig';

const LIMITS = { time: '10s', background: '300ms', disk: '16MB', memory: '200MB', processes: 64, output: '1MB' };
const shell = defineShell({ source: ['../sandbox/testdata/attacks.sh'], tools: ['truncate', 'ipcrm'], limits: LIMITS });

describe('S6: the clock goes on whatever a run does', () => {
  it.each([
    ['kill_all', 1], ['kill_my_group', 137], ['kill_process_one', 0], ['signal_process_one', 0], ['remove_everything', 1], ['remove_run', 1],
    ['truncate_everything', 1], ['close_descriptors_and_end', 0], ['quiet_fork_bomb', 'leftover-process'], ['endless_output', 'limit-output'],
    ['never_end', 'limit-time'], ['stop_myself', 'waits-for-ever'], ['become_a_sleeper', 0], ['wait_for_input', 'waits-for-ever'], ['leave_orphans', 'leftover-process'],
  ])('%s', async (attack, end) => {
    const given = shell.given({ limits: end === 'limit-time' ? { time: '500ms' } : {} });
    const ended = await given.call(attack).then((run) => run.exitCode, (error: unknown) => (error instanceof StrictError ? error.code : error));
    expect(ended).toBe(end);
    expect((await shell.call('eval', 'sleep 60; date +%s')).stdout).toBe('1893456060\n');
  });

  it('and where it removes the memory that processes share', async () => {
    expect((await shell.call('eval', 'sleep 5; ipcrm -a; sleep 60; echo $EPOCHSECONDS')).stdout).toBe('1893456065\n');
    expect((await shell.call('eval', 'sleep 60; date +%s')).stdout).toBe('1893456060\n');
  });
});
