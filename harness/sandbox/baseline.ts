import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { TarMember } from '../tree/tar.js';
import { CLOCK, GUARD } from './places.js';

/**
 * The tree that every sandbox starts from, all of it private and writable. It is never part of a difference, unless a
 * run changes it:
 *
 * - the directories of a fresh Linux image, with /tmp, /var/tmp, /run/lock and /dev/shm at 1777 and /root at 0700;
 * - merged /bin, /sbin, /lib and /lib64, as links into /usr; /var/run and /var/lock as links into /run;
 * - /etc: passwd and group (with the names that {@link USERS} and {@link GROUPS} list), hosts, hostname, nsswitch.conf,
 *   mtab, the loader's cache of this machine, and ld.so.preload, which loads shellrig's guard (and its clock);
 * - /etc/alternatives, empty: tools with alternatives (awk) are the program that this machine has chosen;
 * - /dev: null, zero, full, random, urandom and tty of this machine, and the links fd, stdin, stdout and stderr.
 *
 * Beside it, and no part of it: tools in /usr/bin (`tools.ts`), their libraries read-only (`libraries.ts`), /proc, and
 * shellrig's own /run/shellrig.
 * @param isVirtual whether its time is.
 */
export function baseline(isVirtual: boolean): TarMember[] {
  const members: TarMember[] = [];
  const put = (path: string, type: TarMember['type'], mode: number, rest: Partial<TarMember> = {}) =>
    members.push({ path, type, mode, uid: 0, gid: 0, ...rest });
  for (const path of DIRECTORIES) put(path, 'directory', MODES[path] ?? 0o755);
  for (const [path, target] of Object.entries(LINKS)) put(path, 'symlink', 0o777, { target });
  // On arm64 the loader's well-known name lies in /lib itself and not in a directory of its own.
  for (const loader of existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => /^ld-linux.*\.so\.\d+$/.test(name)) : []) {
    put(`/usr/lib/${loader}`, 'symlink', 0o777, { target: `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/${loader}` });
  }
  for (const [path, text] of Object.entries(FILES)) put(path, 'file', 0o644, { content: Buffer.from(text) });
  put('/etc/ld.so.preload', 'file', 0o644, { content: Buffer.from(isVirtual ? `${GUARD}\n${CLOCK}\n` : `${GUARD}\n`) });
  if (existsSync('/etc/ld.so.cache')) put('/etc/ld.so.cache', 'file', 0o644, { content: loaderCache() });
  return members;
}

/** Names of the baseline's users to their ids. */
export const USERS: ReadonlyMap<string, number> = new Map([
  ['root', 0], ['daemon', 1], ['bin', 2], ['sys', 3], ['man', 6], ['mail', 8], ['www-data', 33], ['nobody', 65534],
]);

/** Names of the baseline's groups to their ids. */
export const GROUPS: ReadonlyMap<string, number> = new Map([
  ['root', 0], ['daemon', 1], ['bin', 2], ['sys', 3], ['adm', 4], ['tty', 5], ['disk', 6], ['man', 12], ['mail', 8],
  ['sudo', 27], ['www-data', 33], ['shadow', 42], ['utmp', 43], ['staff', 50], ['nogroup', 65534],
]);

let cache: Buffer | undefined;

function loaderCache(): Buffer {
  cache ??= readFileSync('/etc/ld.so.cache');
  return cache;
}

const DIRECTORIES = [
  '/dev', '/dev/shm', '/etc', '/etc/alternatives', '/home', '/media', '/mnt', '/opt', '/root', '/run/lock', '/srv', '/tmp',
  '/usr', '/usr/bin', '/usr/include', '/usr/lib', '/usr/libexec', '/usr/local', '/usr/local/bin', '/usr/local/lib',
  '/usr/local/sbin', '/usr/local/share', '/usr/sbin', '/usr/share', '/usr/src',
  '/var', '/var/cache', '/var/lib', '/var/local', '/var/log', '/var/mail', '/var/opt', '/var/spool', '/var/tmp',
];

const MODES: Readonly<Record<string, number>> = { '/tmp': 0o1777, '/var/tmp': 0o1777, '/root': 0o700, '/run/lock': 0o1777, '/dev/shm': 0o1777 };

const LINKS: Readonly<Record<string, string>> = {
  '/bin': 'usr/bin',
  '/sbin': 'usr/sbin',
  '/var/run': '/run',
  '/var/lock': '/run/lock',
  '/etc/mtab': '/proc/self/mounts',
  '/dev/fd': '/proc/self/fd',
  '/dev/stdin': '/proc/self/fd/0',
  '/dev/stdout': '/proc/self/fd/1',
  '/dev/stderr': '/proc/self/fd/2',
};

const FILES: Readonly<Record<string, string>> = {
  '/etc/passwd': [...USERS]
    .map(([name, id]) => `${name}:x:${id}:${id}:${name}:${id === 0 ? '/root' : '/nonexistent'}:${id === 0 ? '/bin/bash' : '/usr/sbin/nologin'}\n`)
    .join(''),
  '/etc/group': [...GROUPS].map(([name, id]) => `${name}:x:${id}:\n`).join(''),
  '/etc/hosts': '127.0.0.1\tlocalhost\n::1\tlocalhost\n',
  '/etc/hostname': 'sandbox\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};
