import { dirname } from 'node:path';
import { execa, execaSync } from 'execa';
import { bytesOf, nameOf, pathOf } from '../tree/names.js';
import { TooBigError, type Found } from '../tree/scan.js';
import type { Namespaces } from './namespaces.js';
import { keepsGroups } from './owners.js';
import { HOST, MEMORY } from './places.js';
import { installedAt } from './programs.js';

/**
 * Runs a program inside a running sandbox, as its root, beside whatever runs there: how the outside world acts
 * during a run. It has all rights over the sandbox and none over the host, and no signal from inside reaches it.
 * @param command a program by its path in the sandbox, and its arguments.
 * @throws ExecaError when it fails.
 */
export async function enter(namespaces: Namespaces, command: readonly string[], input?: Buffer): Promise<void> {
  const [program, args] = entering(namespaces, command);
  await execa(program, args, { ...(input ? { input } : { stdin: 'ignore' as const }), ...CLEAN });
}

/**
 * Reads a path and all below it from inside, for a host user to whom it is closed. Nothing found this way is ever
 * taken for unchanged.
 */
export function readInside(namespaces: Namespaces, path: string): Map<string, Found> {
  const starts = path === '' ? ['/', MEMORY] : [wordFor(path)];
  const fields = splitAtNul(output(namespaces, [`${HOST}/bin/find`, ...starts, '-xdev', '-printf', '%D\\0%y\\0%m\\0%U\\0%G\\0%s\\0%l\\0%p\\0']));
  const lines = Array.from({ length: fields.length / 8 }, (_, index) => fields.slice(index * 8, index * 8 + 8).map(nameOf));
  const devices = new Set(lines.filter((line) => starts.includes(line[7] as string)).map(([device]) => device));
  // What else is mounted into the tree is no part of it, nor is the root directory.
  const entries = lines.filter(([device, , , , , , , name]) => devices.has(device) && name !== '/').map((line) => line.slice(1));
  const bytes = entries.reduce((sum, [type, , , , size]) => sum + (type === 'f' ? Number(size) : 0), 0);
  if (bytes > MOST_BYTES) throw new TooBigError(path, bytes, MOST_BYTES);
  const files = entries.filter(([type]) => type === 'f').map(([, , , , , , name]) => bytesOf(`${name}\0`));
  const contents = output(namespaces, [`${HOST}/bin/xargs`, '-0', '-r', `${HOST}/bin/cat`, '--'], Buffer.concat(files));
  const found = new Map<string, Found>();
  let at = 0;
  for (const [type = '', mode = '', uid, gid, size, target = '', name = ''] of entries) {
    const rest = { mode: parseInt(mode, 8), owner: `${uid}:${gid}` };
    if (type === 'f') {
      found.set(name, { key: '', entry: { kind: 'file', content: contents.subarray(at, at + Number(size)), ...rest } });
      at += Number(size);
    } else if (type === 'l') {
      found.set(name, { key: '', entry: { kind: 'symlink', target, ...rest } });
    } else {
      found.set(name, { key: '', entry: { kind: KINDS[type] ?? 'device', ...rest } });
    }
  }
  return found;
}

/** A program's arguments are text here: for a name that is none, the nearest directory whose name is. */
function wordFor(path: string): string {
  let word = path || '/';
  while (typeof pathOf(word) !== 'string') word = dirname(word);
  return word;
}

const KINDS: Readonly<Record<string, 'directory' | 'fifo' | 'socket'>> = { d: 'directory', p: 'fifo', s: 'socket' };

/** What one answer of a program may be. */
const MOST_BYTES = 2 ** 30;

/** Milliseconds; a read is a matter of some, and the host waits meanwhile. */
const PATIENCE = 20_000;

const CLEAN = { env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' }, extendEnv: false } as const;

function output(namespaces: Namespaces, command: readonly string[], input = Buffer.alloc(0)): Buffer {
  const [program, args] = entering(namespaces, command);
  const { stdout } = execaSync(program, args, { input, encoding: 'buffer', stripFinalNewline: false, maxBuffer: 2 * MOST_BYTES, timeout: PATIENCE, ...CLEAN });
  return Buffer.from(stdout.buffer, stdout.byteOffset, stdout.length);
}

/** The program and arguments that run a command in namespaces; it waits for the command, which is its only child. */
export function entering({ user, mount, pid }: Namespaces, command: readonly string[]): [program: string, args: string[]] {
  const descriptor = (number: number) => `/proc/${process.pid}/fd/${number}`;
  const identity = keepsGroups() ? ['--preserve-credentials'] : ['-S', '0', '-G', '0'];
  return [installedAt('nsenter') as string, [`--user=${descriptor(user)}`, `--mount=${descriptor(mount)}`, `--pid=${descriptor(pid)}`, ...identity, '--', ...command]];
}

function splitAtNul(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0, nul = bytes.indexOf(0); nul !== -1; start = nul + 1, nul = bytes.indexOf(0, start)) parts.push(bytes.subarray(start, nul));
  return parts;
}
