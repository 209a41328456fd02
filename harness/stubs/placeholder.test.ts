import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { _, defineShell, exits, fails, file, returns, Stub, StrictError, takes, when, type Run } from 'shellrig';

const SCRIPT = fileURLToPath(new URL('testdata/placeholders.sh', import.meta.url));
const FILES = { '/etc/asks.conf': 'conf\n' };
const shell = defineShell({ source: [SCRIPT], files: FILES, stubs: { backend: exits(0) }, env: { VERSION: '1' } });

/** Why a run was no result. */
async function refused(run: Promise<Run>): Promise<StrictError> {
  const error: unknown = await run.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof StrictError)) throw new Error(`expected a StrictError, got ${String(error)}`);
  return error;
}

describe('a placeholder', () => {
  it('lets the run go on, and then fails it once for all that it needed', async () => {
    const error = await refused(defineShell({ source: [SCRIPT], stubs: { backend: _ } }).given({ stubs: { helper: _ }, vars: { VERSION: _ }, files: { '/etc/asks.conf': _ } }).call('asks'));
    expect(error.code).toBe('placeholder');
    expect(error.subjects).toEqual(['backend', 'helper', 'vars: { VERSION: _ }', "files: { '/etc/asks.conf': _ }"]);
    expect(error.message).toMatchInlineSnapshot(`
      "4 placeholders are still to be filled in: the stub 'backend', the stub 'helper', \`vars: { VERSION: _ }\`, \`files: { '/etc/asks.conf': _ }\`.

        .call('asks')

        It asked for:
          backend status ''   at harness/stubs/testdata/placeholders.sh:7 in function asks
          helper 'two words'   at harness/stubs/testdata/placeholders.sh:8 in function asks

        Write in the place of each \`_\` what it stands for. What a stub answers: returns('text\\n'), exits(1), when(['status', any]).returns('text\\n').otherwise(exits(0)); with real() the program itself does it."
    `);
  });

  it('fails nothing where the run does not ask for it', async () => {
    expect(await defineShell({ source: [SCRIPT], files: FILES, env: { VERSION: '1' }, stubs: { backend: exits(0), never: _ } }).call('asks')).toSucceed();
  });

  it.each([
    ['returns(_)', returns(_)],
    ['exits(_)', exits(_)],
    ['when([...]).exits(_)', when(['status', '1']).exits(_)],
    ['fails().then(_)', fails({ times: 0 }).then(_ as Stub)],
  ])('stands in %s', async (_name, stub) => {
    expect(await refused(shell.given({ stubs: { backend: stub } }).call('asks'))).toMatchObject({ code: 'placeholder', subjects: ['backend'] });
  });

  it('in a rule that no call fits fails nothing', async () => {
    expect(await shell.given({ stubs: { backend: when(['other']).exits(_).otherwise(exits(0)) } }).call('asks')).toSucceed();
  });

  it.each([
    ['a variable', { vars: { VERSION: _ } }, 'vars: { VERSION: _ }'],
    ['an element', { vars: { VERSION: ['1', _] } }, 'vars: { VERSION: _ }'],
    ['the environment', { env: { VERSION: _ } }, 'env: { VERSION: _ }'],
    ['a file of some mode', { files: { '/etc/asks.conf': file(_, { mode: 0o600 }) } }, "files: { '/etc/asks.conf': _ }"],
    ['standard input', { stdin: _ }, 'stdin: _'],
  ])('stands for %s', async (_name, given, subject) => {
    expect(await refused(shell.given(given).call('asks'))).toMatchObject({ code: 'placeholder', subjects: [subject] });
  });

  it('stands for what a shell is defined with, and is told after sourcing', async () => {
    const shell = defineShell({ source: [SCRIPT], files: { '/etc/asks.conf': _ }, stubs: { backend: _ }, env: { VERSION: _ } });
    expect(await refused(shell.call('asks'))).toMatchObject({ subjects: ['backend', 'env: { VERSION: _ }', "files: { '/etc/asks.conf': _ }"] });
  });

  it('is told where the scripts ask for it while they are sourced', async () => {
    const scripts = fileURLToPath(new URL('testdata/placeholders-while-sourcing.sh', import.meta.url));
    const error = await refused(defineShell({ source: [scripts], stubs: { backend: _ } }).call('asks'));
    expect(error).toMatchObject({ code: 'placeholder', subjects: ['backend'] });
    expect(error.message).toContain('backend state');
  });

  it('comes before a limit that the run exceeded for want of an answer', async () => {
    const run = shell.given({ stubs: { backend: _, helper: takes('1h') }, limits: { time: '500ms' } }).call('asks');
    expect(await refused(run)).toMatchObject({ code: 'placeholder', subjects: ['backend'] });
  });

  it.each([
    ['toExit', (run: Run) => { expect(run).toExit(_); }],
    ['toBe', (run: Run) => { expect(run.stdout).toEqual(_); }],
    ['toHaveCalled', (run: Run) => { expect(run).toHaveCalled('backend', _, '1'); }],
    ['a file', (run: Run) => { expect(run).toHaveFile('/etc/asks.conf', _); }],
    ['the content of a file', (run: Run) => { expect(run).toHaveFile('/etc/asks.conf', file(_)); }],
  ])('is no expectation: %s', async (_name, expects) => {
    const run = await shell.call('asks');
    expect(run).toSucceed();
    expect(() => { expects(run); }).toThrow('An expectation still has its placeholder `_`.');
  });
});

