import { describe, expect, it } from 'vitest';
import { defineShell, exits, file, type Run } from 'shellrig';
import type { Act } from '../clock/actors.js';
import { disturb } from '../shell/disturbance.js';
import type { Interposed } from '../shell/interposer.js';
import type { Happening, Turns } from '../shell/moments.js';
import { momentText, type Moment } from '../steps/moments.js';
import { packTar } from '../tree/tar.js';
import { seen } from './scenario.js';

const archive = packTar(['one', 'two'].map((name) => ({ path: `/${name}`, type: 'file', mode: 0o644, uid: 0, gid: 0, content: Buffer.from(name) })));
const shell = defineShell({
  source: ['./testdata/moments.sh'],
  files: { '/stage/new': 'new\n', '/stage/agent.tar': file(archive), '/opt/agent': file('old\n', { mode: 0o755 }), '/opt/other': 'other\n' },
  stubs: { agentctl: exits(0) },
});

/** The moments of a run in which nobody acts. */
async function momentsOf(name: string): Promise<readonly Moment[]> {
  const { record } = await seen(() => shell.call(name), { interposed: { when: 'tells' } });
  return record.moments;
}

/** A run whose process is held at a moment. */
async function held(name: string, moment: Moment | undefined, interposed: Partial<Interposed> = {}, turns: Turns = { jobs: [] }): Promise<Run> {
  if (!moment) throw new Error(`${name} has no such moment`);
  const happens: Happening = { kind: 'held', turns };
  const run = await disturb({ lane: 0, isWitnessed: false, isTraced: true, moments: { at: moment, happens }, interposed: { when: 'held', ...interposed } }, () => shell.call(name));
  expect(run.record.moments.map(momentText)).toEqual([momentText(moment)]);
  return run;
}

async function first(name: string, kind: Moment['kind'], what: string): Promise<Moment | undefined> {
  return (await momentsOf(name)).find((moment) => moment.kind === kind && moment.what.startsWith(what));
}

describe('a process that is held at a moment', () => {
  it.each(['by_rename', 'in_place', 'by_builtin', 'in_a_child', 'in_a_subshell', 'in_a_pipeline', 'in_dash', 'unpacks', 'as_a_stub', 'waits'])('goes on after somebody has acted, once: %s', async (name) => {
    const undisturbed = await shell.call(name);
    const moments = (await momentsOf(name)).filter(({ kind }) => kind !== 'half' && kind !== 'waits');
    for (const moment of moments) {
      const times: number[] = [];
      const run = await held(name, moment, { act: ({ time }) => { times.push(time); } });
      expect(times, momentText(moment)).toHaveLength(1);
      expect(run).toExit(undisturbed.exitCode);
      expect(run.output).toBe(undisturbed.output);
      expect(run.record.duration).toBe(undisturbed.record.duration);
    }
  });

  it('has done what was before, and nothing of what comes after', async () => {
    const act: Act = (world) => world.rename('/opt/agent.new', '/opt/agent.seen');
    const run = await held('by_rename', await first('by_rename', 'change', 'rename'), { act });

    expect(run).toExit(1);
    expect(run).toPrint(/^mv: cannot .*: No such file or directory/, { on: 'stderr' });
    expect(run).toHaveChangedOnly({ '/opt/agent.seen': file('new\n', { mode: 0o755 }) });
  });

  it('takes no time from those that wait for it, but for as long as it is asked to', async () => {
    const call = await first('waits', 'call', 'sleep');
    expect((await held('waits', call)).stdout).toBe('timeout ended with 0\n');

    const slow = await held('waits', call, { heldFor: 60_000 });
    expect(slow.stdout).toBe('timeout ended with 124\n');
    expect(slow.record.duration).toBe(60_000);

    const acted = await held('waits', call, { heldFor: 60_000, act: () => {} });
    expect(acted.stdout).toBe('timeout ended with 124\n');
    expect(acted.record.duration).toBe(60_000);
  });

  it('gets a signal meanwhile, and does about it what it would', async () => {
    const step = await first('cleans_up', 'step', 'mv');
    const run = await held('cleans_up', step, { act: (world) => world.signal('TERM', 'bash') });

    expect(run).toExit(9);
    expect(run.record.changes.has('/opt/agent.new')).toBe(false);
    expect((await held('cleans_up', await first('cleans_up', 'change', 'rename'), { act: (world) => world.signal('KILL', 'mv') })).exitCode).toBe(137);
  });

  it('may never come to its moment', async () => {
    const run = await disturb({ lane: 0, isWitnessed: false, isTraced: true, moments: { at: { process: '0.7', number: 9 }, happens: { kind: 'held', turns: { jobs: [] } } }, interposed: { when: 'held', act: () => { throw new Error('acted'); } } }, () => shell.call('by_rename'));
    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/agent': file('new\n', { mode: 0o755 }) });
    expect(run.record.moments).toEqual([]);
  });
});

describe('jobs beside it', () => {
  const said = async (moment: Moment | undefined, turns: Turns) => {
    const runs = [];
    for (let count = 0; count < 5; count += 1) runs.push((await held('in_turns', moment, { takesTurns: true }, turns)).stdout.replaceAll('\n', ','));
    expect(new Set(runs).size).toBe(1);
    return runs[0];
  };

  it('go on one after the other, where the shell itself is held', async () => {
    const moment = await first('in_turns', 'step', 'says c');
    expect(await said(moment, { jobs: ['0.0', '0.1'] })).toMatchInlineSnapshot(`"a 1,a 2,b 1,b 2,c 1,c 2,a 3,b 3,c 3,"`);
  });

  it('wait with the shell until the job has come to its moment that is held', async () => {
    const moment = (await momentsOf('in_turns')).find(({ process, what }) => process === '0.1' && what.includes(' 3'));
    expect(await said(moment, { own: '0.1', jobs: ['0.0'] })).toMatchInlineSnapshot(`"b 1,b 2,a 1,a 2,c 1,c 2,a 3,b 3,c 3,"`);
  });
});
