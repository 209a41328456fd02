import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineShell, file, symlink } from 'shellrig';
import { owners } from './owners.js';

const shell = defineShell();

/** Namespaces of a process, by kind. */
function namespacesOf(pid: number | 'self'): Record<string, string> {
  return Object.fromEntries(['user', 'mnt', 'pid', 'ipc', 'uts', 'net'].map((kind) => [kind, readlinkSync(`/proc/${pid}/ns/${kind}`)]));
}

/** Host pids of this process's descendants whose command line holds a word. */
function descendants(word: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}

describe('S1: namespaces of its own', () => {
  it('shares none with the host, and its root is nobody there', async () => {
    const mark = `shellrig-s1-${process.pid}`;
    const running = shell.call('eval', `exec -a ${mark} sleep 1`);
    await expect.poll(() => descendants(mark).length, { interval: 10 }).toBe(1);
    const [pid = 0] = descendants(mark);
    const [inside, outside] = [namespacesOf(pid), namespacesOf('self')];
    expect(Object.keys(outside).filter((kind) => inside[kind] === outside[kind])).toEqual([]);
    const uid = Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    expect(uid).not.toBe(0);
    expect((await running).exitCode).toBe(0);
  });

  it('has no right over mounts, namespaces, devices or the clock', async () => {
    const run = await defineShell({ tools: ['mount', 'unshare'] }).call('eval', 'mount -t tmpfs x /mnt; unshare -m true; mknod /dev/sda b 8 0; date -s 2020-01-01');
    expect(run.exitCode).not.toBe(0);
    expect(run.stderr.split('\n').filter((line) => /not permitted|denied|must be superuser/i.test(line))).toHaveLength(4);
  });

  it('lets no signal reach the host or the server', async () => {
    const run = await shell.call('eval', 'kill -9 1; kill -STOP 1; kill -0 1 && echo server; kill -9 0');
    expect(run.stdout).toBe('server\n');
    expect(run).toExit(137);
    expect((await shell.call('echo', 'next')).stdout).toBe('next\n');
  });
});

describe('S2: a private tree', () => {
  it.each(['/opt/bin/x', '/etc/systemd/system/x.service', '/usr/bin/x', '/usr/lib/systemd/system/x.service', '/var/lib/x/y', '/boot/x', '/x', '/sbin/x', '/lib/x'])('is writable at %s, and the host does not see it', async (path) => {
    const run = await shell.call('eval', `mkdir -p "$(dirname ${path})" && echo private > ${path}`);
    expect(run).toSucceed();
    expect(run).toHaveFile(path, 'private\n');
    expect(() => readFileSync(path)).toThrow('ENOENT');
    expect((await shell.call('test', '-e', path)).exitCode).toBe(1);
  });

  it('holds of the host only tools and their libraries, read-only', async () => {
    const run = await defineShell({ tools: ['jq'] }).call('eval', 'ls /home /root /srv; for d in /lib/*-linux-gnu /run/shellrig/host/bin; do [ -d "$d" ] && touch "$d/x" 2>/dev/null && echo "writable: $d"; done; find / -xdev -name "dpkg*" -type f; command -v jq');
    expect(run.stdout).toBe('/home:\n\n/root:\n\n/srv:\n/usr/bin/jq\n');
    expect(run.exitCode).toBe(0);
  });

  it('starts from a baseline that is no difference', async () => {
    const run = await shell.call('eval', 'readlink /bin /sbin /lib; stat -c "%a %U:%G" /tmp /root /etc/passwd; id -un; getent hosts localhost >/dev/null || grep -c localhost /etc/hosts');
    expect(run.stdout).toMatch(/^usr\/bin\nusr\/sbin\nusr\/lib\n1777 root:root\n700 root:root\n644 root:root\nroot\n/);
    expect(run).toHaveChangedOnly({});
    expect(await shell.call('rm', '/etc/hosts')).toHaveChangedOnly({ '/etc/hosts': { spec: 'removed' } });
  });

  it('takes links, modes and odd names as they are given', async () => {
    const given = shell.given({ files: { '/a/link': symlink('/nowhere'), '/a/odd name\n"x"': 'odd', '/a/secret': file('s', { mode: 0o4750 }) } });
    const run = await given.call('eval', 'cd /a; readlink link; cat odd*; stat -c %a secret');
    expect(run.stdout).toBe('/nowhere\nodd4750\n');
    expect(run).toHaveChangedOnly({});
  });
});

