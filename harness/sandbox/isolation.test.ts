import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineShell, handle } from 'shellrig';
import { libraryDirectories } from './libraries.js';
import { SCRIPTS } from './places.js';
import { installedAt } from './programs.js';
import { DEFAULT_TOOLS } from './tools.js';

const LOOKS = './testdata/looks.sh';
const shell = defineShell({ source: [LOOKS], tools: ['mount', 'umount'] });

describe('S1: a sandbox has namespaces of its own, and its root is nobody outside', () => {
  it('has none of the host\'s user, mount, pid, ipc, uts and net namespaces', async () => {
    const inside = (await shell.call('namespaces')).stdout.trim().split('\n');
    const outside = new Set(['user', 'mnt', 'pid', 'ipc', 'uts', 'net'].map((kind) => readlinkSync(`/proc/self/ns/${kind}`)));
    expect(inside).toHaveLength(6);
    expect(inside.filter((namespace) => outside.has(namespace))).toEqual([]);
  });

  it('has a root that is not the host\'s, with rights over its own files only', async () => {
    const identity = (await shell.call('identity')).stdout;
    expect(identity).toMatch(/^Uid:\t0\t0\t0\t0$/m);
    expect(identity).toMatch(/^NoNewPrivs:\t1$/m);
    // chown, dac_override, fowner, fsetid, kill, setgid, setuid, net_bind_service: capabilities(7), linux/capability.h.
    expect(identity).toMatch(/^CapEff:\t00000000000004fb$/m);
    expect(identity).toMatch(/^CapPrm:\t00000000000004fb$/m);
  });

  it('runs every process as an id that is not the host\'s root', async () => {
    const ids: string[] = [];
    const seen = handle(() => {
      for (const pid of processesWith('SEEN_FROM_OUTSIDE=yes')) ids.push(...idsOf(pid));
    });
    const watched = shell.with({ env: { SEEN_FROM_OUTSIDE: 'yes' }, stubs: { 'look-from-outside': seen } });
    expect((await watched.call('look-from-outside')).exitCode).toBe(0);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).not.toBe('0');
    expect(ids.length).toBeGreaterThanOrEqual(2);
  });

  it.each(['mount_something', 'unmount_something', 'make_a_device', 'set_the_clock', 'change_the_kernel'])('refuses to %s', async (attempt) => {
    const run = await shell.call(attempt);
    expect(run.exitCode).not.toBe(0);
    expect(run.stderr).toMatch(/not permitted|permission denied|Read-only file system|must be superuser/i);
  });
});

describe('S2: the whole tree is private and writable', () => {
  it('at the scripts\' own absolute paths', async () => {
    const run = await shell.call('write_everywhere');
    expect([run.stdout, run.stderr]).toEqual(['', '']);
    expect(run.file('/usr/lib/systemd/system/x').text).toBe('text\n');
    // Merged /bin, /sbin and /lib: one file by two names.
    expect(['/usr/bin/y', '/usr/sbin/y', '/usr/lib/y'].map((path) => run.file(path).text)).toEqual(['text\n', 'text\n', 'text\n']);
    expect((await shell.call('ls', '/')).stdout).not.toMatch(/^x$/m);
  });

  it('tools included, and the next run has them back', async () => {
    expect((await shell.call('replace_a_tool')).stdout).toBe('mine\n');
    expect((await shell.given({ stdin: 'one\ntwo\n' }).call('tac')).stdout).toBe('two\none\n');
  });

  it('and of the host only tools and libraries are seen', async () => {
    const run = await shell.call('programs_in_sight');
    const programs = run.stdout.trim().split('\n')
      .filter((path) => ![...libraryDirectories(), SCRIPTS].some((directory) => path.startsWith(`${directory}/`))).map((path) => basename(path));
    const tools = new Set([...DEFAULT_TOOLS, ...DEFAULT_TOOLS.flatMap((name) => realNames(name)), 'mount', 'umount']);
    expect(programs.filter((name) => !tools.has(name) && !['stub', 'guard.so'].includes(name))).toEqual([]);
    expect(programs).toContain('bash');
  });

  it('and what is the host\'s is read-only', async () => {
    const run = await shell.call('write_to_the_host');
    expect([run.exitCode, run.stdout]).toEqual([0, '']);
  });

  it('with a baseline that is documented, and no part of any difference', async () => {
    const run = await shell.call('true');
    expect(run.record.changes.size).toBe(0);
    const modes = ['/tmp', '/var/tmp', '/dev/shm', '/root', '/usr/bin'].map((path) => run.record.after.get(path)?.mode.toString(8));
    expect(modes).toEqual(['1777', '1777', '1777', '700', '755']);
    const links = ['/bin', '/sbin', '/lib', '/var/run', '/dev/stdout'].map((path) => run.record.after.get(path));
    expect(links.map((entry) => entry?.kind === 'symlink' && entry.target)).toEqual(['usr/bin', 'usr/sbin', 'usr/lib', '/run', '/proc/self/fd/1']);
    for (const path of ['/etc/passwd', '/etc/group', '/etc/hosts', '/etc/nsswitch.conf', '/etc/hostname']) expect(run.file(path).text).toMatch(/\n$/);
    expect((await shell.call('id', 'www-data')).stdout).toBe('uid=33(www-data) gid=33(www-data) groups=33(www-data)\n');
    expect((await shell.call('awk', 'BEGIN { print 6 * 7 }')).stdout).toBe('42\n');
  });
});

