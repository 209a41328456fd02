import { fileURLToPath } from 'node:url';
import { defineShell, directory, exits, handle } from 'shellrig';
import { describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('testdata/process/', import.meta.url));

describe('R4: background work', () => {
  const shell = defineShell({ source: [`${FOLDER}background.sh`], files: { '/srv': directory() }, stubs: { backend: exits(11).takes('120ms') } });

  it('that the script waits for is told with its exit codes and sites', async () => {
    const run = await shell.call('waited_for');
    expect(run).toSucceed();
    expect(run.stdout).toBe('job 3\nwaited\n');
    expect(run.background.map(({ exitCode, late, site }) => [site?.line, site?.function, exitCode, late]).sort(byText)).toEqual([
      [11, 'waited_for', 3, false], [12, 'waited_for', 4, false], [13, 'waited_for', 11, false],
    ]);
    expect(run.calls('backend').map(({ exitCode }) => exitCode)).toEqual([11]);
    expect(run.record).toMatchObject({ lateness: 0, leftovers: [] });
  });

  it('that the script does not wait for is waited for; it is seen to be late, with what it printed and changed', async () => {
    const run = await shell.call('not_waited_for');
    expect(run).toSucceed();
    expect(run.stdout).toBe('gone\njob 5\n');
    expect(run).toHaveChanged('/srv/by-5');
    expect(run.background).toMatchObject([{ exitCode: 5, late: true, site: { line: 18, function: 'not_waited_for' } }]);
    expect(run.record.lateness).toBeGreaterThan(100);
    expect(run.background[0]?.end).toBeGreaterThan(run.record.duration - run.record.lateness);
  });

  it('is none at first, in every run: `$!` is unset', async () => {
    for (let time = 0; time < 3; time += 1) {
      const run = await shell.call('eval', 'echo "${!-unset}"; true & echo "${!:+set}"; wait');
      expect(run.stdout).toBe('unset\nset\n');
    }
  });

  it('of a subshell, and of a stub that was disowned', async () => {
    const run = await shell.call('nested');
    expect(run).toSucceed();
    expect(run.stdout).toBe('inner\njob 6\n');
    expect(run.background.map(({ exitCode, late, site }) => [site?.line, exitCode, late]).sort(byText)).toEqual([[23, 6, true], [26, 11, true]]);
    expect(run.calls('backend')).toMatchObject([{ args: ['late'], exitCode: 11, site: { line: 26, function: 'nested' } }]);
  });

  it('is told in the same order each time, whatever order it had', async () => {
    for (let time = 0; time < 10; time += 1) {
      const run = await shell.given({ stubs: { backend: exits(0) } }).call('beside_each_other');
      expect(run.effects()).toBe(['exit 0', 'calls', ...['start a', 'start b', 'start c', 'start d', 'read', 'write', 'one', 'two', 'three', 'four'].map((words) => `  beside_each_other › backend ${words}`)].join('\n'));
    }
  });

  it('of a shell that exits meanwhile, and of a script of its own whose last command it is', async () => {
    const run = await shell.call('exits_meanwhile');
    expect(run).toExit(2);
    expect(run.background).toMatchObject([{ exitCode: 8, late: true, site: { function: 'exits_meanwhile' } }]);
    const script = await defineShell().exec(`${FOLDER}script-with-a-late-job.sh`);
    expect(script).toSucceed();
    expect(script.background).toMatchObject([{ exitCode: 9, late: true, site: { line: 6, function: 'main' } }]);
  });

  it('that a signal ended', async () => {
    const run = await shell.given({ allow: { leftovers: ['sleep'] }, limits: { background: '50ms' } }).call('killed');
    expect(run).toSucceed();
    expect(run.stdout).toBe('137\n');
    expect(run).not.toHaveChanged('/srv/by-7');
  });

  it('that asks the spec after the called shell has ended', async () => {
    const asked: unknown[] = [];
    const run = await shell.given({ stubs: { ask: handle(({ args }) => void asked.push(args[0])) } }).call('asks_late');
    expect(run).toSucceed();
    expect(asked).toEqual(['one', 'two']);
    expect(run.calls('ask').map(({ site }) => site?.line)).toEqual([53, 54]);
  });

  it('that goes on for ever is ended when its time is over, and each process is named with where it was started', async () => {
    const limits = { background: '200ms' };
    const failure = await shell.given({ limits }).call('leaves_behind').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'leftover-process' });
    expect(String(failure)).toMatch(/left 4 processes running/);
    const run = await shell.given({ limits, allow: { leftovers: ['sleep', 'daemon'] } }).call('leaves_behind');
    expect(run).toSucceed();
    expect(run.record.leftovers.map(({ command, site }) => [command, site?.line]).sort(byText)).toEqual([['daemon 61', 33], ['sleep 60', 30], ['sleep 62', expect.any(Number)], ['sleep 63', 36]]);
    expect(run.record.lateness).toBeGreaterThanOrEqual(200);
    const after = await shell.call('eval', 'pgrep -a "sleep|daemon" || echo none');
    expect(after).toSucceed();
    expect(after.stdout).toBe('none\n');
  });

  it('is awaited no longer than the limit allows', async () => {
    await expect(shell.given({ limits: { background: '50ms' } }).call('not_waited_for')).rejects.toMatchObject({ code: 'leftover-process' });
    expect(await shell.given({ limits: { background: '1s' } }).call('not_waited_for')).toSucceed();
  });
});

function byText(one: unknown, other: unknown): number {
  return String(one) < String(other) ? -1 : 1;
}
