import { describe, expect, it } from 'vitest';
import { call, directoryEntry, fabricatedRun, fileEntry, symlinkEntry } from './record.fixture.js';
import { registerMatchers } from './register.js';
import { unassertedEffects } from '../shell/unasserted.js';
import { directory, file, removed, symlink } from '../tree/entry.js';
import type { Run } from '../shell/run.js';

registerMatchers();

/** A run that did something of every kind, twice. */
function busyRun(): Run {
  return fabricatedRun({
    exitCode: 3,
    stdout: 'one\n',
    stderr: 'mv: first\nmv: second\nthird\n',
    calls: [call(['curl', 'a']), call(['curl', 'b']), call(['systemctl', 'restart']), call(['sleep', '1'])],
    before: { '/bin': symlinkEntry('usr/bin'), '/usr': directoryEntry(), '/usr/bin': directoryEntry(), '/old/x': fileEntry('x'), '/old': directoryEntry(), '/usr/bin/kept': fileEntry('') },
    after: {
      '/bin': symlinkEntry('usr/bin'), '/usr': directoryEntry(), '/usr/bin': directoryEntry(), '/usr/bin/kept': fileEntry(''), '/usr/bin/tool': fileEntry('tool'),
      '/events': directoryEntry(), '/events/1': fileEntry('1'), '/events/2': fileEntry('2'),
    },
    events: [{ path: '/events/1', value: { task: 'a', ok: true } }, { path: '/events/2', value: { task: 'b', ok: true } }],
  });
}

/** What an expectation covered of it, in one word each. */
function coveredBy(expectation: (run: Run) => void): string[] {
  const words = (run: Run) => {
    const { calls = [], changes = [], events = [], stderr = [] } = unassertedEffects(run, undefined) ?? {};
    return [...calls.map(({ name, args }) => [name, ...args].join(' ')), ...changes.map(({ path }) => path), ...events.map(({ path }) => path), ...stderr.map(({ text }) => text)];
  };
  const run = busyRun();
  const all = words(run);
  expectation(run);
  const still = words(run);
  return all.filter((word) => !still.includes(word));
}

describe('an expectation covers what it is about', () => {
  it.each<[string, (run: Run) => void, string[]]>([
    ['toHaveCalled', (run) => expect(run).toHaveCalled('curl', 'b'), ['curl b']],
    ['toHaveCalled of any arguments', (run) => expect(run).toHaveCalled('curl'), ['curl a', 'curl b']],
    ['toHaveCalledTimes', (run) => expect(run).toHaveCalledTimes('curl', 2), ['curl a', 'curl b']],
    ['toHaveCalledInOrder', (run) => expect(run).toHaveCalledInOrder([['curl', 'a'], ['sleep', '1']]), ['curl a', 'sleep 1']],
    ['toHaveCalledInOrder, calls that come again too', (run) => expect(run).toHaveCalledInOrder([['curl'], ['sleep']]), ['curl a', 'curl b', 'sleep 1']],
    ['toHappenBefore', (run) => expect(run).toHappenBefore(['curl', 'a'], ['systemctl']), ['curl a', 'systemctl restart']],
    ['not toHappenBefore, which says the other order', (run) => expect(run).not.toHappenBefore(['systemctl'], ['curl', 'a']), ['curl a', 'systemctl restart']],
    ['toHaveChangedOnly', (run) => expect(run).toHaveChangedOnly({ '/old': removed, '/usr/bin/tool': 'tool', '/events/1': '1', '/events/2': '2' }), ['/old', '/old/x', '/usr/bin/tool', '/events/1', '/events/2']],
    ['toHaveChanged', (run) => expect(run).toHaveChanged({ '/bin/tool': 'tool', '/events/1': '1' }), ['/usr/bin/tool', '/events/1']],
    ['toHaveChanged of paths', (run) => expect(run).toHaveChanged(['/old', '/bin/tool']), ['/old', '/old/x', '/usr/bin/tool']],
    ['toHaveFile', (run) => expect(run).toHaveFile('/bin/tool'), ['/usr/bin/tool']],
    ['not toHaveFile of what is gone', (run) => expect(run).not.toHaveFile('/old/x'), ['/old/x']],
    ['toEmit', (run) => expect(run).toEmit({ task: 'a' }), ['/events/1']],
    ['toEmitTimes', (run) => expect(run).toEmitTimes({ ok: true }, 2), ['/events/1', '/events/2']],
    ['toPrint', (run) => expect(run).toPrint('mv: '), ['mv: first', 'mv: second']],
    ['toPrint of a pattern', (run) => expect(run).toPrint(/^s?econd|third/m, { on: 'stderr' }), ['third']],
    ['toPrint across lines', (run) => expect(run).toPrint(/second\nth/), ['mv: second', 'third']],
    ['toPrint up to the end of a line', (run) => expect(run).toPrint('first\n'), ['mv: first']],
  ])('%s', (_, expectation, covered) => {
    expect(coveredBy(expectation)).toEqual(covered);
  });
});

