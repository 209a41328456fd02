import { defineShell, exits } from 'shellrig';
import { systemd, unitIs, unitsOf } from 'shellrig/systemd';
import { describe, expect, it } from 'vitest';

const NAME = "the name of a unit, such as 'agent' or 'agent.socket': letters, digits and : - _ . \\ @";

/** What stands for no unit, or no state of one, is told at the call that gives it. */
describe('what is no unit', () => {
  it.each<[string, () => unknown, string]>([
    ['a condition of nothing', () => unitIs(undefined as never, 'active'), `unitIs(): its unit must be ${NAME}, is undefined.`],
    ['a condition of an impossible name', () => unitIs('a b', 'active'), `unitIs(): its unit must be ${NAME}, is string 'a b'.`],
    ['no state', () => unitIs('a', undefined as never), "unitIs('a'): the state must be 'active' or 'reloading' or 'inactive' or 'failed' or 'activating' or 'deactivating', is undefined."],
    ['a state that there is not', () => unitIs('a', 'actve' as never), "'deactivating', is string 'actve'. Did you mean 'active'?"],
    ['an active unit that is none', () => systemd({ active: ['agent', 'a b'] }), `systemd: active[1] must be ${NAME}, is string 'a b'.`],
    ['an active unit without a name', () => systemd({ active: [''] }), `systemd: active[0] must be ${NAME}, is string ''.`],
    ['an active unit of a path', () => systemd({ active: { '/run/agent': '8s' } }), `systemd: active: a name must be ${NAME}, is string '/run/agent'.`],
    ['a type alone', () => systemd({ active: ['.service'] }), `systemd: active[0] must be ${NAME}, is string '.service'.`],
    ['the units of no run', () => unitsOf({} as never), 'unitsOf(): what it takes must be a run, which .call(), .exec() or .source() resolves to, is an object.'],
    ['the units of nothing', () => unitsOf(undefined as never), 'unitsOf(): what it takes must be a run, which .call(), .exec() or .source() resolves to, is undefined.'],
    ['the units of a run that is not there yet', () => unitsOf(Promise.resolve({}) as never), 'resolves to, is an object. Write `await` before .call(), .exec() or .source()'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it.each(['agent', 'agent.service', 'getty@tty1', 'dev-disk-by\\x2did.device', '-.mount', 'a_b:c'])('but %s is one', (name) => {
    expect(() => [unitIs(name, 'active'), systemd({ active: [name] }), systemd({ active: { [name]: '1s' } })]).not.toThrow();
  });

  it('and a run without systemd has none', async () => {
    const run = await defineShell({ stubs: { report: exits(0) } }).call('report');
    expect(run).toHaveCalled('report');
    expect(() => unitsOf(run)).toThrow('unitsOf(run): the run had no systemd: declare stubs: { ...systemd() }');
  });
});
