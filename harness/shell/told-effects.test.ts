import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fabricatedRun, fileEntry, type RunFacts } from '../matchers/record.fixture.js';
import { toldEffects } from './told-effects.js';

/** Two runs of the same script, whose processes had other numbers: what is told of each. */
function told(first: Partial<RunFacts>, second: Partial<RunFacts> = first): [string | undefined, string | undefined] {
  return [toldEffects(fabricatedRun({ processes: new Set([24, 31]), ...first })), toldEffects(fabricatedRun({ processes: new Set([25, 32, 1024]), ...second }))];
}

it('are told only where somebody asks', () => {
  expect(toldEffects(fabricatedRun({}))).toBeUndefined();
});

describe('where somebody asks', () => {
  beforeEach(() => void vi.stubEnv('SHELLRIG_TELL_EFFECTS', '1'));
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    ['a job that was killed', 'a.sh: line 3: 24 Killed  sleep 9\n', 'a.sh: line 3: 25 Killed  sleep 9\n'],
    ['a job that was killed, in a column', 'a.sh: line 3:    24 Killed  sleep 9\n', 'a.sh: line 3:  1024 Killed  sleep 9\n'],
    ['a job that began', 'started\n[1] 31\n', 'started\n[1] 32\n'],
    ['a name that ends with one', "mv: cannot stat '/run/.draft.24'\n", "mv: cannot stat '/run/.draft.25'\n"],
  ])('numbers of processes are the same: %s', (_, stderr, other) => {
    const [first, second] = told({ stderr }, { stderr: other });
    expect(second).toBe(first);
  });

  it('long ones are the same wherever they stand, and at the end of a name also those of a run before', () => {
    const text = (own: number, before: number) => `+ kill ${own}\n+ [ ${own} = ${own} ]\nmv: cannot stat '/run/.draft.${before}'\n   Process: ${before} ExecStart=/bin/x\n`;
    const [first] = told({ stderr: text(100_024, 100_007), processes: new Set([100_024]) });
    const [second] = told({ stderr: text(100_031, 100_009), processes: new Set([100_031]) });
    expect(second).toBe(first);
    expect(told({ stderr: 'took 100024 us\n' })[0]).not.toBe(told({ stderr: 'took 100031 us\n' })[0]);
  });

  it('so they are in the files that a run changed', () => {
    const left = (number: number) => ({ processes: new Set([number]), before: { '/run/log': fileEntry('none\n') }, after: { '/run/log': fileEntry(`none\nended ${number}\n`) } });
    expect(told(left(100_024))[0]).toBe(told(left(100_031))[0]);
    expect(told(left(100_024))[0]).toContain('ended PID');
  });

  it('numbers that only look like those of processes are kept', () => {
    const [first, second] = told({ stderr: 'after 24 seconds, line 31\n' });
    expect(second).toBe(first);
    expect(told({ stderr: 'after 24 seconds\n' })[0]).not.toBe(told({ stderr: 'after 31 seconds\n' })[0]);
  });

  it('a number where one of a process may be, and is not, is kept', () => {
    expect(told({ stderr: '[1] 24\n' })[0]).not.toBe(told({ stderr: '[1] 7\n' })[0]);
  });

  it('a little is told as it is, much by a digest', () => {
    expect(told({ stdout: 'a\nb\n' })[0]).toContain('\nstdout | a\nstdout | b');
    const [first = '', second] = told({ stdout: 'yes\n'.repeat(2000) }, { stdout: 'yes\n'.repeat(2001) });
    expect(first).not.toContain('yes');
    expect(second).not.toBe(first);
  });

  it.each<[string, Partial<RunFacts>]>([
    ['what it printed', { stdout: 'yes\n' }],
    ['what it said', { stderr: 'no\n' }],
    ['the tree that it left', { before: {}, after: { '/run/ready': fileEntry('') } }],
    ['how it ended', { exitCode: 3 }],
    ['how long it took', { duration: 1500, sleeps: [] }],
  ])('runs differ by %s', (_, facts) => {
    const [same, other] = told({ sleeps: [] }, facts);
    expect(other).not.toBe(same);
  });
});
