import { describe, expect, it } from 'vitest';
import { call, directoryEntry, fabricatedRun, fileEntry, type RunFacts } from '../matchers/record.fixture.js';
import { any, rest } from '../stubs/arguments.js';
import { unassertedEffects, type UnassertedAllowance } from './unasserted.js';
import type { Looked, Run } from './run.js';

/** What is left of a run, in one word each. */
function left(run: Run, allowance?: UnassertedAllowance | true): string[] {
  const unasserted = unassertedEffects(run, allowance);
  if (!unasserted) return [];
  return [
    ...unasserted.calls.map(({ name, args }) => [name, ...args].join(' ')),
    ...unasserted.changes.map(({ path }) => path),
    ...unasserted.events.map(({ path }) => `event ${path}`),
    ...unasserted.stderr.map(({ number, text }) => `${number}: ${text}`),
    ...(unasserted.stdout ? ['stdout'] : []),
  ];
}

function lookedRun(facts: RunFacts, look: (run: Run) => readonly (Looked | undefined)[] = () => []): Run {
  const run = fabricatedRun(facts);
  for (const thing of look(run)) run.looked.add(thing!);
  return run;
}

describe('calls', () => {
  const calls = [call(['systemctl', 'restart', 'a']), call(['curl', 'x']), call(['systemctl', 'is-active', 'a'])];

  it('count one by one', () => {
    expect(left(fabricatedRun({ calls }))).toEqual(['systemctl restart a', 'curl x', 'systemctl is-active a']);
    expect(left(lookedRun({ calls }, ({ record }) => [record.calls[0]]))).toEqual(['curl x', 'systemctl is-active a']);
    expect(left(lookedRun({ calls }, ({ record }) => record.calls))).toEqual([]);
  });

  it('of spies do not: what the real one did is seen elsewhere', () => {
    expect(left(fabricatedRun({ calls, context: { spyNames: new Set(['systemctl']) } }))).toEqual(['curl x']);
  });

  it('are allowed by name, and by name and arguments', () => {
    expect(left(fabricatedRun({ calls }), { calls: ['systemctl'] })).toEqual(['curl x']);
    expect(left(fabricatedRun({ calls }), { calls: [['systemctl', 'is-active', any], ['curl']] })).toEqual(['systemctl restart a', 'curl x']);
    expect(left(fabricatedRun({ calls }), { calls: [['systemctl', rest]] })).toEqual(['curl x']);
    expect(left(fabricatedRun({ calls }), { calls: true })).toEqual([]);
  });
});

describe('changes', () => {
  const after = { '/opt': directoryEntry(), '/opt/bin': directoryEntry(), '/opt/bin/tool': fileEntry('tool'), '/opt/.lock': fileEntry('') };

  it('count by path, without the directories that were made on the way', () => {
    expect(left(fabricatedRun({ before: {}, after }))).toEqual(['/opt/.lock', '/opt/bin/tool']);
    expect(left(lookedRun({ before: {}, after }, ({ record }) => [record.changes.get('/opt/bin/tool')]))).toEqual(['/opt/.lock']);
  });

  it('are directories too: those that stay empty, and those that are not as mkdir makes them', () => {
    expect(left(fabricatedRun({ before: {}, after: { '/opt': directoryEntry() } }))).toEqual(['/opt']);
    expect(left(fabricatedRun({ before: {}, after: { ...after, '/opt/bin': directoryEntry(0o700) } }))).toEqual(['/opt/.lock', '/opt/bin', '/opt/bin/tool']);
    expect(left(fabricatedRun({ before: { '/opt': directoryEntry(0o700) }, after: { '/opt': directoryEntry() } }))).toEqual(['/opt']);
    expect(left(fabricatedRun({ before: { '/opt/bin/old': fileEntry('') }, after: { '/opt': directoryEntry(), '/opt/bin': directoryEntry() } }))).toEqual(['/opt/bin', '/opt/bin/old']);
  });

  it('are what was removed; with a directory goes what lay in it', () => {
    expect(left(fabricatedRun({ before: after, after: {} }))).toEqual(['/opt', '/opt/.lock', '/opt/bin', '/opt/bin/tool']);
    expect(left(lookedRun({ before: after, after: {} }, ({ record }) => [record.changes.get('/opt/bin')]))).toEqual(['/opt', '/opt/.lock']);
    expect(left(lookedRun({ before: after, after: {} }, ({ record }) => [record.changes.get('/opt')]))).toEqual([]);
    expect(left(fabricatedRun({ before: after, after: {} }), { changes: ['/opt'] })).toEqual([]);
    expect(left(lookedRun({ before: after, after: { '/opt': directoryEntry(0o700) } }, ({ record }) => [record.changes.get('/opt')]))).toEqual(['/opt/.lock', '/opt/bin', '/opt/bin/tool']);
  });

  it('are allowed by globs', () => {
    expect(left(fabricatedRun({ before: {}, after }), { changes: ['/opt/*'] })).toEqual(['/opt/bin/tool']);
    expect(left(fabricatedRun({ before: {}, after }), { changes: ['/opt/**'] })).toEqual([]);
    expect(left(fabricatedRun({ before: {}, after }), { changes: true })).toEqual([]);
  });
});

