import { defineShell, directory, symlink, type FileSpecs } from 'shellrig';
import { describe, expect, it } from 'vitest';

const shell = defineShell({ files: { '/srv': directory() } });

/** Nothing ran, so no result may be told: neither an exit code nor a change. */
describe('a given that cannot be had', () => {
  it('refuses a working directory that is not there', async () => {
    await expect(shell.given({ cwd: '/nope' }).call('touch', '/srv/called')).rejects.toThrow('given: cwd: /nope is no directory of the sandbox');
    await expect(shell.given({ cwd: '/nope', files: { '/srv/any.sh': 'true\n' } }).exec('/srv/any.sh')).rejects.toThrow('given: cwd: /nope is no directory of the sandbox');
    await expect(shell.given({ cwd: '/nope', process: 'fresh' }).call('true')).rejects.toThrow('given: cwd: /nope is no directory of the sandbox');
  });

  it.each<[string, FileSpecs, string]>([
    ['a file below a file', { '/a': 'x', '/a/b': 'y' }, 'given: files: /a/b: Not a directory'],
    ['a file in the place of a directory that holds something', { '/etc': 'x' }, 'given: files: /etc: Directory not empty'],
    ['a file that the kernel makes', { '/proc/cmdline': 'x' }, 'given: files: /proc: Operation not permitted'],
  ])('refuses %s', async (_what, files, message) => {
    await expect(shell.given({ files }).call('true')).rejects.toThrow(message);
    expect(await shell.call('true')).toHaveChangedOnly({});
  });

  it('puts a file behind a link that is given with it', async () => {
    const run = await shell.given({ files: { '/l': symlink('/srv'), '/l/q': 'z' } }).call('cat', '/srv/q');
    expect(run).toPrint('z');
    expect(run).toHaveChangedOnly({});
  });
});
