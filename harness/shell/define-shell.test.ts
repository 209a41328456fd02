import { Volume } from 'memfs';
import { describe, expect, it } from 'vitest';
import { defineShell, exits, file, returns } from 'shellrig';

const shell = defineShell({ source: ['./testdata/shapes.sh'], files: { '/etc/base': 'base' }, stubs: { ctl: returns('shell\n') } });

describe('a shell', () => {
  it('keeps what exists while sourcing apart from what is given to a run', async () => {
    expect((await shell.given({ env: { GREETING: 'given' } }).call('show')).stdout).toBe('nothing|given|/|\n');
    const greeted = shell.with({ env: { GREETING: 'defined' } });
    expect((await greeted.call('show', 'a b', '')).stdout).toBe('defined|defined|/|a b \n');
  });

  it('extends files, stubs and environment with `with`, in a session of its own', async () => {
    const other = shell.with({ files: { '/etc/other': 'other' }, env: { X: '1' } });
    const run = await other.call('cat', '/etc/base', '/etc/other');
    expect(run.stdout).toBe('baseother');
    expect((await shell.call('test', '-e', '/etc/other')).exitCode).toBe(1);
  });

  it('merges several givens, the later one first', async () => {
    const run = await shell.given({ vars: { A: '1', B: '1' } }).given({ vars: { B: '2' } }).call('eval', 'echo $A$B');
    expect(run.stdout).toBe('12\n');
  });

  it('gives scalars, arrays and maps as shell variables', async () => {
    const run = await shell.given({ vars: { LIST: ['a', 'b c', ''], MAP: { key: 'it\'s "v"' } } }).call('count');
    expect(run.stdout).toBe('3 b c it\'s "v"\n');
  });

  it('gives standard input as bytes, and none by default', async () => {
    const bytes = Buffer.from([0, 255, 10]);
    expect((await shell.given({ stdin: bytes }).call('echo_stdin')).record.stdout).toEqual(bytes);
    expect((await shell.call('echo_stdin')).stdout).toBe('');
  });

  it('gives a working directory', async () => {
    const run = await shell.given({ cwd: '/tmp' }).call('show');
    expect(run.stdout).toBe('nothing|unset|/tmp|\n');
  });

  it('gives files edited as a memfs volume', async () => {
    const volume = Volume.fromJSON({ '/srv/app/run.sh': 'echo ran\n' });
    volume.chmodSync('/srv/app/run.sh', 0o755);
    const run = await shell.given({ files: volume }).exec('/srv/app/run.sh');
    expect(run.stdout).toBe('ran\n');
    expect(run).toHaveChangedOnly({});
  });

  it('lets a given stub win for one run only', async () => {
    expect((await shell.given({ stubs: { ctl: exits(4) } }).call('ctl')).exitCode).toBe(4);
    expect((await shell.call('ctl')).stdout).toBe('shell\n');
  });

  it('removes a given stub after its run', async () => {
    expect((await shell.given({ stubs: { extra: returns('here') } }).call('extra')).stdout).toBe('here');
    await expect(shell.call('extra')).rejects.toMatchObject({ code: 'undeclared-command' });
  });

  it('refuses an option that does not exist', () => {
    expect(() => defineShell({ sources: [] } as never)).toThrow('there is no option `sources`');
    expect(() => shell.given({ actor: [] } as never)).toThrow('given: there is no option `actor`');
  });

  it('names a script that does not exist', async () => {
    await expect(defineShell({ source: ['./nowhere.sh'] }).call('x')).rejects.toThrow('./nowhere.sh, relative to the spec');
  });

  it('puts back what a run changed, removed and made', async () => {
    const run = await shell.call('eval', 'echo new > /etc/base; rm /etc/hostname; mkdir -p /opt/a/b; echo x > /opt/a/b/c');
    expect(run).toHaveChangedOnly({ '/etc/base': 'new\n', '/etc/hostname': { spec: 'removed' }, '/opt/a/b/c': file('x\n') });
    const next = await shell.call('cat', '/etc/base', '/etc/hostname');
    expect(next.stdout).toBe('basesandbox\n');
    expect(next).toHaveChangedOnly({});
  });
});

describe('run.variable', () => {
  it('reads scalars, arrays and maps after a call', async () => {
    const run = await shell.call('collect');
    expect(run.variable('scalar')).toBe('two\nlines "quoted" $HOME `x` \\');
    expect(run.variable('list')).toEqual(['one', 'two words', '', 'tab\there']);
    expect(run.variable('map')).toEqual({ k: 'v', 'with space': "it's" });
    expect(run.variable('exported')).toBe('yes');
    expect(run.variable('AT_SOURCE')).toEqual({ when: 'sourcing' });
    expect(run.variable('hidden')).toBeUndefined();
    expect(run.variable('never_set')).toBeUndefined();
  });

  it('reads them after an exit too', async () => {
    const run = await shell.call('leave');
    expect(run.exitCode).toBe(3);
    expect(run.variable('list')).toHaveLength(4);
  });

  it('says why there are none after exec', async () => {
    const run = await shell.given({ files: { '/x.sh': file('#!/bin/bash\nA=1\n', { mode: 0o755 }) } }).exec('/x.sh');
    expect(() => run.variable('A')).toThrow('a process of its own');
  });
});

describe('what a green test must not hide', () => {
  it('a stub of a builtin, which no plain call would meet', async () => {
    await expect(defineShell({ stubs: { kill: exits(0) } }).call('true')).rejects.toThrow('`kill` is a builtin of bash');
  });

  it('an error of bash that the script sent into a log', async () => {
    const run = shell.call('log_everything');
    await expect(run).rejects.toMatchObject({ code: 'shell-error', message: expect.stringContaining('NOPE: unbound variable') as string });
  });

  it('an error of bash that went through a pipe to standard output', async () => {
    await expect(shell.call('tee_everything')).rejects.toMatchObject({ code: 'shell-error' });
  });

  it('an expectation on events where the shell declares none', async () => {
    const run = await shell.call('show');
    expect(() => expect(run).not.toEmit({ any: 'thing' })).toThrow('this shell declares no events');
    expect(() => expect(run).toEmitTimes({ any: 'thing' }, 0)).toThrow('this shell declares no events');
  });

  it('a variable with a name that none can have', () => {
    expect(() => shell.given({ vars: { 'a-b': '1' } })).toThrow('"a-b" is no name of a shell variable');
  });

  it('the directories of a given stub, as if the run had made them', async () => {
    const run = await shell.given({ stubs: { '/opt/vendor/bin/tool': returns('1.2\n') } }).call('/opt/vendor/bin/tool');
    expect(run.stdout).toBe('1.2\n');
    expect(run).toHaveChangedOnly({});
  });

  it('the interpreter of a script whose checkout has no x bit', async () => {
    const run = await shell.exec('./testdata/posix.sh');
    expect(run.stderr).toMatch(/not found|Syntax error|unexpected/);
    expect(run.exitCode).not.toBe(0);
  });
});
