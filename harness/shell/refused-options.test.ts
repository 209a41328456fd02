import { defineShell, directory, evaluates, exits, fails, file, handle, rest, returns, when, writes } from 'shellrig';
import { describe, expect, it } from 'vitest';

const shell = defineShell({ stubs: { mytool: exits(0) } });
const given = (options: unknown) => shell.given(options as never);
const define = (options: unknown) => defineShell(options as never);

/**
 * What a spec gives in JavaScript or with a cast: each would be ignored, or end in a TypeError from within, and is told
 * at the call that gives it.
 */
describe('what an option cannot be', () => {
  it.each<[string, () => unknown, string]>([
    ['an unknown limit', () => define({ limits: { tme: '3s' } }), "defineShell: limits: there is no option `tme`. Did you mean 'time'? There are: time, virtual, background, output, disk, memory, processes"],
    ['an unknown limit of a given', () => given({ limits: { outptu: '1MB' } }), "given: limits: there is no option `outptu`. Did you mean 'output'?"],
    ['an unknown allowance', () => define({ allow: { command: ['x'] } }), "defineShell: allow: there is no option `command`. Did you mean 'commands'? There are: commands, leftovers, shellErrors"],
    ['an allowance of every line', () => given({ allow: { unasserted: { stderr: ['x', ''] } } }), "given: allow: unasserted: stderr[1] must be a text that is not empty, or a RegExp, is string ''."],
    ['an allowance of every error', () => given({ allow: { shellErrors: [''] } }), "given: allow: shellErrors[0] must be a text that is not empty, is string ''."],
    ['an allowance of changes that cannot be', () => given({ allow: { unasserted: { changes: ['etc/**'] } } }), "given: allow: unasserted: changes[0] must be an absolute glob, such as '/var/log/**', is string 'etc/**'."],
    ['an allowance of all but some changes', () => given({ allow: { unasserted: { changes: ['!/etc/**'] } } }), 'must be an absolute glob'],
    ['an allowance of no call', () => given({ allow: { unasserted: { calls: [[]] } } }), "given: allow: unasserted: calls[0] must be a name, or a name and arguments, such as ['systemctl', 'restart', any], is"],
    ['an allowance that is no list of globs', () => define({ allow: { unasserted: { changes: '/etc/**' } } }), "defineShell: allow: unasserted: changes must be a list of globs, is string '/etc/**'."],
    ['an allowance that is no list', () => given({ allow: { commands: 'xyz' } }), "given: allow: commands must be a list of names, is string 'xyz'."],
    ['an unknown option of with()', () => shell.with({ tool: ['jq'] } as never), "with: there is no option `tool`. Did you mean 'tools'?"],
    ['a clock that is none', () => define({ clock: 'virtul' as never }), "defineShell: clock must be 'virtual', 'real' or { start: '2030-01-01T00:00:00Z' }, is string 'virtul'."],
    ['a clock that begins too early', () => define({ clock: { start: '1970-01-02T00:59:59+01:00' } }), "defineShell: clock.start must be from 1970-01-02T00:00:00Z to 2261-12-31T23:59:59Z, is string '1970-01-02T00:59:59+01:00'."],
    ['a clock that begins too late', () => define({ clock: { start: '2262-01-01T00:00:00Z' } }), "defineShell: clock.start must be from 1970-01-02T00:00:00Z to 2261-12-31T23:59:59Z, is string '2262-01-01T00:00:00Z'."],
    ['a limit that is no object', () => shell.with({ limits: '3s' } as never), "with: limits must be an object of options (time, virtual, background, output, disk, memory, processes), is string '3s'."],
    ['a way of running that is none', () => given({ process: 'forked' }), "given: process must be 'fresh' or 'fork', is string 'forked'. Did you mean 'fork'?"],
    ['input that is no text', () => given({ stdin: 5 }), 'given: stdin must be text or bytes, is number 5.'],
    ['a variable that is none', () => given({ vars: { LIST: [5] } }), 'given: vars.LIST must be text, a number, a boolean, a list of texts or a map of texts, is a list.'],
    ['a variable that is not there', () => given({ vars: { 'a-b': undefined } }), "given: vars['a-b'] must be text, a number,"],
    ['an exported variable that is no text', () => define({ env: { COUNT: 5 } }), 'defineShell: env.COUNT must be a string, is number 5.'],
    ['a stub that is none', () => given({ stubs: { mytool: 0 } }), "given: stubs.mytool must be a stub, such as exits(0) or returns('text'), is number 0."],
    ['a stub that was not called', () => define({ stubs: { mytool: exits } }), "defineShell: stubs.mytool must be a stub, such as exits(0) or returns('text'), is a function (exits)."],
    ['a script that is no list', () => define({ source: 'x' }), "defineShell: source must be a list of paths, is string 'x'."],
    ['a script that is no path', () => define({ source: [undefined] }), 'defineShell: source[0] must be a string, is undefined.'],
    ['a tool that is no list', () => define({ tools: 'jq' }), "defineShell: tools must be a list of names, is string 'jq'."],
    ['events without eventsFrom', () => define({ events: 'x' }), "defineShell: events must be what eventsFrom('/a/glob/*.json') gives, is string 'x'."],
    ['a file that is none', () => define({ files: { '/a': 5 } }), "defineShell: files['/a'] must be text, or what file(), directory(), symlink() or fileFrom() gives, is number 5."],
    ['a file that is a pattern', () => given({ files: { '/a': /x/ } }), "given: files['/a'] must be text, or what file(), directory(), symlink() or fileFrom() gives, is pattern /x/. A file that holds it: file(…)"],
    ['a file that is an object of its own', () => given({ files: { '/a': { content: 'z' } } }), "given: files['/a'] must be text, or what file(), directory(), symlink() or fileFrom() gives, is an object of content."],
    ['files of a stub', () => writes({ '/a': 5 } as never), "what writes() writes['/a'] must be text, or what"],
    ['a mode as text', () => given({ files: { '/a': { spec: 'file', content: 'x', mode: '0755' } } }), "given: files['/a']: mode must be permission bits from 0 to 0o7777, such as 0o755, is string '0755'."],
    ['no options', () => given(undefined), 'given must be an object of options (vars, env, files, tree, invariants, actors, stubs, cwd, stdin, process, limits, allow), is undefined.'],
    ['an attribute that is none', () => file('a\n', { mod: 0o600 } as never), "file: there is no option `mod`. Did you mean 'mode'? There are: mode, owner"],
    ['an attribute of a directory that is none', () => directory({ onwer: 'root:root' } as never), "directory: there is no option `onwer`. Did you mean 'owner'?"],
    ['a mode that is text', () => file('a\n', { mode: '0600' } as never), "file: mode must be permission bits from 0 to 0o7777, such as 0o755, is string '0600'."],
    ['what follows rest', () => when([rest, 'x']), 'when(): `rest` stands for all further arguments, so nothing may follow it; `any` stands for one'],
    ['a pattern that is none', () => when([5] as never), 'when()[0] must be text, a RegExp, an asymmetric matcher, any or rest, is number 5.'],
    ['a pattern without its list', () => when('x' as never), "when() must be a list of arguments, is string 'x'."],
    ['output that is no text', () => returns(5 as never), 'what returns() prints must be text or bytes, is number 5.'],
    ['a handler that is none', () => handle(5 as never), 'what handle() calls must be a function, is number 5.'],
    ['an unknown option of fails()', () => fails({ time: 2 } as never), "fails: there is no option `time`. Did you mean 'times'?"],
    ['an unknown option of evaluates()', () => evaluates({ command: 2, as: 'word' } as never), "evaluates: as must be 'words' or 'argv' or 'eval', is string 'word'. Did you mean 'words'?"],
    ['an argument that is no text', () => shell.call('f', 5 as never), 'argument 1 of call must be a string, is number 5.'],
    ['an argument that is not there', () => given({}).source('x', 'a', undefined as never), 'argument 2 of source must be a string, is undefined.'],
    ['a script that is not there', () => shell.exec(undefined as never), 'what .exec() runs must be a string, is undefined.'],
  ])('%s', (_, give, message) => {
    expect(give).toThrow(message);
  });

  it.each(['./x', 'x/y', '-x', '..', '.', '/', '/usr/bin/', '/opt/../x', 'a b', ''])('a stub of the name %j', (name) => {
    expect(() => define({ stubs: { [name]: exits(0) } })).toThrow(`defineShell: stubs: ${JSON.stringify(name)} can be no stub's name: a stub has the bare name of a command or function, or the absolute path of a command ('tool', '/opt/bin/tool')`);
  });

  it('a stub of a relative path, of which the name is told', () => {
    expect(() => define({ stubs: { './bin/x': exits(0) } })).toThrow("Did you mean 'x', which is met wherever the script finds it?");
  });

  it.each<[object, string]>([
    [{ time: '0s' }, '`time` is more than nothing, got 0'], [{ virtual: '0h' }, '`virtual` is more than nothing, got 0'],
    [{ disk: '0MB' }, '`disk` is more than nothing, got 0'], [{ memory: '0MB' }, '`memory` is more than nothing, got 0'],
    [{ background: '5' }, "`background` is a number with ms, s, m or h, such as '250ms' or '6s', got \"5\""],
    [{ output: 5 }, "`output` is a size such as '500kB', '64MB' or '1GB', got 5 (number)"],
    [{ processes: 7 }, '`processes` is a whole number of at least 8, got 7 (number)'],
  ])('a limit that none can be: %o', (limits, message) => {
    expect(() => define({ limits })).toThrow(`defineShell: limits: ${message}`);
    expect(() => shell.with({ limits })).toThrow(`with: limits: ${message}`);
    expect(() => given({ limits })).toThrow(`given: limits: ${message}`);
  });

  it.each<[unknown, string]>([
    [300, 'number 300'], [-1, 'number -1'], [1.5, 'number 1.5'], [true, 'boolean true'], [null, 'null'],
  ])('what a handler gives: %s', async (result, shown) => {
    const run = given({ stubs: { mytool: handle(() => result as never) } }).call('mytool');
    await expect(run).rejects.toThrow(`what the handler of 'mytool' gives must be text to print, an exit code from 0 to 255, a stub or nothing, is ${shown}.`);
  });

  it('what is expected of a file', async () => {
    const run = await shell.call('true');
    const wrong = { content: 'z' } as never;
    expect(() => expect(run).toHaveChanged({ '/srv/x': expect.anything() as never })).toThrow("toHaveChanged: what '/srv/x' is expected to be must be text, or what file(), directory(), symlink() or fileFrom() gives, is an asymmetric matcher (Anything). A file that holds it: file(…)");
    expect(() => expect(run).toHaveFile('/srv/x', wrong)).toThrow("toHaveFile: what '/srv/x' is expected to be must be text, or what file(), directory(), symlink() or fileFrom() gives, is an object of content.");
    expect(() => expect(run).not.toHaveFile('/srv/x', wrong)).toThrow("toHaveFile: what '/srv/x'");
    expect(() => expect(run).toHaveChanged({ '/srv/x': wrong })).toThrow("toHaveChanged: what '/srv/x'");
    expect(() => expect(run).toHaveChangedOnly({ '/srv/x': 5 as never })).toThrow("toHaveChangedOnly: what '/srv/x'");
  });

  it('what follows rest in an expectation, whether there are calls or not', async () => {
    const run = await shell.call('true');
    expect(() => expect(run).not.toHaveCalled('mytool', rest, 'x')).toThrow('`rest` must be the last argument of an expected call');
    expect(() => expect(run).not.toHaveCalledInOrder([['mytool'], ['mytool', rest, 'x']])).toThrow('`rest` must be the last argument of an expected call');
  });
});
