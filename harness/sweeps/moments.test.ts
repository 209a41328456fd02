import { describe, expect, it } from 'vitest';
import { defineShell, exits, file, writes, type Run } from 'shellrig';
import { disturb } from '../shell/disturbance.js';
import type { Happening } from '../shell/moments.js';
import { momentText, type Moment } from '../steps/moments.js';
import { packTar } from '../tree/tar.js';
import { undisturbed } from './scenario.js';

const OLD = file('old\n', { mode: 0o755 });
const archive = packTar(['one', 'two'].map((name) => ({ path: `/${name}`, type: 'file', mode: 0o644, uid: 0, gid: 0, content: Buffer.from(name) })));
const shell = defineShell({
  source: ['./testdata/moments.sh'],
  files: { '/stage/new': 'new\n', '/stage/agent.tar': file(archive), '/opt/agent': OLD, '/opt/other': 'other\n' },
  stubs: { agentctl: exits(3) },
});

const momentsOf = async (name: string): Promise<readonly Moment[]> => (await undisturbed(() => shell.call(name))).record.moments;
const shown = (moments: readonly Moment[]) => moments.map((moment) => `${momentText(moment)} ${moment.kind} ${moment.program}: ${moment.what}`);

/** A run to which something happens at the first moment of a kind that tells this. */
async function at(name: string, kind: Moment['kind'], what: string, happens: Happening): Promise<Run> {
  const moment = (await momentsOf(name)).find((one) => one.kind === kind && one.what.startsWith(what));
  if (!moment) throw new Error(`${name} has no moment ${kind} ${what}`);
  const run = await disturb({ lane: 0, isWitnessed: false, isTraced: true, moments: { at: moment, happens }, allow: { leftovers: true, shellErrors: true }, limits: { background: '100ms' } }, () => shell.call(name));
  expect(shown(run.record.moments)).toEqual(shown([moment]));
  return run;
}

