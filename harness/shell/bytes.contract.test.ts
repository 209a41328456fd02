import { createHash } from 'node:crypto';
import { defineShell, directory, exits, file } from 'shellrig';
import { describe, expect, it } from 'vitest';

/** Every byte but NUL, which no word can hold. */
const BYTES = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('R5: bytes', () => {
  const shell = defineShell({ files: { '/srv': directory() }, stubs: { backend: exits(0) } });

  it('come through both streams as they are, NUL included', async () => {
    const run = await shell.given({ files: { '/srv/all': file(ALL_BYTES) } }).call('eval', 'cat /srv/all; cat /srv/all >&2; printf "\\0\\xff\\n"');
    expect(run).toSucceed();
    expect(run.record.stdout.equals(Buffer.concat([ALL_BYTES, Buffer.from([0, 0xff, 0x0a])]))).toBe(true);
    expect(run.record.stderr.equals(ALL_BYTES)).toBe(true);
    expect(run.record.output).toHaveLength(2 * 256 + 3);
  });

  it('come in by standard input and by files, and are found in files', async () => {
    const run = await shell.given({ stdin: ALL_BYTES, files: { '/srv/in': file(ALL_BYTES) } }).call('eval', 'cat >/srv/from-input; cat /srv/in /srv/in >/srv/twice');
    expect(run).toSucceed();
    expect(run.file('/srv/from-input').content.equals(ALL_BYTES)).toBe(true);
    expect(run.file('/srv/twice').content.equals(Buffer.concat([ALL_BYTES, ALL_BYTES]))).toBe(true);
    expect(run).toHaveChanged({ '/srv/from-input': file(ALL_BYTES) });
  });

  it('are recorded as arguments, as bytes and as text', async () => {
    const run = await shell.given({ files: { '/srv/in': file(BYTES) } }).call('eval', 'backend "$(cat /srv/in)x" "" $\'\\xff\'');
    expect(run).toSucceed();
    const [call] = run.calls('backend');
    expect(call?.rawArgs.map((word) => word.toString('hex'))).toEqual([`${BYTES.toString('hex')}78`, '', 'ff']);
    expect(call?.args[2]).toBe('\ufffd');
  });

  it('are text too: UTF-8, without escapes for the terminal', async () => {
    const run = await shell.call('eval', 'printf "\\e[31mrød\\e[0m ☃\\n"; printf "\\e]8;;x\\alink\\e]8;;\\a" >&2');
    expect(run).toSucceed();
    expect(run.stdout).toBe('rød ☃\n');
    expect(run.stderr).toBe('link');
    expect(run.record.stdout.toString()).toBe('\x1b[31mrød\x1b[0m ☃\n');
  });

  it('may be in the names of files', async () => {
    const run = await shell.call('eval', String.raw`touch $'/srv/\xff\xfe' $'/srv/line\nend' '/srv/two words' "/srv/'quotes\""`);
    expect(run).toSucceed();
    const names = [...run.record.changes.keys()].filter((path) => path !== '/srv');
    expect(names).toHaveLength(4);
    expect(names).toEqual(expect.arrayContaining(['/srv/\udcff\udcfe', '/srv/line\nend', '/srv/two words', `/srv/'quotes"`]));
    const after = await shell.call('ls', '-A', '/srv');
    expect(after).toSucceed();
    expect(after.stdout).toBe('');
  });

  it('come whole and in order where there are many, in both streams at once', async () => {
    const half = Buffer.alloc(5_000_000, BYTES);
    const run = await shell.given({ files: { '/srv/half': file(half) } }).call('eval', 'cat /srv/half & cat /srv/half >&2; wait');
    expect(run).toSucceed();
    expect(hash(run.record.stdout)).toBe(hash(half));
    expect(hash(run.record.stderr)).toBe(hash(half));
    expect(run.record.output).toHaveLength(10_000_000);
  });

  it('of a slow writer come in the order of time across the streams', async () => {
    const run = await shell.call('eval', 'for n in 1 2 3 4 5; do echo out$n; sleep .02; echo err$n >&2; sleep .02; done');
    expect(run).toSucceed();
    expect(run.output).toBe('out1\nerr1\nout2\nerr2\nout3\nerr3\nout4\nerr4\nout5\nerr5\n');
  });

  it('come whole from a line that never ends and from work in the background', async () => {
    const run = await shell.call('eval', 'printf "no end"; (sleep .05; printf " and later") &');
    expect(run).toSucceed();
    expect(run.stdout).toBe('no end and later');
  });
});