describe('S3: no network but loopback, and nothing of the host\'s environment', () => {
  it('lets processes speak on loopback', async () => {
    expect((await shell.call('speak_on_loopback')).stdout).toBe('heard hello\n');
    expect((await shell.call('interfaces')).stdout).toBe('lo\n');
  });

  it('lets nothing out', async () => {
    const run = await shell.call('speak_to_the_world');
    expect(run.stdout).toBe('');
    expect(run.stderr.trim().split('\n').filter((line) => !line.endsWith('Network is unreachable'))).toEqual([]);
  });

  it.each(['environment_of_a_program', 'environment_of_a_child'])('has an %s that is empty but for what is declared', async (look) => {
    const { stdout } = await shell.with({ env: { DECLARED: 'yes' } }).given({ env: { GIVEN: 'too' } }).call(look);
    const own = /^(PWD=\/|SHLVL=\d|_=.*)$/;
    expect(stdout.trim().split('\n').filter((line) => !own.test(line)).sort()).toEqual([
      'DECLARED=yes', 'GIVEN=too', 'HOME=/root', 'LANG=C.UTF-8', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TZ=UTC',
    ]);
  });

  it('leaves no descriptor open but the three', async () => {
    expect((await shell.call('descriptors_of_a_program')).stdout).toBe('0\n1\n2\n3\n');
    expect((await shell.call('descriptors_of_bash')).stdout).toBe('0\n1\n2\n');
  });
});

/** Host pids of processes whose environment holds a line. */
function processesWith(line: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(line);
    } catch {
      return false;
    }
  });
}

/** The four user ids that a host process has: real, effective, saved, of file access. */
function idsOf(pid: number): string[] {
  return /^Uid:\t(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]?.split('\t') ?? [];
}

/** What a name of the host leads to: awk is mawk on one machine, gawk on the next. */
function realNames(name: string): string[] {
  try {
    const target = readlinkSync(`/usr/bin/${name}`);
    return [basename(target), ...(target.startsWith('/etc/alternatives/') ? [basename(readlinkSync(target))] : [])];
  } catch {
    return [];
  }
}

describe('a locale', () => {
  const packs = readdirSync('/usr/lib/locale').join() === 'C.utf8' && installedAt('localedef') !== undefined;

  it.runIf(packs)('is packed for the programs of a sandbox, which know the same by it (skipped where the host has others than C.utf8)', async () => {
    const run = await shell.call('eval', 'ls /usr/lib/locale; text=äÖ; echo "${#text} ${text,,}"; printf "%s\\n" b ä B | sort; echo ä | grep -c "^.$"');
    expect(run).toSucceed();
    expect(run.stdout).toBe('C.utf8\nlocale-archive\n2 äö\nB\nb\nä\n1\n');
    expect(readdirSync('/usr/lib/locale')).toEqual(['C.utf8']);
  });
});