describe('the moments of a run', () => {
  it('are told up to a limit, with what to do where a loop has more', async () => {
    const endless = shell.given({ limits: { virtual: '20m' } });
    await expect(undisturbed(() => endless.call('for_ever'))).rejects.toThrow(/^the run, ended at harness\/sweeps\/testdata\/moments\.sh:\d+ in function for_ever, has more processes.* limits: \{ virtual: '10m' \}$/);
  });

  it('are its steps, its calls and the changes of the tree', async () => {
    expect(shown(await momentsOf('by_rename'))).toMatchInlineSnapshot(`
      [
        "0:0 step bash: cp /stage/new /opt/agent.new",
        "0.0:0 call cp: cp /stage/new /opt/agent.new",
        "0.0:1 change cp: open /opt/agent.new",
        "0.0:2 opened cp: open /opt/agent.new",
        "0.0:3 change cp: write /opt/agent.new",
        "0.0:4 half cp: write /opt/agent.new",
        "0.0:5 change cp: write /opt/agent.new",
        "0.0:6 half cp: write /opt/agent.new",
        "0:1 step bash: chmod 0755 /opt/agent.new",
        "0.1:0 call chmod: chmod 0755 /opt/agent.new",
        "0.1:1 change chmod: chmod /opt/agent.new",
        "0:2 step bash: mv -fT /opt/agent.new /opt/agent",
        "0.2:0 call mv: mv -fT /opt/agent.new /opt/agent",
        "0.2:1 change mv: rename /opt/agent.new -> /opt/agent",
        "0.2:2 change mv: rename /opt/agent.new -> /opt/agent",
      ]
    `);
  });

  it.each(['in_a_child', 'in_a_subshell', 'in_a_pipeline', 'in_the_background', 'in_dash', 'unpacks', 'as_a_stub', 'by_builtin'])('have the same names in every run: %s', async (name) => {
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => momentsOf(name)));
    const sorted = (moments: readonly Moment[]) => shown(moments).sort();
    for (const other of others) expect(sorted(other)).toEqual(sorted(first!));
    expect(new Set((first ?? []).map(momentText)).size).toBe(first!.length);
  });

  it('are told of children that have no environment, of dash, of programs in pipelines', async () => {
    expect(shown(await momentsOf('in_a_child')).filter((text) => text.includes('remove'))).toMatchInlineSnapshot(`
      [
        "0.0:4 change rm: remove /opt/agent",
      ]
    `);
    expect(shown(await momentsOf('in_dash')).filter((text) => text.includes('dash') || text.includes('rm'))).toMatchInlineSnapshot(`
      [
        "0:0 step bash: sh -c 'echo new >/opt/agent; rm -f /opt/other'",
        "0.0:0 call dash: sh -c echo new >/opt/agent; rm -f /opt/other",
        "0.0:1 change dash: open /opt/agent",
        "0.0:2 opened dash: open /opt/agent",
        "0.0:3 change dash: write /opt/agent",
        "0.0:4 half dash: write /opt/agent",
        "0.0.0:0 call rm: rm -f /opt/other",
        "0.0.0:1 change rm: remove /opt/other",
      ]
    `);
    expect(shown(await momentsOf('in_a_pipeline')).filter((text) => text.includes('/opt'))).toMatchInlineSnapshot(`
      [
        "0:1 step bash: tee /opt/agent",
        "0.1:0 call tee: tee /opt/agent",
        "0.1:1 change tee: open /opt/agent",
        "0.1:2 opened tee: open /opt/agent",
      ]
    `);
    expect(shown(await momentsOf('as_a_stub')).filter((text) => text.includes('agentctl'))).toMatchInlineSnapshot(`
      [
        "0:0 step bash: agentctl reload",
        "0.0:0 call bash: agentctl reload",
        "0.0:1 ended bash: agentctl",
      ]
    `);
  });

  it('are those of whole scripts, of sourced ones, and of runs in a process of their own too', async () => {
    const script = file('#!/bin/bash\nrm -f /opt/agent\n', { mode: 0o755 });
    const given = shell.given({ files: { '/run.sh': script } });
    for (const scenario of [() => given.exec('/run.sh'), () => given.source('/run.sh'), () => shell.given({ process: 'fresh' }).call('in_a_subshell')]) {
      const { record } = await undisturbed(scenario);
      expect(shown(record.moments).filter((text) => text.includes('rm'))).toContainEqual(expect.stringMatching(/change rm: remove \/opt\/agent$/));
      expect(record.moments.map(({ what }) => what).filter((what) => /_rig_|^env /.test(what))).toEqual([]);
      const moment = record.moments.find(({ what }) => what === 'remove /opt/agent')!;
      const cut = await disturb({ lane: 0, isWitnessed: false, isTraced: true, moments: { at: moment, happens: { kind: 'power cut' } } }, scenario);
      expect(cut).toExit(137);
      expect(cut).toHaveFile('/opt/agent', OLD);
    }
  });

  it('are no moments of a run that no sweep asks for', async () => {
    const run = await shell.call('by_rename');

    expect(run).toSucceed();
    expect(run).toHaveChanged('/opt/agent');
    expect(run.record.moments).toEqual([]);
  });

  it('have a place in the scripts', async () => {
    const places = (await momentsOf('by_rename')).map(({ what, stack }) => `${what.split(' ', 1)[0]} ${stack[0]?.line} ${stack[0]?.function}`);
    expect(places).toContain('rename 7 by_rename');
    expect(places).toContain('mv 7 by_rename');
  });
});