describe('an expectation covers nothing', () => {
  it.each<[string, (run: Run) => void]>([
    ['of what never happened', (run) => expect(run).not.toHaveCalled('curl', 'c')],
    ['of another number of calls', (run) => expect(run).not.toHaveCalledTimes('curl', 3)],
    ['of another order', (run) => expect(run).not.toHaveCalledInOrder([['sleep'], ['curl']])],
    ['of anything', (run) => expect(run).toHaveChanged()],
    ['of another change', (run) => expect(run).not.toHaveChanged({ '/usr/bin/tool': 'other' })],
    ['of more than the other changes', (run) => expect(run).not.toHaveChangedOnly({})],
    ['of other files', (run) => expect(run).not.toHaveFile('/usr/bin/tool', 'other')],
    ['of what was as it is', (run) => expect(run).toHaveFile('/usr/bin/kept')],
    ['of other events', (run) => expect(run).not.toEmitTimes({ ok: true }, 1)],
    ['of text that is not printed', (run) => expect(run).not.toPrint('fourth')],
    ['of text on the other stream', (run) => expect(run).toPrint('one', { on: 'stdout' })],
    ['of the exit code', (run) => expect(run).toExit(3)],
  ])('%s', (_, expectation) => {
    expect(coveredBy(expectation)).toEqual([]);
  });
});

describe('an expectation that does not hold covers nothing', () => {
  it.each<[string, (run: Run) => void]>([
    ['toHaveCalled', (run) => expect(run).not.toHaveCalled('curl', 'b')],
    ['toHaveCalledTimes', (run) => expect(run).toHaveCalledTimes('curl', 3)],
    ['toHaveCalledInOrder', (run) => expect(run).toHaveCalledInOrder([['sleep'], ['curl']])],
    ['toHappenBefore', (run) => expect(run).toHappenBefore(['systemctl'], ['curl', 'a'])],
    ['not toHappenBefore', (run) => expect(run).not.toHappenBefore(['curl', 'a'], ['systemctl'])],
    ['toHappenBefore of what never happened', (run) => expect(run).toHappenBefore(['curl'], ['systemctl', 'stop'])],
    ['toHaveChangedOnly', (run) => expect(run).toHaveChangedOnly({ '/old': removed })],
    ['toHaveChanged', (run) => expect(run).toHaveChanged({ '/usr/bin/tool': 'tool', '/events/1': '2' })],
    ['toHaveChanged of paths', (run) => expect(run).toHaveChanged(['/usr/bin/tool', '/usr/bin/kept'])],
    ['not toHaveChanged of paths', (run) => expect(run).not.toHaveChanged(['/usr/bin/tool'])],
    ['toHaveFile', (run) => expect(run).toHaveFile('/usr/bin/tool', 'other')],
    ['toHaveFile of what is gone', (run) => expect(run).toHaveFile('/old/x')],
    ['toEmit', (run) => expect(run).not.toEmit({ task: 'a' })],
    ['toEmitTimes', (run) => expect(run).toEmitTimes({ ok: true }, 1)],
    ['toPrint', (run) => expect(run).not.toPrint('mv: ')],
    ['toExit', (run) => expect(run).toExit(4)],
    ['not toExit', (run) => expect(run).not.toExit(3)],
    ['toSucceed', (run) => expect(run).toSucceed()],
  ])('%s', (_, expectation) => {
    const run = busyRun();
    expect(() => expectation(run)).toThrow('expect(run).');
    expect([...run.looked]).toEqual([]);
  });
});

