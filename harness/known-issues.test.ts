import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import { defineShell, directory, exits, file, fileFrom, handle, returns, type EntrySpec, type Run, type ShellOptions } from 'shellrig';
import { atomicReplacement, boundedWaiting, changesOnlyUnder, idempotence, noLeftovers, noSecrets } from 'shellrig/invariants';

/** Each entry of docs/known-issues.md on what a script meets, by its heading, to what it says. */
const ENTRIES: Record<string, () => Promise<void>> = {
  'Commands that do not exist, called by `make`, by a static program, or by busybox\'s `sh`': async () => {
    const shell = defineShell({ tools: ['busybox', ...installed('make')], files: { '/srv/Makefile': 'all:\n\tfound\n\tnope\n' }, stubs: { found: exits(0) } });
    const inBusybox = await shell.call('busybox', 'sh', '-c', 'found; nope');
    expect(inBusybox).toExit(127);
    expect(inBusybox).toHaveCalledTimes('found', 1);
    if (installed('make').length > 0) {
      const made = await shell.call('make', '-C', '/srv');
      expect(made).toExit(2);
      expect(made).toHaveCalledTimes('found', 1);
    }
    if (installed('gcc').length > 0) {
      const run = await defineShell({ files: { '/srv/static': compiled() }, stubs: { found: exits(0) } }).call('/srv/static', 'found', 'nope');
      expect(run).toSucceed();
      expect(run.calls('found')).toMatchObject([{ site: undefined }]);
    }
  },
  'A stub that the script replaces': async () => {
    const run = await evaluate('install -m 755 /srv/new /usr/bin/tool; tool', { files: { '/srv/new': script('echo new') }, stubs: { tool: returns('stub\n') } });
    expect(run.stdout).toBe('new\n');
    expect(() => { expect(run).not.toHaveCalled('tool'); }).toThrow(/met \/usr\/bin\/tool instead/);
    expect(run).toHaveChangedOnly({ '/usr/bin/tool': file(/echo new/) });
    const other = await evaluate('install -m 755 /usr/bin/true /usr/bin/tool; tool', { stubs: { tool: returns('stub\n') } });
    expect(other).not.toHaveCalled('tool');
  },
  'A command that would have read standard input': async () => {
    const text = 'while read -r host; do ssh "$host"; done </srv/list';
    const files = { '/srv/list': 'a\nb\n' };
    expect(await evaluate(text, { files, stubs: { ssh: exits(0) } })).toHaveCalledTimes('ssh', 2);
    expect(await evaluate(text, { files, stubs: { ssh: exits(0).readsStdin() } })).toHaveCalledTimes('ssh', 1);
  },
  'Errors of bash that the script hides': async () => {
    const run = await evaluate('set -u; { ls "$UNSET"; } 2>/dev/null');
    expect(run.exitCode).not.toBe(0);
    expect(run.stderr).toBe('');
  },
  'Calls of builtins': async () => {
    await expect(defineShell({ stubs: { cd: exits(0) } }).call('true')).rejects.toThrow('`cd` is a builtin of bash');
    expect(await evaluate('/usr/bin/kill -0 1', { stubs: { '/usr/bin/kill': exits(4) } })).toExit(4);
  },
  'What scripts do while they are sourced': async () => {
    const script = './shell/testdata/top-level.sh';
    const stubs = { systemctl: exits(0) };
    const run = await defineShell({ source: [script], stubs }).call('true');
    expect(run).toHaveChangedOnly({});
    expect(run).not.toHaveCalled('systemctl');
    const sourced = await defineShell({ stubs }).source(script);
    expect(sourced).toHaveChangedOnly({ '/etc/top': 'x\n' });
    expect(sourced).toHaveCalled('systemctl', 'stop', 'all');
    expect(sourced.stderr).toBe('token\n');
  },
  'Times, links between files, and extended attributes': async () => {
    const run = await evaluate('touch -d 2001-01-01 /srv/a; ln /srv/a /srv/b', { files: { '/srv/a': 'a' } });
    expect(run).toHaveChangedOnly({ '/srv/b': 'a' });
  },
  'Scripts of other shells, and of `bash -p` or `bash --posix`, line by line': async () => {
    const shell = defineShell({ stubs: { found: exits(0) } });
    const run = await shell.given({ files: { '/srv/x': file('#!/bin/sh\nfound\n', { mode: 0o755 }) } }).exec('/srv/x');
    expect(run.record.steps).toEqual([]);
    expect(run.calls('found')).toMatchObject([{ site: undefined }]);
    await expect(shell.given({ files: { '/srv/y': file('#!/bin/sh\nnope\n', { mode: 0o755 }) } }).exec('/srv/y')).rejects.toMatchObject({ code: 'undeclared-command' });
    const privileged = await shell.given({ files: { '/srv/z': file('#!/bin/bash -p\nfound\nnope 2>/dev/null || :\n', { mode: 0o755 }) } }).exec('/srv/z');
    expect(privileged).toSucceed();
    expect(privileged.record.steps).toEqual([]);
    expect(privileged).toHaveCalledTimes('found', 1);
  },
  'Undeclared commands of a script that handles them': async () => {
    const run = await defineShell({ files: { '/srv/x': script('command_not_found_handle() { echo "no $1"; }\nnope') } }).exec('/srv/x');
    expect(run).toSucceed();
    expect(run.stdout).toBe('no nope\n');
  },
  'Secrets that `noSecrets` does not see': async () => {
    const options = { env: { API_TOKEN: 'tk-Zq9-aB3dE5' }, files: { '/root/token': file('of-a-file-1', { mode: 0o600 }) } };
    const shell = defineShell({ ...options, invariants: [noSecrets()] });
    const unseen = ['echo "$API_TOKEN" >/etc/f; chmod 600 /etc/f', 'f() { local own_token=$(cat /root/token); echo "$own_token"; }; f', 'echo "$API_TOKEN" | gzip >/etc/f', 'echo "${API_TOKEN^^}"', 'echo "${API_TOKEN:0:6} ${API_TOKEN:6}"'];
    for (const text of unseen) expect(await shell.call('eval', text)).toHold(noSecrets());
    const argument = 'env T="$API_TOKEN" true; echo 0815';
    expect(await shell.call('eval', argument)).not.toHold(noSecrets());
    expect(await evaluate(argument, options)).toHold(noSecrets());
    expect(await shell.call('eval', 'echo 0815')).not.toHold(noSecrets({ values: ['0815'] }));
  },
  'Temporary files that `noLeftovers` does not know': async () => {
    const text = 'cp /srv/f /srv/f.orig; touch /srv/f.fetched; mktemp -d /srv/build-XXXX';
    const run = await evaluate(text, { files: { '/srv/f': 'f' } });
    expect(run).toHold(noLeftovers());
    expect(run).not.toHold(changesOnlyUnder([]));
    expect(await evaluate(text, { files: { '/srv/f': 'f' }, invariants: [noLeftovers()] })).not.toHold(noLeftovers());
  },
  'Waits that `boundedWaiting` counts beside each other': async () => {
    const waits = (text: string) => evaluate(text, { stubs: { sleep: exits(0) } });
    expect(await waits('mkfifo /srv/p; { sleep 20; echo x >/srv/p; } & read -r x </srv/p; sleep 20; :')).toHold(boundedWaiting({ within: '30s' }));
    expect(await waits('sleep 20 & wait; sleep 20; :')).not.toHold(boundedWaiting({ within: '30s' }));
  },
  'What `atomicReplacement` takes for what it is not': async () => {
    if (installed('python3').length === 0) return;
    const shell = defineShell({ tools: ['python3'], files: { '/srv/f': 'old', '/srv/new': 'new' }, invariants: [atomicReplacement('/srv/f')] });
    const exchange = (one: string, other: string) => shell.call('python3', '-c', `import ctypes; ctypes.CDLL(None).renameat2(-100, b'${one}', -100, b'${other}', 2)`);
    expect(await exchange('/srv/new', '/srv/f')).toHold(atomicReplacement('/srv/f'));
    expect(await exchange('/srv/f', '/srv/new')).not.toHold(atomicReplacement('/srv/f'));
  },
  'The kernel is this machine\'s': async () => {
    const run = await evaluate('uname -r; ls -d /sys /boot; echo x >/proc/sys/kernel/hostname');
    expect(run.stdout).toBe(execaSync('uname', ['-r'], { stripFinalNewline: false }).stdout);
    expect(run.stderr).toMatch(/'\/sys': No such file[^]*'\/boot': No such file[^]*Read-only file system/);
    expect(run).toExit(1);
  },
  'No mounts, no devices, no chroot': async () => {
    const run = await evaluate('mount -t tmpfs none /mnt; mknod /srv/disk b 8 0; chroot /; unshare -m true; stat -f -c "%T" / /dev/shm; df -k --output=size / | tail -1', { tools: ['mount', 'chroot', 'unshare'] });
    expect(run.stderr).toMatch(/mount: .*permission denied[^]*mknod: .*not permitted[^]*chroot: .*not permitted[^]*unshare: .*not permitted/);
    expect(run.stdout).toBe('tmpfs\ntmpfs\n    62500\n');
  },
  'No systemd, no D-Bus, no daemons': async () => {
    expect((await evaluate('cat /proc/1/comm')).stdout).toBe('bash\n');
    const limits = { background: '50ms' };
    await expect(evaluate('setsid sleep 30 &', { limits })).rejects.toMatchObject({ code: 'leftover-process' });
    expect(await evaluate('setsid sleep 30 &', { limits, allow: { leftovers: ['sleep'] } })).toSucceed();
  },
  'No network but loopback': async () => {
    const run = await evaluate('curl -sS https://example.org', { tools: ['curl'] });
    expect(run).toExit(6);
    expect(run.stderr).toContain('Could not resolve host');
  },
  'Devices stay': async () => {
    const run = await evaluate('rm /dev/null; chmod 600 /dev/null; echo x >/srv/x; mv /srv/x /dev/null; nice -n -5 true', { files: { '/srv/': directory() } });
    expect(run.stderr).toMatch(/^rm: .*busy\nchmod: .*not permitted\nmv: .*busy\nnice: .*denied\n$/);
  },
  'Setuid bits have no effect': async () => {
    const run = await evaluate('install -m 4755 /usr/bin/id /opt/id; setpriv --reuid 1001 --clear-groups /opt/id -u || true');
    expect(run).toHaveFile('/opt/id', file(undefined, { mode: 0o4755 }));
    expect(run.stdout).not.toBe('0\n');
  },
  'Root, and users of no home': async () => {
    const run = await evaluate('id -u; ls -A /home; getent passwd 1000');
    expect(run).toExit(2);
    expect(run.stdout).toBe('0\n');
  },
  'No terminal': async () => {
    const run = await evaluate('[ -t 0 ]; echo $?; read -rp "Name? " name; tty; ls /dev/pts; stty');
    expect(run).toExit(1);
    expect(run.stdout).toBe('1\nnot a tty\n');
    expect(run.output).not.toContain('Name?');
    expect(run.stderr).toContain("'/dev/pts': No such file");
  },
  'Time is virtual': async () => {
    const run = await evaluate('sleep 0.2; date +%Y', { clock: 'real' });
    expect(run.record.duration).toBeGreaterThanOrEqual(200);
    expect(Number(run.stdout)).toBe(new Date().getUTCFullYear());
    const virtual = await evaluate('one=$EPOCHREALTIME; slow; [[ $one == "$EPOCHREALTIME" ]] && read -r up _ </proc/uptime; sleep 3600; read -r more _ </proc/uptime; ((${more%.*} - ${up%.*} < 3000)) && echo $SECONDS', {
      stubs: { slow: handle(() => new Promise((resolve) => setTimeout(() => resolve(0), 30))) },
    });
    expect(virtual.stdout).toBe('3600\n');
    expect((await evaluate('date +%F', {})).stdout).toBe('2030-01-01\n');
    const again = await evaluate('[ -e /srv/old ] || touch -d 2029-01-01 /srv/old; stat -c "%Y %Z" /srv/old; echo $((EPOCHSECONDS - STARTED))', { files: { '/srv/': directory() }, env: { STARTED: '1893456000' }, invariants: [idempotence()] });
    expect(again.record.again?.stdout.toString()).toBe('1893456000 1893542400\n86400\n');
    await expect(evaluate('(sleep 5; : >/tmp/x) & until [ -e /tmp/x ]; do :; done', { limits: { time: '500ms' } })).rejects.toMatchObject({ code: 'limit-time' });
  },
  'A tool comes alone': async () => {
    const run = await evaluate('openssl version; ls /etc/ssl /usr/lib/ssl', { tools: ['openssl'] });
    expect(run).toExit(2);
    expect(run.stdout).toMatch(/^OpenSSL/);
  },
  'Tools are links': async () => {
    const text = 'readlink -f /usr/bin/grep; [ -L /usr/bin/grep ] && echo link; find /usr/bin -type f -name grep; echo x >/usr/bin/grep';
    const run = await evaluate(text);
    expect(run.stdout).toMatch(/^\/run\/shellrig\/\S+\/grep\nlink\n$/);
    expect(run.stderr).toContain('/usr/bin/grep: Read-only file system');
    expect(run).toExit(1);
    expect(await evaluate('install -m 755 /srv/new /usr/bin/grep; grep', { files: { '/srv/new': script('echo new') } })).toPrint('new\n');
    const given = await evaluate(text, { files: { '/usr/bin/grep': fileFrom('/usr/bin/grep', { mode: 0o755 }) } });
    expect(given.stdout).toBe('/usr/bin/grep\n/usr/bin/grep\n');
    expect(given).toSucceed();
  },
  'One language': async () => {
    const run = await evaluate('LANG=de_DE.UTF-8 ls /nope');
    expect(run).toExit(2);
    expect(run.stderr).toContain('No such file or directory');
  },
  'Scripts are read-only, at paths of shellrig\'s': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shellrig-known-'));
    try {
      const path = join(folder, 'run.sh');
      execaSync('tee', [path], { input: '#!/bin/bash\necho "$0"; echo x >"${0%/*}/state"\n' });
      const host = await defineShell().exec(path);
      expect(host).toExit(1);
      expect(host.stdout).toMatch(/^\/run\/shellrig\/scripts\/.*\/run\.sh\n$/);
      expect(host.stderr).toContain('Read-only file system');
      const own = await defineShell().given({ files: { '/opt/app/run.sh': fileFrom(path, { mode: 0o755 }) } }).exec('/opt/app/run.sh');
      expect(own).toSucceed();
      expect(own).toHaveChangedOnly({ '/opt/app/state': 'x\n' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  'What recording leaves visible': async () => {
    const run = await evaluate('echo $-; declare -F | grep -c _rig_; trap "echo last" DEBUG; trap \'echo "$BASH_COMMAND"\' EXIT');
    expect(run.stdout).toMatch(/^\w*T\n\d+\n[^]*last[^]*builtin/);
    const whole = await defineShell({ files: { '/srv/x': script('trap \'echo "$BASH_COMMAND"\' EXIT\nfalse') } }).exec('/srv/x');
    expect(whole).toExit(1);
    expect(whole.stdout).toBe('false\n');
  },
  'Names of files that are not UTF-8': async () => {
    const run = await evaluate("mv /srv/$'\\xfe' /srv/$'\\xff'", { files: { '/srv/\udcfe': 'x' } });
    expect(run).toSucceed();
    expect([...run.record.changes.keys()].sort()).toEqual(['/srv/\udcfe', '/srv/\udcff']);
    expect(Buffer.from(run.effects()).toString()).toContain('/srv/\uFFFD');
  },
  'Arrays with holes': async () => {
    const run = await evaluate('a=([3]=x [7]=y); declare -p a');
    expect(run.variable('a')).toEqual(['x', 'y']);
    expect(run.stdout).toBe('declare -a a=([3]="x" [7]="y")\n');
  },
  'Temporary names in `effects()`': async () => {
    const run = await evaluate('found "$(mktemp)" "$(mktemp /tmp/app-XXXXXX)"', { stubs: { found: exits(0) } });
    expect(run.effects()).toMatch(/found \/tmp\/tmp\.XXXXXXXXXX \/tmp\/app-(?!XXXXXX)\w{6}\n/);
  },
  'Standard output and standard error in one': async () => {
    const run = await evaluate('for i in 1 2 3; do echo out $i; echo err $i >&2; done');
    expect([run.stdout, run.stderr]).toEqual(['out 1\nout 2\nout 3\n', 'err 1\nerr 2\nerr 3\n']);
    expect(run.output.split('\n').sort()).toEqual(['', 'err 1', 'err 2', 'err 3', 'out 1', 'out 2', 'out 3']);
  },
};

describe('docs/known-issues.md', () => {
  it('is true in each entry, where it runs at all (of machines on which it does not, doctor.test.ts knows)', () => {
    const [text = ''] = readFileSync(new URL('../docs/known-issues.md', import.meta.url), 'utf8').split('## Where shellrig does not run');
    expect([...text.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)).toEqual(Object.keys(ENTRIES));
  });

  it.each(Object.entries(ENTRIES))('%s', async (_, entry) => {
    await expect(entry()).resolves.toBeUndefined();
  });
});

function evaluate(text: string, options: ShellOptions = {}): Promise<Run> {
  return defineShell(options).call('eval', text);
}

function script(text: string): EntrySpec {
  return file(`#!/bin/bash\n${text}\n`, { mode: 0o755 });
}

/** The program, if this machine has it. */
function installed(program: string): string[] {
  return existsSync(`/usr/bin/${program}`) ? [program] : [];
}

/** A static program that calls each of its arguments. */
function compiled(): EntrySpec {
  const folder = mkdtempSync(join(tmpdir(), 'shellrig-static-'));
  try {
    const input = '#include <unistd.h>\n#include <sys/wait.h>\nint main(int n, char **a) { while (*++a) { if (!fork()) { execlp(*a, *a, (char *)0); _exit(127); } wait(0); } return 0; }\n';
    execaSync('gcc', ['-static', '-x', 'c', '-o', `${folder}/static`, '-'], { input });
    return fileFrom(`${folder}/static`, { mode: 0o755 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
