import { describe, expect, it } from 'vitest';
import { call, directoryEntry, fabricatedRecord, fileEntry, symlinkEntry } from '../matchers/record.fixture.js';
import { RunView } from './run-view.js';
import { unassertedEffects } from './unasserted.js';

function busyRun(): RunView {
  return new RunView(fabricatedRecord({
    stdout: 'one\n',
    stderr: 'two\n',
    calls: [call(['curl', 'a']), call(['sleep', '1'])],
    before: { '/opt': directoryEntry(), '/opt/old': fileEntry('old'), '/opt/new': directoryEntry() },
    after: { '/opt': directoryEntry(), '/opt/new': directoryEntry(), '/opt/new/tool': fileEntry('tool'), '/opt/link': symlinkEntry('new/tool'), '/event': fileEntry('1') },
    events: [{ path: '/event', value: 1 }],
  }), undefined);
}

function coveredBy(read: (run: RunView) => unknown): string[] {
  const words = (run: RunView) => {
    const { calls = [], changes = [], events = [], stderr = [] } = unassertedEffects(run, undefined) ?? {};
    return [...calls.map(({ name }) => name), ...changes.map(({ path }) => path), ...events.map(({ path }) => path), ...stderr.map(({ text }) => text)];
  };
  const run = busyRun();
  const all = words(run);
  read(run);
  const still = words(run);
  return all.filter((word) => !still.includes(word));
}

describe('reading a run covers what it gives', () => {
  it.each<[string, (run: RunView) => unknown, string[]]>([
    ['calls of a name', (run) => run.calls('curl'), ['curl']],
    ['all calls', (run) => run.allCalls, ['curl', 'sleep']],
    ['events', (run) => run.events, ['/event']],
    ['standard error', (run) => run.stderr, ['two']],
    ['both streams', (run) => run.output, ['two']],
    ['a file', (run) => run.file('/opt/new/tool'), ['/opt/new/tool']],
    ['a file that is gone', (run) => expect(() => run.file('/opt/old')).toThrow('not there'), ['/opt/old']],
    ['a file through memfs', (run) => run.fs.readFileSync('/opt/new/tool'), ['/opt/new/tool']],
    ['a file through a link', (run) => run.fs.readFileSync('/opt/link'), ['/opt/link', '/opt/new/tool']],
    ['a link', (run) => run.fs.readlinkSync('/opt/link'), ['/opt/link']],
    ['whether a path is there', (run) => run.fs.existsSync('/opt/old'), ['/opt/old']],
    ['a listing: its names', (run) => run.fs.readdirSync('/opt'), ['/opt/link', '/opt/old']],
    ['a listing of all below', (run) => run.fs.readdirSync('/opt', { recursive: true }), ['/opt/link', '/opt/new/tool', '/opt/old']],
    ['a listing of the root', (run) => run.fs.readdirSync('/'), ['/event']],
    ['a promised listing', (run) => run.fs.promises.readdir('/opt'), ['/opt/link', '/opt/old']],
    ['effects', (run) => run.effects(), ['curl', 'sleep', '/opt/link', '/opt/new/tool', '/opt/old', '/event', 'two']],
    ['the record: nothing', (run) => [run.record.calls.length, run.record.stderr.toString(), run.exitCode], []],
  ])('%s', (_, read, covered) => {
    expect(coveredBy(read)).toEqual(covered);
  });

  it.each<[string, (run: RunView) => unknown]>([
    ['standard output', (run) => run.stdout],
    ['both streams', (run) => run.output],
    ['effects', (run) => run.effects()],
  ])('standard output: %s', (_, read) => {
    const run = new RunView(fabricatedRecord({ stdout: 'one\n' }), undefined);
    expect(unassertedEffects(run, undefined)?.stdout).toBe(true);
    read(run);
    expect(unassertedEffects(run, undefined)).toBeUndefined();
  });
});