describe('an expectation that names neither mode nor owner covers the usual ones', () => {
  const modes = fabricatedRun({
    before: { '/kept': fileEntry('old', 0o600), '/loosened': fileEntry('x', 0o600), '/given': fileEntry('old', 0o644, '1:1'), '/link': symlinkEntry('a') },
    after: {
      '/kept': fileEntry('new', 0o600), '/loosened': fileEntry('new', 0o777), '/given': fileEntry('new', 0o644, '1:1'), '/plain': fileEntry(''), '/program': fileEntry('', 0o755), '/root': fileEntry('', 0o4755),
      '/theirs': fileEntry('', 0o644, '1:1'), '/folder': directoryEntry(0o1777), '/link': { ...symlinkEntry('b'), owner: '1:1' }, '/both': fileEntry('', 0o2755, '1:1'),
    },
  }).record;
  const left = (expectation: (run: Run) => void, context = modes.context) => {
    const run = { record: { ...modes, context }, looked: new Set() } as unknown as Run;
    expectation(run);
    return Object.fromEntries((unassertedEffects(run, undefined)?.changes ?? []).map(({ path, unsaid }) => [path, unsaid]));
  };
  const UNUSUAL = { '/both': ['mode', 'owner'], '/folder': ['mode'], '/loosened': ['mode'], '/root': ['mode'], '/theirs': ['owner'] };
  const contents = { '/kept': 'new', '/loosened': file('new'), '/given': 'new', '/plain': '', '/program': file(), '/root': '', '/theirs': '', '/folder': directory(), '/link': symlink('b'), '/both': '' };

  it.each<[string, (run: Run) => void]>([
    ['toHaveChangedOnly', (run) => expect(run).toHaveChangedOnly(contents)],
    ['toHaveChanged', (run) => expect(run).toHaveChanged(contents)],
    ['toHaveChanged of paths', (run) => expect(run).toHaveChanged(Object.keys(contents))],
    ['toHaveFile', (run) => Object.entries(contents).forEach(([path, spec]) => expect(run).toHaveFile(path, spec))],
  ])('%s', (_, expectation) => {
    expect(left(expectation)).toEqual(UNUSUAL);
  });

  it('until they are named, by one expectation or by several', () => {
    expect(left((run) => {
      expect(run).toHaveChangedOnly({ ...contents, '/root': file('', { mode: 0o4755 }), '/folder': directory({ mode: 0o1777 }), '/both': file('', { mode: 0o2755 }) });
      expect(run).toHaveFile('/both', file('', { owner: '1:1' }));
      expect(run).toHaveFile('/theirs', file('', { owner: '1:1' }));
    })).toEqual({ '/loosened': ['mode'] });
  });

  it('where owners are not real, no owner', () => {
    expect(left((run) => expect(run).toHaveChangedOnly(contents), { ...modes.context, ownersAreReal: false })).toEqual({ ...UNUSUAL, '/both': ['mode'], '/theirs': undefined });
  });
});

it('toPrint covers standard output as a whole', () => {
  const run = fabricatedRun({ stdout: 'one\ntwo\n' });
  expect(run).not.toPrint('three');
  expect(unassertedEffects(run, undefined)?.stdout).toBe(true);
  expect(run).toPrint('two');
  expect(unassertedEffects(run, undefined)).toBeUndefined();
});
