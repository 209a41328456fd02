import { describe, expect, it } from 'vitest';
import { defineShell, directory, file, symlink } from 'shellrig';
import { nameOf } from '../tree/names.js';
import { listing } from './listing.fixture.js';

const ODD = nameOf(Buffer.from('/srv/odd \xe2\x82\nname', 'latin1'));
const shell = defineShell({
  source: ['./testdata/leaves.sh'],
  tools: ['truncate', 'dd'],
  files: {
    '/srv/file': file('given\n', { mode: 0o640 }), '/srv/directory': directory({ mode: 0o750 }), '/srv/directory/file': 'below\n',
    '/srv/link': symlink('file'), '/srv/fifo': { spec: 'fifo' }, '/dev/shm/given': 'in memory\n', [ODD]: 'odd\n',
  },
});

/** Function, exit code where it is not 0. */
const CHANGES: readonly [change: string, exitCode?: number][] = [
  ['nothing'], ['odd_names'], ['change_given_odd_name'], ['special_files'], ['replace_special_files'], ['deep_directories'], ['many_files'],
  ['link_loops'], ['directory_by_file'], ['file_by_directory'], ['file_by_link'], ['directory_by_link'], ['directory_by_link_out'],
  ['link_by_directory'], ['hard_links'], ['set_bits'], ['modes'], ['sparse_file'], ['move_a_parent'], ['move_the_baseline'], ['swap_directories'],
  ['unseen_by_times'], ['root_directory'], ['memory_files'], ['devices'], ['remove_all'], ['age'], ['age_all'], ['hide_by_age'], ['in_the_root'], ['own_links'],
];

describe('R1: whatever a run does to the tree, the next one finds it as the first did', () => {
  it.each(CHANGES)('%s', async (change, exitCode = 0) => {
    const [pristine, times] = [listing((await shell.call('nothing')).record.before), (await shell.call('times')).stdout];
    const run = await shell.call(change);
    expect([run.exitCode, listing(run.record.before) === pristine]).toEqual([exitCode, true]);
    const next = await shell.call('nothing');
    expect(listing(next.record.before)).toBe(pristine);
    expect([...next.record.changes.keys()]).toEqual([]);
    // A new sandbox, which some of it takes, begins at the same instant.
    expect((await shell.call('times')).stdout).toBe(times);
  });

  it.each(['chown', 'chmod', 'touch', 'chown_link'])('a %s of anything is seen in that run, and in no other', async (command) => {
    const kinds = ['file', 'directory', 'fifo', 'link'];
    for (const kind of command === 'chown_link' ? ['link'] : kinds) {
      const run = await shell.call(`${command}_any`, `/srv/${kind}`);
      expect(run).toSucceed();
      const changed = command === 'touch' ? [] : command !== 'chown_link' && kind === 'link' ? ['/srv/file'] : [`/srv/${kind}`];
      expect([...run.record.changes.keys()]).toEqual(changed);
      expect([...(await shell.call('in_srv')).record.changes.keys()]).toEqual(['/srv/new']);
    }
  });
});

describe('R5: names and contents are bytes', () => {
  it('names come back as they are, those that are not UTF-8 too', async () => {
    const { changes } = (await shell.call('odd_names')).record;
    const bytes = nameOf(Buffer.from('/opt/bytes\xff\xfe/file', 'latin1'));
    for (const path of ['/opt/new\nline/file', '/opt/ blank /file', '/opt/tab\t/file', '/opt/-dash/file', '/opt/*/file', '/opt/ünïcode/file', `/opt/${'x'.repeat(255)}/file`, bytes]) {
      expect(changes.get(path)?.after).toMatchObject({ kind: 'file', content: Buffer.from('in it\n') });
    }
    const [one, two] = ['\xc3\x28', '\xc3\x29'].map((name) => changes.get(nameOf(Buffer.from(`/opt/${name}`, 'latin1')))?.after);
    expect([one, two]).toMatchObject([{ content: Buffer.from('one\n') }, { content: Buffer.from('two\n') }]);
    expect(changes.get('/opt/link')?.after).toMatchObject({ kind: 'symlink', target: nameOf(Buffer.from('target\xff', 'latin1')) });
  });

  it('such a name can be given, and is compared', async () => {
    const run = await shell.call('change_given_odd_name');
    expect(run).toHaveChangedOnly({ [ODD]: 'changed\n' });
  });

  it('a file with holes is read without filling them', async () => {
    const before = process.memoryUsage.rss();
    const entry = (await shell.call('sparse_file')).record.after.get('/opt/sparse');
    const content = entry?.kind === 'file' ? entry.content : Buffer.alloc(0);
    expect(content.length).toBe(2 ** 30);
    expect([content.indexOf('end'), content.toString('latin1', 536870912, 536870915)]).toEqual([536870912, 'end']);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300e6);
  }, 20_000);

  it('a file that no buffer can hold is an error that says so, and the next run has a new sandbox', async () => {
    await expect(shell.call('file_beyond_any_buffer')).rejects.toThrow(/^\/opt\/huge holds 8589934592 bytes, and a run can record \d+ of one file/);
    expect((await shell.call('nothing')).record.changes.size).toBe(0);
  });

  it('a time comes back that is the first of all', async () => {
    const old = defineShell({ source: ['./testdata/epoch.sh'] });
    await old.call('eval', 'echo changed >/srv/epoch');
    expect((await old.call('stat', '-c', '%y', '/srv/epoch')).stdout).toBe('1970-01-01 00:00:00.000000000 +0000\n');
  });

  it('what was changed without a trace in size and times is seen', async () => {
    expect(await shell.call('unseen_by_times')).toHaveChangedOnly({ '/srv/file': 'yyyyyy' });
  });

  it('sockets and FIFOs are told by their kind', async () => {
    const run = await shell.call('special_files');
    expect(run).toHaveChangedOnly({ '/opt/fifo': { spec: 'fifo' }, '/opt/socket': { spec: 'socket' } });
  });
});
