import { defineShell, exits } from 'shellrig';
import { describe, expect, it } from 'vitest';

const shell = defineShell({ source: ['./testdata/shapes.sh'], stubs: { mytool: exits(0), '/opt/bin/other': exits(0), show: exits(0) } });

/** The run's message, of which the first line says why. */
async function why(text: string, given: Parameters<typeof shell.given>[0] = {}): Promise<string> {
  const error = await shell.given(given).call('eval', text).then(() => undefined, (reason: unknown) => reason as Error);
  expect(error).toMatchObject({ code: 'undeclared-command' });
  return error?.message ?? '';
}

describe('a command that is declared and not found', () => {
  it.each([
    ['PATH=/opt; mytool x', "The script called 'mytool', which is declared and was not found: it is /usr/bin/mytool, and PATH is '/opt'."],
    ['PATH=/opt mytool x', "The script called 'mytool', which is declared and was not found: it is /usr/bin/mytool, and PATH is '/opt'."],
    ['f() { local PATH=/opt:/nowhere; cat x; }; f', "The script called 'cat', which is declared and was not found: it is /usr/bin/cat, and PATH is '/opt:/nowhere'."],
    // bash itself asks nobody where PATH is empty, and other programs do not tell theirs.
    ['PATH= ; mytool x', "The script called 'mytool', which is declared and was not found: it is /usr/bin/mytool, and the PATH of its caller does not lead there."],
    ['env PATH=/opt mytool x', "The script called 'mytool', which is declared and was not found: it is /usr/bin/mytool, and the PATH of its caller does not lead there."],
    ['rm -rf /usr/bin; mytool x', "The script called 'mytool', which is declared and was not found: the script removed /usr/bin/mytool."],
    ['rm -f /usr/bin/mytool; timeout 3 mytool x', "The script called 'mytool', which is declared and was not found: the script removed /usr/bin/mytool."],
    ['rm -rf /opt/bin; /opt/bin/other x', "The script called '/opt/bin/other', which is declared and was not found: the script removed /opt/bin/other."],
    ['unset -f show; show', "The script called 'show', which is declared and was not found: it stands for a function of the scripts, which the shell that called it does not have."],
  ])('%s', async (text, message) => {
    const told = await why(text);
    expect(told.split('\n')[0]).toBe(message);
    expect(told).toMatch(/Mend the script\. If it is to meet "command not found":\n +allow: \{ commands: \['.+'\] \}$/);
    expect(told).not.toContain('Declare what it is');
  });

  it('as the very command of a run', async () => {
    const run = shell.given({ env: { PATH: '/opt' } }).call('mytool');
    await expect(run).rejects.toThrow("The script called 'mytool', which is declared and was not found: it is /usr/bin/mytool, and PATH is '/opt'.");
  });

  it('beside one that nobody declared', async () => {
    const told = await why('PATH=/opt; mytool; nothing');
    expect(told).toContain("stubs: { 'nothing': exits(0) }");
    expect(told).toContain("allow: { commands: ['mytool', 'nothing'] }");
  });

  it.each([
    ['OLD=$PATH; PATH=/opt; mytool; PATH=$OLD', "it is /usr/bin/mytool, and PATH is '/opt'."],
    ['rm -f /usr/bin/mytool; mytool', 'the script removed /usr/bin/mytool.'],
    ['rm -f /opt/bin/other; /opt/bin/other', 'the script removed /opt/bin/other.'],
  ])('while a script is sourced: %s', async (text, reason) => {
    const sourcing = shell.with({ source: ['./testdata/sources-given.sh'], files: { '/given.sh': `${text}\n` } });
    await expect(sourcing.call('true')).rejects.toThrow(`which is declared and was not found: ${reason}\n`);
  });

  it('with a PATH of several lines', async () => {
    expect(await why("PATH=$'/a\\n/b'; mytool")).toContain("PATH is '/a /b'");
  });
});