describe('events', () => {
  const facts: RunFacts = {
    before: { '/events/0.json': fileEntry('0') },
    after: { '/events/0.json': fileEntry('0'), '/events/1.json': fileEntry('1'), '/events/2.json': fileEntry('2') },
    events: ['/events/0.json', '/events/1.json', '/events/2.json'].map((path) => ({ path, value: path })),
  };

  it('count as events, where the run wrote them', () => {
    expect(left(fabricatedRun(facts))).toEqual(['event /events/1.json', 'event /events/2.json']);
  });

  it('are one with their files', () => {
    expect(left(lookedRun(facts, ({ record }) => [record.events[1]]))).toEqual(['event /events/2.json']);
    expect(left(lookedRun(facts, ({ record }) => [record.changes.get('/events/2.json')]))).toEqual(['event /events/1.json']);
    expect(left(fabricatedRun(facts), { changes: ['/events/1.json'] })).toEqual(['event /events/2.json']);
  });
});

describe('standard error', () => {
  const stderr = '\u001B[31mfirst\u001B[0m\n \n\nfourth\n';

  it('counts by the line, but for blank ones', () => {
    expect(left(fabricatedRun({ stderr }))).toEqual(['1: first', '4: fourth']);
    expect(left(lookedRun({ stderr }, () => ['stderr line 4']))).toEqual(['1: first']);
    expect(left(lookedRun({ stderr }, () => ['stderr']))).toEqual([]);
  });

  it('is allowed by texts and patterns', () => {
    expect(left(fabricatedRun({ stderr }), { stderr: ['our'] })).toEqual(['1: first']);
    const sticky = /^f/g;
    expect(left(fabricatedRun({ stderr }), { stderr: [sticky] })).toEqual([]);
    expect(left(fabricatedRun({ stderr }), { stderr: true })).toEqual([]);
  });
});

describe('standard output', () => {
  const stdout = 'v1\n';

  it('counts where the run succeeded and did nothing else', () => {
    expect(left(fabricatedRun({ stdout }))).toEqual(['stdout']);
    expect(left(lookedRun({ stdout }, () => ['stdout']))).toEqual([]);
    expect(left(fabricatedRun({ stdout }), { stdout: true })).toEqual([]);
    expect(left(fabricatedRun({ stdout, exitCode: 1 }))).toEqual([]);
    expect(left(fabricatedRun({}))).toEqual([]);
  });

  it.each<[string, RunFacts]>([
    ['a call', { calls: [call(['curl'])] }],
    ['a change', { before: {}, after: { '/x': fileEntry('') } }],
    ['a complaint', { stderr: 'x\n' }],
  ])('tells the story of another effect, where there is one: %s', (_, facts) => {
    const run = lookedRun({ ...facts, stdout }, ({ record }) => [...record.calls, ...record.changes.values(), 'stderr']);
    expect(left(run)).toEqual([]);
  });

  it('is the result where there are but calls of spies, and calls that are allowed', () => {
    const calls = [call(['curl']), call(['systemctl'])];
    expect(left(fabricatedRun({ stdout, calls, context: { spyNames: new Set(['curl']) } }), { calls: ['systemctl'] })).toEqual(['stdout']);
  });
});

it('all of them are allowed at once', () => {
  expect(left(fabricatedRun({ stdout: 'x', stderr: 'x', calls: [call(['curl'])], before: {}, after: { '/x': fileEntry('') } }), true)).toEqual([]);
});
