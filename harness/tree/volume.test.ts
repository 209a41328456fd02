import { memfs, Volume } from 'memfs';
import { describe, expect, it } from 'vitest';
import { directoryEntry, fileEntry, symlinkEntry } from '../matchers/record.fixture.js';
import type { Entry } from './entry.js';
import { filesFromVolume, volumeOf } from './volume.js';

describe('volumeOf', () => {
  const tree = new Map<string, Entry>([
    ['/opt/bin/tool', fileEntry('tool', 0o755, '1001:1002')],
    ['/opt/bin', directoryEntry(0o700)],
    ['/opt', directoryEntry()],
    ['/opt/secret', fileEntry('secret', 0o000)],
    ['/opt/closed', directoryEntry(0o000)],
    ['/opt/closed/x', fileEntry('x')],
    ['/opt/link', symlinkEntry('/opt/bin/tool')],
    ['/opt/dangling', symlinkEntry('nowhere')],
    ['/opt/bytes', fileEntry(Buffer.from([0, 255, 10]))],
    ['/opt/pipe', { kind: 'fifo', mode: 0o644, owner: '0:0' }],
    ['/lone/file', fileEntry('lone')],
    ['/opt/ä b', fileEntry('umlaut')],
  ]);
  const fs = volumeOf(tree);

  it('has what a tree has', () => {
    expect(fs.readdirSync('/opt')).toEqual(['bin', 'bytes', 'closed', 'dangling', 'link', 'secret', 'ä b']);
    expect(fs.readFileSync('/opt/link', 'utf8')).toBe('tool');
    expect(fs.readlinkSync('/opt/dangling')).toBe('nowhere');
    expect(fs.readFileSync('/opt/bytes')).toEqual(Buffer.from([0, 255, 10]));
    expect(fs.readFileSync('/lone/file', 'utf8')).toBe('lone');
    expect(() => fs.readFileSync('/opt/dangling')).toThrow('ENOENT');
  });

  it('has its modes and owners', () => {
    const stats = fs.statSync('/opt/bin/tool');
    expect([stats.mode & 0o7777, stats.uid, stats.gid]).toEqual([0o755, 1001, 1002]);
    expect(fs.statSync('/opt/bin').mode & 0o7777).toBe(0o700);
    expect(fs.statSync('/opt/secret').mode & 0o7777).toBe(0);
  });

  it('reads for everybody what the sandbox\'s root could read', () => {
    expect(fs.readFileSync('/opt/secret', 'utf8')).toBe('secret');
    expect(fs.readFileSync('/opt/closed/x', 'utf8')).toBe('x');
    expect(fs.readdirSync('/opt/closed')).toEqual(['x']);
  });

  it('is a copy', () => {
    fs.writeFileSync('/opt/bin/tool', 'changed');
    expect((tree.get('/opt/bin/tool') as { content: Buffer }).content.toString()).toBe('tool');
  });
});

describe('filesFromVolume', () => {
  it('takes over files, directories and links, with modes that were set', () => {
    const { fs, vol } = memfs({ '/etc/hosts': '127.0.0.1 localhost\n', '/opt/empty': null });
    fs.chmodSync('/etc/hosts', 0o600);
    fs.mkdirSync('/opt/closed', { mode: 0o700 });
    fs.symlinkSync('/etc/hosts', '/opt/link');
    fs.chownSync('/opt/empty', 12_345, 12_346);
    const files = filesFromVolume(vol);
    expect(files).toEqual({
      '/etc': { spec: 'directory' },
      '/etc/hosts': { spec: 'file', content: Buffer.from('127.0.0.1 localhost\n'), mode: 0o600 },
      '/opt': { spec: 'directory' },
      '/opt/closed': { spec: 'directory', mode: 0o700 },
      '/opt/empty': { spec: 'directory', owner: '12345:12346' },
      '/opt/link': { spec: 'symlink', target: '/etc/hosts' },
    });
    expect(filesFromVolume(fs)).toEqual(files);
  });

  it('of an empty volume are none', () => {
    expect(filesFromVolume(new Volume())).toEqual({});
  });
});