describe('a death', () => {
  it('of a program is seen by the shell that waits for it', async () => {
    const run = await at('goes_on', 'change', 'remove', { kind: 'die' });

    expect(run).toSucceed();
    expect(run).toPrint('rm ended with 137\nstill here\n');
    expect(run).toHaveFile('/opt/agent', OLD);
  });

  it('of the shell lets others go on', async () => {
    const run = await at('with_a_leftover', 'step', 'kill', { kind: 'die' });

    expect(run).toExit(137);
    expect(run.record.leftovers.map(({ command }) => command)).toEqual(['sleep 100']);
  });

  it('leaves half of what was being written', async () => {
    expect((await at('in_place', 'opened', 'open /opt/agent', { kind: 'die' })).file('/opt/agent').text).toBe('');
    expect((await at('in_place', 'half', 'write /opt/agent', { kind: 'die' })).file('/opt/agent').text).toBe('ne');
    expect((await at('by_rename', 'half', 'write /opt/agent.new', { kind: 'power cut' })).file('/opt/agent.new').text).toBe('ne');
  });
});

describe('a power cut', () => {
  it('ends all processes, and the tree stays as it was', async () => {
    const run = await at('with_a_leftover', 'change', 'remove', { kind: 'power cut' });

    expect(run).toExit(137);
    expect(run.record.leftovers).toEqual([]);
    expect(run.record.changes.size).toBe(0);
  });

  it('lets the next run of the session be as any', async () => {
    await at('by_rename', 'call', 'mv', { kind: 'power cut' });
    const run = await shell.call('by_rename');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/agent': file('new\n', { mode: 0o755 }) });
  });
});

describe('a call that fails', () => {
  it('has done nothing, and ends with a code or a signal', async () => {
    const failed = await at('goes_on', 'call', 'rm', { kind: 'exit', code: 7 });
    expect(failed).toSucceed();
    expect(failed).toPrint('rm ended with 7\nstill here\n');
    expect(failed.stderr).toBe('rm: fails in this sweep\n');
    expect(failed).toHaveFile('/opt/agent', OLD);

    const ended = await at('goes_on', 'call', 'rm', { kind: 'signal', signal: 15 });
    expect(ended).toSucceed();
    expect(ended).toPrint('rm ended with 143\nstill here\n');
  });

  it('is recorded where it is that of a stub, which then gives no answer', async () => {
    const there = shell.with({ stubs: { agentctl: writes({ '/opt/reloaded': '' }).returns('reloaded\n') } });
    for (const [shell, code] of [[defineShell({ source: ['./testdata/moments.sh'], stubs: { agentctl: exits(0) } }), 0], [there, 0]] as const) {
      const { record } = await undisturbed(() => shell.call('as_a_stub'));
      expect(record.exitCode).toBe(code);
      const moment = record.moments.find(({ kind }) => kind === 'call')!;
      const run = await disturb({ lane: 0, isWitnessed: false, isTraced: true, moments: { at: moment, happens: { kind: 'exit', code: 9 } } }, () => shell.call('as_a_stub'));
      expect(run).toExit(9);
      expect(run.calls('agentctl').map(({ args, exitCode }) => [args, exitCode])).toEqual([[['reload'], 9]]);
      expect(run.stdout).toBe('');
      expect(run.record.changes.size).toBe(0);
    }
  });

  it('hangs until timeout ends it, which takes no time', async () => {
    const run = await at('waits', 'call', 'sleep', { kind: 'hang' });

    expect(run).toSucceed();
    expect(run).toPrint('timeout ended with 124\n');
    expect(run.record.duration).toBeLessThan(8000);
    expect((await momentsOf('waits')).find(({ what }) => what.startsWith('sleep'))?.isLimited).toBe(true);
  });
});

describe('a full disk', () => {
  it.each([
    ['by_rename', 'open /opt/agent.new', 4, /^cp: error (?:writing|copying) .*: No space left on device/],
    ['by_builtin', 'open /opt/agent', 1, /write error: No space left on device/],
    ['unpacks', 'open one', 2, /tar: one: Wrote only .*|No space left on device/],
  ] as const)('is met by programs and by bash itself: %s', async (name, what, code, said) => {
    const run = await at(name, 'change', what, { kind: 'disk full' });

    expect(run).toExit(code);
    expect(run).toPrint(said, { on: 'stderr' });
    const again = await shell.call(name);
    expect(again).toSucceed();
  });
});