describe('S3: no network, no environment', () => {
  it('reaches nothing but loopback', async () => {
    const run = await shell.call('eval', 'ls /sys/class/net 2>/dev/null; cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d " "; (echo > /dev/tcp/192.0.2.1/80) 2>&1 | grep -o unreachable | uniq');
    expect(run.stdout).toBe('lo\nunreachable\n');
    expect(run.exitCode).toBe(0);
  });

  it('has a loopback that works', async () => {
    const run = await defineShell({ tools: ['perl'] }).call('eval', `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(Listen=>1,LocalAddr=>"127.0.0.1:80") or die; print "up\n"; $c=$s->accept; print $c "hello\n"' & until (exec 3<>/dev/tcp/127.0.0.1/80) 2>/dev/null; do sleep 0.01; done; wait`);
    expect(run.stdout).toBe('up\n');
  });

  it('has the declared environment and what bash itself sets', async () => {
    const run = await shell.with({ env: { DECLARED: 'a b' } }).call('env');
    const names = run.stdout.trim().split('\n').filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(names.sort()).toEqual(['DECLARED=a b', 'HOME=/root', 'LANG=C.UTF-8', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TZ=UTC']);
  });

  it('inherits no descriptor', async () => {
    const run = await shell.call('bash', '-c', 'ls /proc/self/fd');
    expect(run.stdout).toBe('0\n1\n2\n3\n');
  });
});

describe('S5: owners', () => {
  const real = owners().kind === 'range';

  it.runIf(real)('are real: chown, install -o, tar and cp keep foreign ones, and a forgotten chown shows', async () => {
    const files = { '/a': file('a', { owner: '1001:1002', mode: 0o600 }) };
    const run = await shell.given({ files }).call('eval', 'cp -a /a /b; install -o 7 -g daemon -m 4755 /a /c; tar -cf - /a /c 2>/dev/null | tar -xf - -C /mnt; cp /a /d; touch /e; chown nobody:nogroup /e');
    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      '/b': file('a', { owner: '1001:1002', mode: 0o600 }),
      '/c': file('a', { owner: '7:daemon', mode: 0o4755 }),
      '/mnt/a': file('a', { owner: '1001:1002', mode: 0o600 }),
      '/mnt/c': file('a', { owner: '7:daemon', mode: 0o4755 }),
      '/d': file('a', { owner: 'root:root' }),
      '/e': file('', { owner: 'nobody:nogroup' }),
    });
    expect(run).not.toHaveFile('/d', file('a', { owner: '1001:1002' }));
  });

  it.runIf(real)('are put back, in private directories of others too', async () => {
    const other = defineShell({ files: { '/p/secret': file('s', { owner: '1001:1001', mode: 0o600 }) } });
    const run = await other.call('eval', 'chown 1001:1001 /p; chmod 700 /p; echo changed > /p/secret; echo new > /p/new; chown 1001 /p/new; chmod 0 /p/new');
    expect(run).toHaveChangedOnly({ '/p': { spec: 'directory', mode: 0o700, owner: '1001:1001' }, '/p/secret': file('changed\n'), '/p/new': file('new\n', { owner: '1001:root', mode: 0 }) });
    const next = await other.call('stat', '-c', '%a %u %n', '/p', '/p/secret');
    expect(next.stdout).toBe('755 0 /p\n600 1001 /p/secret\n');
    expect(next).toHaveChangedOnly({});
  });

  it.runIf(!real)('are not real: chown succeeds without effect, and an expectation on one says what mends it', async () => {
    const run = await shell.call('eval', 'touch /a && chown 1001:1001 /a && stat -c %u /a');
    expect(run.stdout).toBe('0\n');
    expect(() => expect(run).toHaveFile('/a', file('', { owner: '1001:1001' }))).toThrow('owners are not real on this machine');
    expect(() => expect(run).not.toHaveFile('/a', file('', { owner: '0:0' }))).toThrow('usermod --add-subuids');
  });
});
