import { at, defineShell } from 'shellrig';
import { oldOrNew } from 'shellrig/invariants';
import { sweepFailingCalls, sweepKills, sweepMoments, sweepTwice } from 'shellrig/sweeps';
import { describe, expect, it } from 'vitest';

const shell = defineShell();
const scenario = () => shell.call('true');
const kills = (options: unknown) => () => { sweepKills('x', scenario, options as never); };
const fails = (options: unknown) => () => { sweepFailingCalls('x', scenario, options as never); };
const twice = (options: unknown) => () => { sweepTwice('x', scenario, options as never); };
const acts = (options: unknown) => () => { sweepMoments('x', scenario, options as never); };
const act = () => {};

/** A sweep with an option that it does not know, or that cannot be, would be green and have tried less than it says. */
describe('what a sweep cannot be declared with', () => {
  it.each<[string, () => void, string]>([
    ['an option that is misspelt', kills({ invariant: [] }), "sweepKills('x'): there is no option `invariant`. Did you mean 'invariants'? There are: invariants, meta, timeout, except, converges, steps, changes, most, marks"],
    ['an option of another sweep', fails({ except: [] }), "sweepFailingCalls('x'): there is no option `except`."],
    ['an option of another sweep, again', twice({ steps: 3 }), "sweepTwice('x'): there is no option `steps`."],
    ['an option of another sweep, once more', acts({ changes: 3 }), "sweepMoments('x'): there is no option `changes`."],
    ['no options', kills(null), "sweepKills('x') must be an object of options (invariants, meta, timeout, except, converges, steps, changes, most, marks), is null."],
    ['less than no steps', kills({ steps: -1 }), "sweepKills('x'): steps must be a whole number from 0, is number -1."],
    ['steps that are no number', kills({ steps: '5' }), "sweepKills('x'): steps must be a whole number from 0, is string '5'."],
    ['no changes', kills({ changes: 0 }), "sweepKills('x'): changes must be a whole number from 1, is number 0."],
    ['no kill', kills({ most: 0 }), "sweepKills('x'): most must be a whole number from 1, is number 0."],
    ['a mark that is not absolute', kills({ marks: ['run/x'] }), "sweepKills('x'): marks[0] must be an absolute path or glob, such as '/var/log/**', is string 'run/x'."],
    ['half of a run', twice({ times: 1.5 }), "sweepTwice('x'): times must be a whole number from 1, is number 1.5."],
    ['no moment', acts({ most: 0 }), "sweepMoments('x'): most must be a whole number from 1, is number 0."],
    ['no time', kills({ timeout: '5s' }), "sweepKills('x'): timeout must be milliseconds, a number from 0, is string '5s'."],
    ['nobody in place of nobody', acts({ never: true }), "sweepMoments('x'): `never` tries the scenario with nobody acting, beside an `act`, and there is none"],
    ['a span without a unit', acts({ heldFor: '5' }), "sweepMoments('x'): heldFor is a number with ms, s, m or h, such as '250ms' or '6s', got \"5\""],
    ['an actor in place of what it does', acts({ act: at('1s', act) }), "sweepMoments('x'): act must be a function: (world) => world.write({ ... }), is an object of first, interval, condition, act."],
    ['an expectation that is none', acts({ act, expect: true }), "sweepMoments('x'): expect must be a function, is boolean true."],
    ['an invariant that is no list', kills({ invariants: oldOrNew('/x') }), "sweepKills('x'): invariants must be a list of invariants, is an object of"],
    ['an invariant that was not called', fails({ invariants: [oldOrNew] }), "sweepFailingCalls('x'): invariants[0] must be an invariant, such as noLeftovers(), is a function (oldOrNew)."],
    ['a path that is no list', kills({ except: '/etc/x' }), "sweepKills('x'): except must be a list of paths or globs, is string '/etc/x'."],
    ['a path that is not absolute', twice({ except: ['etc/x'] }), "sweepTwice('x'): except[0] must be an absolute path or glob, such as '/var/log/**', is string 'etc/x'."],
    ['a name that is no list', fails({ bounded: 'curl' }), "sweepFailingCalls('x'): bounded must be a list of names, is string 'curl'."],
    ['no name', () => { sweepKills('', scenario); }, "sweepKills: its first argument must be the name of a scenario: a text that is not empty, is string ''."],
    ['no scenario', () => { sweepKills('x', undefined as never); }, "sweepKills('x'): the scenario must be a function that asks for one run: () => shell.call('install'), is undefined."],
  ])('%s', (_, declare, message) => {
    expect(declare).toThrow(message);
  });

  it.each([sweepKills, sweepFailingCalls, sweepTwice, sweepMoments])('a run in place of a function: $name', async (sweep) => {
    const run = shell.call('true');
    expect(() => { sweep('x', run as never); }).toThrow(`${sweep.name}('x'): the scenario must be a function that asks for one run: () => shell.call('install'), is`);
    await run;
  });
});
