import { execa, execaSync } from 'execa';
import type { Found } from '../tree/scan.js';
import { HOST } from './places.js';

/**
 * Runs a host program inside a running sandbox, as its root, beside whatever runs there: how the outside world acts
 * during a run, and how the host reads what belongs to ids that are not its own.
 * nsenter joins the user namespace first, which gives all rights over the sandbox and none over the host.
 */
export async function enter(pid: number, command: readonly string[], input?: Buffer): Promise<void> {
  await execa('nsenter', enterArguments(pid, command), { ...(input ? { input } : {}), env: ENVIRONMENT, extendEnv: false });
}

/** As {@link enter}, waiting. @returns what it printed. */
export function enterSync(pid: number, command: readonly string[]): Buffer {
  const { stdout } = execaSync('nsenter', enterArguments(pid, command), {
    encoding: 'buffer', env: ENVIRONMENT, extendEnv: false, stripFinalNewline: false,
  });
  return Buffer.from(stdout as Uint8Array);
}

/** Reads a path and all below it from inside, for a host user to whom it is closed. Nothing found this way is ever taken for unchanged. */
export function readInside(pid: number, path: string): Map<string, Found> {
  const found = new Map<string, Found>();
  const listing = enterSync(pid, [`${HOST}/bin/find`, path, '-xdev', '-printf', '%y\\0%m\\0%U\\0%G\\0%l\\0%p\\0']).toString().split('\0');
  for (let at = 0; at + 6 < listing.length + 1 && listing[at]; at += 6) {
    const [type, mode = '0', uid, gid, target = '', name = ''] = listing.slice(at, at + 6);
    const rest = { mode: parseInt(mode, 8), owner: `${uid}:${gid}` };
    const key = '';
    if (type === 'f') found.set(name, { key, entry: { kind: 'file', content: enterSync(pid, [`${HOST}/bin/cat`, '--', name]), ...rest } });
    else if (type === 'd') found.set(name, { key, entry: { kind: 'directory', ...rest } });
    else if (type === 'l') found.set(name, { key, entry: { kind: 'symlink', target, ...rest } });
    else if (type === 'p') found.set(name, { key, entry: { kind: 'fifo', ...rest } });
    else found.set(name, { key, entry: { kind: type === 's' ? 'socket' : 'device', ...rest } });
  }
  return found;
}

const ENVIRONMENT = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' };

function enterArguments(pid: number, command: readonly string[]): string[] {
  return ['-t', String(pid), '-U', '-m', '-S', '0', '-G', '0', '-r', '-w', '--', ...command];
}
