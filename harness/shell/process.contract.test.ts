import { fileURLToPath } from 'node:url';
import { defineShell, directory, handle, returns } from 'shellrig';
import { describe, expect, it } from 'vitest';
import { freshReason } from './fresh.js';

const FOLDER = fileURLToPath(new URL('testdata/process/', import.meta.url));
const scripts = (...names: string[]) => names.map((name) => ({ host: FOLDER + name, inside: `/run/shellrig/scripts/process/${name}` }));

describe('R3: a run takes a process of its own where a fork would change meaning', () => {
  const shell = defineShell({ source: [`${FOLDER}own-process.sh`], files: { '/srv': directory(), '/var/log': directory() }, stubs: { noted: returns('') } });

  it.each([
    ['$$, by itself', 'own_id', 'own\n', 0],
    ['$$, through other functions and as an argument', 'through_others', 'own\n', 0],
    ['its process group, by the leader\'s number', 'end_group', 'group ended\n', 7],
    ['its process group, as 0', 'end_group_by_zero', 'ended\n', 8],
    ['job control', 'job_control', '1\nback: 0\n', 0],
    ['$PPID, of its own and of its children', 'parents', 'a parent\n1\n', 0],
    ['leading its group', 'group_is_own', 'leader\n', 0],
  ])('%s', async (_, name, stdout, exitCode) => {
    const run = await shell.call(name);
    expect(run).toExit(exitCode);
    expect(run.stdout).toBe(stdout);
  });

  it('and only there', () => {
    const known = scripts('own-process.sh');
    expect(freshReason('call', ['own_id'], known)).toBe('uses $$ (own_id, line 9)');
    expect(freshReason('call', ['through_others'], known)).toBe('uses $$ (own_id, line 9)');
    expect(freshReason('call', ['retry', '3', 'own_id'], known)).toBe('uses $$ (own_id, line 9)');
    expect(freshReason('call', ['end_group_by_zero'], known)).toBe('signals a process group (kill 0) (end_group_by_zero, line 22)');
    expect(freshReason('call', ['job_control'], known)).toBe('turns on job control (set -m) (job_control, line 25)');
    expect(freshReason('call', ['plain'], known)).toBeUndefined();
    expect(freshReason('call', ['in_a_comment'], known)).toBeUndefined();
    expect(freshReason('call', ['eval', 'echo $$'], known)).toBe('uses $$');
    expect(freshReason('call', ['eval', 'own_id'], known)).toBe('uses $$ (own_id, line 9)');
    expect(freshReason('source', ['/x'], known, 'plain\n')).toBeUndefined();
    expect(freshReason('source', ['/x'], known, 'echo $$\n')).toBe('uses $$');
    expect(freshReason('exec', ['/x'], known, 'echo $$\n')).toBeUndefined();
    expect(freshReason('call', ['work'], scripts('plain.sh'))).toBeUndefined();
    expect(freshReason('call', ['work'], scripts('plain.sh', 'trap-of-its-own.sh'))).toBe('uses $$');
  });

  it('and wherever it is asked for', async () => {
    const forked = await shell.given({ process: 'fork' }).call('own_id');
    expect(forked).toSucceed();
    expect(forked.stdout).toBe('of another\n');
    const fresh = await shell.given({ process: 'fresh' }).call('eval', 'own_id');
    expect(fresh).toSucceed();
    expect(fresh.stdout).toBe('own\n');
  });

  it('there it sources silently, in the world as it was, and meets what is given only then', async () => {
    const asked: (string | undefined)[] = [];
    const given = {
      vars: { given: 'a scalar', list: ['a', 'b c'], map: { k: 'v' } }, env: { EXPORTED: 'exported' }, files: { '/srv/given': 'a file\n' },
      stubs: { noted: handle(({ args }) => void asked.push(args[0])) },
    };
    for (let again = 0; again < 3; again += 1) {
      const run = await shell.given(given).call('world', 'x y');
      expect(run).toExit(4);
      // Sourcing appends once more, as it must.
      expect(run.stdout).toBe('a scalar b c v exported\na file\nsourced\nsourced\n');
      expect(run.stderr).toBe('err\n');
      expect(run.variable('result')).toEqual(['done', 'x y']);
      expect(run.calls('noted').map(({ args, site }) => [args, site?.function])).toEqual([[['in the call'], 'world']]);
      expect(run.record.steps.every(({ function: name }) => name === 'world')).toBe(true);
      expect([...run.record.changes.keys()]).toEqual(['/var/log/sourced']);
    }
    expect(asked).toEqual(['in the call', 'in the call', 'in the call']);
  });
});
