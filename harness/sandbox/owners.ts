import { closeSync, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { execa } from 'execa';
import { installedAt } from './programs.js';

/**
 * How owners work in sandboxes of this process.
 * `range`: 65,536 ids are mapped, owners are real. `single`: only root exists; the chown family succeeds without
 * effect (a seccomp rule), and expectations on owners fail with `advice`.
 */
export type Owners =
  | { readonly kind: 'range'; readonly base: number; readonly span: number }
  | { readonly kind: 'single'; readonly advice: string };

/**
 * Sandbox id 0 for sandboxes started by root: an id that nobody has. It lies above the range that systemd gives to
 * containers (524288 to 1879048191, systemd "Users, Groups, UIDs and GIDs"), so that no process of the host runs as it.
 */
const UNUSED_ID = 1_900_000_000;
const SPAN = 65_536;

let known: Owners | undefined;

/** Finds out once how this user may map ids. */
export function owners(): Owners {
  known ??= find();
  return known;
}

function find(): Owners {
  if (process.getuid?.() === 0) return { kind: 'range', base: UNUSED_ID, span: SPAN };
  const user = userInfo();
  if (!installedAt('newuidmap') || !installedAt('newgidmap')) {
    return { kind: 'single', advice: 'newuidmap is not installed: install the package uidmap (shadow-utils elsewhere)' };
  }
  const uids = rangeOf('/etc/subuid', user.username, user.uid);
  const gids = rangeOf('/etc/subgid', user.username, user.uid);
  if (uids === undefined || gids === undefined) {
    return { kind: 'single', advice: `give this user a range of ids: sudo usermod --add-subuids 1000000-1065535 --add-subgids 1000000-1065535 ${user.username}` };
  }
  return { kind: 'range', base: uids, span: SPAN };
}

/** First id of a range of at least 65,535 that subuid(5) gives to this user. */
function rangeOf(file: string, name: string, uid: number): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  for (const line of text.split('\n')) {
    const [owner, start, count] = line.split(':');
    if ((owner === name || owner === String(uid)) && Number(count) >= SPAN - 1) return Number(start);
  }
  return undefined;
}

let namespace: Promise<number> | undefined;

/**
 * A descriptor of a user namespace with the whole range mapped, made once per process: bubblewrap maps one id, a
 * namespace that is handed over may map as many as its maker was allowed to.
 * @throws Error when the machine forbids user namespaces; `shellrig doctor` says why.
 */
export function userNamespace(): Promise<number> {
  namespace ??= makeNamespace();
  return namespace;
}

async function makeNamespace(): Promise<number> {
  const isRoot = process.getuid?.() === 0;
  // The holder lives until its maps are written and a descriptor is open; it ends with its standard input.
  const holder = execa('unshare', ['--user', 'sh', '-c', 'echo; read -r _'], {
    stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: { stderr: true }, reject: false,
    ...(isRoot ? { uid: UNUSED_ID, gid: UNUSED_ID, cwd: '/' } : {}),
  });
  const ready = await Promise.race([
    new Promise<boolean>((resolve) => holder.stdout.once('data', () => resolve(true))),
    holder.then(() => false),
  ]);
  if (!ready || holder.pid === undefined) {
    throw new Error(`user namespaces cannot be made on this machine: ${(await holder).stderr.trim()}; run \`npx shellrig doctor\` for the reason and the remedy`);
  }
  if (isRoot) {
    for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${holder.pid}/${map}`, `0 ${UNUSED_ID} ${SPAN}\n`);
  } else {
    const user = userInfo();
    const uids = rangeOf('/etc/subuid', user.username, user.uid);
    const gids = rangeOf('/etc/subgid', user.username, user.uid);
    const map = (tool: string, own: number, start: number | undefined) =>
      execa(tool, [holder.pid, 0, own, 1, 1, start, SPAN - 1].map(String));
    await Promise.all([map('newuidmap', user.uid, uids), map('newgidmap', user.gid, gids)]);
  }
  const descriptor = openSync(`/proc/${holder.pid}/ns/user`, 'r');
  if (readlinkSync(`/proc/self/fd/${descriptor}`) === readlinkSync('/proc/self/ns/user')) {
    closeSync(descriptor);
    throw new Error('shellrig bug: the holder of the user namespace never left the host\'s');
  }
  holder.stdin.end();
  return descriptor;
}

/** The uid and gid that bubblewrap is started with: an unused id for root, so that the map itself is the drop. */
export function startAs(): { uid: number; gid: number } | undefined {
  return process.getuid?.() === 0 ? { uid: UNUSED_ID, gid: UNUSED_ID } : undefined;
}

/** An owner as the host sees it, to the id that the sandbox sees. */
export function insideId(hostId: number): number {
  const how = owners();
  if (how.kind === 'single') return 0;
  if (process.getuid?.() === 0) return hostId >= how.base && hostId < how.base + how.span ? hostId - how.base : 65_534;
  if (hostId === process.getuid?.() || hostId === process.getgid?.()) return 0;
  return hostId >= how.base && hostId < how.base + how.span ? hostId - how.base + 1 : 65_534;
}
