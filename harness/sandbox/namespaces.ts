import { closeSync, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { execa } from 'execa';
import { clockLibrary, guardLibrary } from './guard/guard.js';
import { keepsGroups, owners, refuseRange, startAs } from './owners.js';
import { installedAt } from './programs.js';
import { defaultPrograms } from './tools.js';

/**
 * The namespaces that every sandbox of this process starts from, held open by descriptors. Process 1 of the pid
 * namespace ends when this process does, however that ends, and the kernel then ends all that was started in it.
 */
export interface Namespaces {
  /** Descriptor of the user namespace: in it, sandbox ids are mapped to ids of the host. */
  readonly user: number;
  /** Descriptor of the mount namespace: the host's tree, and copies of the default tools in {@link PREPARED}. */
  readonly mount: number;
  /** Descriptor of the pid namespace, in which each sandbox has a further one. */
  readonly pid: number;
}

/** The same, as they are made. */
export interface SharedNamespaces extends Namespaces {
  /** Ends processes in the pid namespace whose own parents have ended, again and again until something has come to pass. */
  endOrphansUntil(done: Promise<unknown>): void;
}

/** Where the mount namespace has the copies. Every Linux has the directory, and nothing that a sandbox needs lies in it. */
export const PREPARED = '/run/host';

/** The programs without which there is no sandbox, beside bubblewrap. */
const NEEDED = ['unshare', 'nsenter', 'mount', 'setpriv', 'bash'];

let made: Promise<SharedNamespaces> | undefined;

/**
 * Makes the namespaces, once in each process, and anew when something ended them.
 * @throws Error when the machine forbids user namespaces or lacks a program; `shellrig doctor` tells more.
 */
export function namespaces(): Promise<SharedNamespaces> {
  made ??= make(() => { made = undefined; });
  return made;
}

async function make(onEnd: () => void): Promise<SharedNamespaces> {
  for (const name of NEEDED) {
    if (!installedAt(name)) throw new Error(`${name} is not installed, and no sandbox starts without it: install the package ${name === 'bash' ? name : 'util-linux'} (\`npx shellrig doctor\` lists all that is needed)`);
  }
  // As text: the user that runs it may not read this package.
  const script = readFileSync(new URL('bash/prepare.sh', import.meta.url), 'utf8');
  const programs = [...defaultPrograms(), installedAt('mount') as string];
  const holder = execa('unshare', ['--user', '--mount', '--propagation', 'slave', '--pid', '--fork', 'bash', '-c', script, 'prepare.sh', ...programs], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'], buffer: { stdout: false, stderr: true }, reject: false,
    cwd: '/', env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }, extendEnv: false, ...startAs(),
  });
  const { pid = 0, stdin, stdout, stderr } = holder;
  const libraries = [[holder.stdio[3] as unknown as Writable, guardLibrary()], [holder.stdio[4] as unknown as Writable, clockLibrary()]] as const;
  stdin.on('error', () => {});
  for (const [stream, path] of libraries) stream.on('error', () => {}).end(readFileSync(path));
  const failure = async () => {
    stdin.end();
    const reason = (await holder).stderr.trim() || 'unshare gave no reason';
    return new Error(`a sandbox cannot be made on this machine: ${reason}\nRun \`npx shellrig doctor\` for the reason and the remedy.`);
  };
  const said = createInterface({ input: stdout })[Symbol.asyncIterator]();
  if ((await said.next()).value !== 'made') throw await failure();
  const refused = await writeMaps(pid);
  if (refused !== undefined) {
    stdin.end();
    refuseRange(refused);
    return await make(onEnd);
  }
  stdin.write('\n');
  if ((await said.next()).value !== 'prepared') throw await failure();
  const descriptors = { user: openNamespace(pid, 'user'), mount: openNamespace(pid, 'mnt'), pid: openNamespace(pid, 'pid_for_children') };
  // It lives as long as this process, and does not keep it alive.
  for (const stream of [stdin, stdout, stderr, ...libraries.map(([one]) => one)]) (stream as unknown as { unref(): void }).unref();
  holder.unref();
  void holder.finally(() => {
    onEnd();
    for (const descriptor of Object.values(descriptors)) closeSync(descriptor);
  });
  const [first] = childrenOf(pid);
  return {
    ...descriptors,
    endOrphansUntil: (done) => {
      // Orphans become children of process 1, which has no others by now; ending one may make others.
      const timer = setInterval(() => childrenOf(first).forEach(kill), 5);
      void done.finally(() => clearInterval(timer));
    },
  };
}

/** Pids of a process's children: proc(5), "/proc/pid/task/tid/children". */
export function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** @param pid negative for a process group. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** @returns why the machine refused a range of ids, when it did. @throws Error when it refused a single one. */
async function writeMaps(pid: number): Promise<string | undefined> {
  const how = owners();
  const { uids, gids } = how.maps;
  const byTools = how.kind === 'range' && process.getuid?.() !== 0;
  if (!byTools) {
    if (keepsGroups()) writeFileSync(`/proc/${pid}/setgroups`, 'deny');
    for (const [file, ranges] of [['uid_map', uids], ['gid_map', gids]] as const) {
      writeFileSync(`/proc/${pid}/${file}`, ranges.map(({ inside, outside, count }) => `${inside} ${outside} ${count}\n`).join(''));
    }
    return undefined;
  }
  const results = await Promise.all([['newuidmap', uids], ['newgidmap', gids]] .map(([tool, ranges]) =>
    execa(tool as string, [pid, ...(ranges as typeof uids).flatMap(({ inside, outside, count }) => [inside, outside, count])].map(String), { reject: false })));
  const failed = results.find((result) => result.failed);
  return failed && (failed.stderr || failed.shortMessage);
}

function openNamespace(pid: number, kind: 'user' | 'mnt' | 'pid_for_children'): number {
  const descriptor = openSync(`/proc/${pid}/ns/${kind}`, 'r');
  if (readlinkSync(`/proc/self/fd/${descriptor}`) !== readlinkSync(`/proc/self/ns/${kind}`)) return descriptor;
  closeSync(descriptor);
  throw new Error(`shellrig bug: the sandboxes' ${kind} namespace is the host's own`);
}
