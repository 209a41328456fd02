import { defineShell, exits, file } from 'shellrig';
import { describe, expect, it } from 'vitest';

// A bash script that glibc installs everywhere (Debian's libc-bin).
const INSTALLED = '/usr/bin/ldd';

describe('a script of a program folder, beside which lie all programs of the machine', () => {
  it.each(['/usr/bin/ldd', '/bin/ldd'])('%s is executed, alone and at its own path', async (path) => {
    const run = await defineShell().exec(path, '--version');
    expect(run).toSucceed();
    expect(run.stdout).toMatch(/^ldd \(/);
    expect(run.record.after.has('/usr/bin/ldconfig')).toBe(false);
    expect(run).toHaveChangedOnly({});
    expect(run.record.steps[0]).toMatchObject({ file: INSTALLED });
  });

  it('is named in messages, and what it calls is looked at', async () => {
    const run = await defineShell().exec(INSTALLED, '--no-such-option');
    expect(run).toExit(1);
    expect(run.stderr).toMatch(/^ldd: unrecognized option/);
    expect(() => expect(run).toSucceed()).toThrow(/it ended at \/usr\/bin\/ldd:\d+/);
  });

  it('is sourced', async () => {
    // Its arguments are those of the shell that sources it: there are none, which it complains about.
    const run = defineShell({ source: [INSTALLED] }).call('true');
    await expect(run).rejects.toMatchObject({ code: 'source-failed', message: expect.stringContaining('/usr/bin/ldd') as string });
  });

  it('but a program is the sandbox\'s own, stubbed or not', async () => {
    const sed = await defineShell().exec('/usr/bin/sed', '--version');
    expect(sed).toSucceed();
    expect(sed.stdout).toMatch(/\(GNU sed\)/);
    expect(await defineShell({ stubs: { sed: exits(5) } }).exec('/usr/bin/sed', '--version')).toExit(5);
  });
});

it('a script that is nowhere is told of, and what is in the sandbox is found by any of its names', async () => {
  await expect(defineShell().exec('/usr/bin/lddd')).rejects.toThrow("there is no script /usr/bin/lddd. Did you mean 'ldd'?");
  const shell = defineShell({ files: { '/usr/bin/own': file('#!/bin/bash\necho own\n', { mode: 0o755 }) } });
  expect((await shell.exec('/bin/own')).stdout).toBe('own\n');
  expect((await shell.given({ files: { '/usr/sbin/given': '#!/bin/bash\necho given\n' } }).exec('/sbin/given')).stdout).toBe('given\n');
});
