import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { any, bash, defineShell, directory, exits, file, fileFrom, real, removed, rest, symlink } from 'shellrig';
import { debianProgram } from './debian-program.fixture.js';

const pass = await debianProgram('pass', '/usr/bin/pass', /^1\.7\.4-/);

/** A store is a folder of files that gpg encrypted; whom for, its files .gpg-id say. */
const STORE = '/root/.password-store';
const secret = (text: string) => file(text, { mode: 0o600 });

const shell = defineShell({
  files: {
    '/usr/local/bin/gpg': fileFrom(join(import.meta.dirname, 'testdata/gpg.sh'), { mode: 0o755 }),
    [`${STORE}/.gpg-id`]: 'ann\n',
    [`${STORE}/team/.gpg-id`]: 'bob # of the team\nann\n',
  },
  stubs: { gpg: real(), git: exits(128) },
  limits: { time: '60s', background: '20s' },
});
const withMail = shell.given({ files: { [`${STORE}/mail.gpg`]: secret('for ann\nold\nlogin: me\n') } });

describe(`${pass.title}: a script that asks, edits files, and keeps secrets`, () => {
  beforeEach(({ skip }) => skip(pass.missing !== undefined, pass.missing));

  it('stores what it was told twice, readable by its owner only', async () => {
    const run = await shell.given({ stdin: 'hunter2\nhunter2\n' }).exec(pass.path, 'insert', 'web/shop');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      [`${STORE}/web`]: directory({ mode: 0o700 }),
      [`${STORE}/web/shop.gpg`]: secret('for ann\nhunter2\n'),
    });
    expect(run).not.toPrint('hunter2');
    expect(run.allCalls.flatMap(({ args }) => args)).not.toContain('hunter2');
  });

  it('stores nothing when the two differ', async () => {
    const run = await shell.given({ stdin: 'hunter2\nhunter3\n' }).exec(pass.path, 'insert', 'shop');

    expect(run).toExit(1);
    expect(run.stderr).toBe('Error: the entered passwords do not match.\n');
    expect(run).toHaveChangedOnly({});
    expect(run).not.toHaveCalled('gpg', '-e', rest);
  });

  it('encrypts for those whom the nearest folder names', async () => {
    const run = await shell.given({ stdin: 'a\nb\n' }).exec(pass.path, 'insert', '--multiline', 'team/deep/router');

    expect(run).toSucceed();
    expect(run).toHaveCalled('gpg', '-e', '-r', 'bob ', '-r', 'ann', '-o', `${STORE}/team/deep/router.gpg`, rest);
    expect(run).toHaveFile(`${STORE}/team/deep/router.gpg`, secret('for bob  ann\na\nb\n'));
  });

  it.each([['show', '../../etc/passwd'], ['insert', 'a/../../b'], ['rm', '..']])('%s does not leave the store for %s', async (command, path) => {
    const run = await shell.given({ stdin: 'x\nx\n' }).exec(pass.path, command, path);

    expect(run).toExit(1);
    expect(run.stderr).toContain('sneaky path');
    expect(run).toHaveChangedOnly({});
    expect(run).not.toHaveCalled('gpg', rest);
  });

  it('edits a copy in memory, and leaves none', async () => {
    const run = await withMail
      .given({ stubs: { editor: bash('[[ $1 == /dev/shm/pass.*/* && $(stat -c %a "$1") == 600 ]] && sed -i s/old/new/ "$1"') } })
      .exec(pass.path, 'edit', 'mail');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [`${STORE}/mail.gpg`]: secret('for ann\nnew\nlogin: me\n') });
    expect(run).toHappenBefore(['editor', any], ['gpg', '-e', rest]);
  });

  it.each([
    ['leaves it as it was', bash(':'), 1, 'Password unchanged.\n'],
    ['ends it by a signal', bash('kill -TERM "$PPID"'), 143, ''],
  ])('keeps the secret and no copy when the editor %s', async (_, editor, exitCode, stderr) => {
    const run = await withMail.given({ stubs: { editor } }).exec(pass.path, 'edit', 'mail');

    expect(run).toExit(exitCode);
    expect(run.stderr).toBe(stderr);
    expect(run).toHaveChangedOnly({});
  });

  it('generates a password of the length asked for, in place of the first line', async () => {
    const run = await withMail.exec(pass.path, 'generate', '--in-place', '--no-symbols', 'mail', '12');

    expect(run).toSucceed();
    const generated = run.stdout.trimEnd().split('\n').at(-1);
    expect(generated).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(run).toHaveChangedOnly({ [`${STORE}/mail.gpg`]: secret(`for ann\n${generated}\nlogin: me\n`) });
  });

  it('encrypts anew, for another key, what is not encrypted for it', async () => {
    const run = await withMail
      .given({ files: { [`${STORE}/bobs.gpg`]: secret('for bob\nhis\n'), [`${STORE}/link.gpg`]: symlink('mail.gpg') } })
      .exec(pass.path, 'init', 'bob');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [`${STORE}/.gpg-id`]: 'bob\n', [`${STORE}/mail.gpg`]: secret('for bob\nold\nlogin: me\n') });
    expect(run.stdout).toMatch(/^mail: reencrypting to [0-9A-F]+$/m);
  });

  it('removes a folder from the store and from its history', async () => {
    const git = bash('case $* in *--is-inside-work-tree) echo true ;; *config*) exit 1 ;; esac');
    const run = await shell.given({ stubs: { git } }).exec(pass.path, 'rm', '--recursive', '--force', 'team');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [`${STORE}/team`]: removed });
    expect(run).toHaveCalledInOrder([
      ['git', '-C', STORE, 'rm', '-qr', `${STORE}/team/`],
      ['git', '-C', STORE, 'commit', '-m', 'Remove team from store.'],
    ]);
  });

  it('gives the clipboard back what it held', async () => {
    const run = await withMail.given({
      env: { DISPLAY: ':0', PASSWORD_STORE_CLIP_TIME: '0.1' },
      files: { '/tmp/clipboard': 'before' },
      stubs: { xclip: bash('case $* in *-o*) cat /tmp/clipboard ;; *) cat >/tmp/clipboard ;; esac').readsStdin(), qdbus: exits(1) },
    }).exec(pass.path, '-c2', 'mail');

    expect(run).toSucceed();
    expect(run).toPrint('Copied mail to clipboard. Will clear in 0.1 seconds.');
    expect(run).toHaveChangedOnly({});
    expect(run.calls('xclip').map(({ args, stdin }) => [args.includes('-o'), stdin?.toString()])).toEqual([
      [true, ''], [false, 'login: me'], [true, ''], [false, 'before'],
    ]);
    expect(run).toHaveCalled('qdbus', 'org.kde.klipper', rest);
  });
});
