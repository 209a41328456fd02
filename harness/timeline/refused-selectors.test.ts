import { acted, called, changed, emitted, ended, exists, rest } from 'shellrig';
import { describe, expect, it } from 'vitest';

const of = (selector: (...args: never[]) => unknown, ...args: unknown[]) => () => selector(...args as never[]);

/** Each would name no instant ever, or end in a TypeError from within, and is told at the call that makes it. */
describe('what no selector can be made of', () => {
  it.each<[string, () => unknown, string]>([
    ['no command', of(called), 'called(): the name of a command must be a text that is not empty, is undefined.'],
    ['a command that is no text', of(called, {}), 'called(): the name of a command must be a text that is not empty, is an object.'],
    ['an argument that is none', of(called, 'curl', 'a', 5), "called('curl'): args[1] must be text, a RegExp, an asymmetric matcher, any or rest, is number 5."],
    ['what follows rest', of(called, 'curl', rest, 'a'), "called('curl'): args: `rest` stands for all further arguments, so nothing may follow it; `any` stands for one"],
    ['the end of no command', of(ended), 'ended(): the name of a command must be a text that is not empty, is undefined.'],
    ['the end of a call with an argument that is none', of(ended, 'curl', undefined), "ended('curl'): args[0] must be text, a RegExp, an asymmetric matcher, any or rest, is undefined."],
    ['no path', of(changed), "changed(): the path must be an absolute path in the sandbox, such as '/run/app.pid', is undefined."],
    ['a relative path', of(changed, 'run/x'), "changed(): the path must be an absolute path in the sandbox, such as '/run/app.pid', is string 'run/x'."],
    ['a path of an actor that is none', of(exists), "exists(): the path must be an absolute path in the sandbox, such as '/run/app.pid', is undefined."],
    ['no act', of(acted), "acted(): what an actor did must be the name of its function or a text such as 'write /run/app.pid', is undefined."],
    ['an actor for its name', of(acted, () => {}), "acted(): what an actor did must be the name of its function or a text such as 'write /run/app.pid', is a function."],
    ['no event', of(emitted), 'emitted(): there is no event to look for; emitted({ task: \'install\' }) names the first that has all of this'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('but an event may be anything', () => {
    expect(emitted(undefined).what).toBe('event undefined');
    expect(emitted(null).what).toBe('event null');
  });
});
