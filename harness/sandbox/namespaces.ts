import { closeSync, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { keepsGroups, owners, refuseRange, startAs } from './owners.js';
import { installedAt } from './programs.js';
import { defaultPrograms } from './tools.js';

/** The namespaces that every sandbox of this process starts from, held open by descriptors; they end with the process. */
export interface Namespaces {
  /** Descriptor of the user namespace: in it, sandbox ids are mapped to ids of the host. */
  readonly user: number;
  /** Descriptor of the mount namespace: the host's tree, and copies of the default tools in {@link PREPARED}. */
  readonly mount: number;
}

/** Where the mount namespace has the copies. Every Linux has the directory, and nothing that a sandbox needs lies in it. */
export const PREPARED = '/run/host';

/** The programs without which there is no sandbox, beside bubblewrap. */
const NEEDED = ['unshare', 'nsenter', 'mount', 'setpriv', 'tar', 'bash'];

let made: Promise<Namespaces> | undefined;

/**
 * Makes the namespaces, once in each process.
 * @throws Error when the machine forbids user namespaces or lacks a program; `shellrig doctor` tells more.
 */
export function namespaces(): Promise<Namespaces> {
  made ??= make();
  return made;
}

async function make(): Promise<Namespaces> {
  for (const name of NEEDED) {
    if (!installedAt(name)) throw new Error(`${name} is not installed, and no sandbox starts without it: install the package ${['tar', 'bash'].includes(name) ? name : 'util-linux'} (\`npx shellrig doctor\` lists all that is needed)`);
  }
  // As text: the user that runs it may not read this package.
  const script = readFileSync(new URL('bash/prepare.sh', import.meta.url), 'utf8');
  // It ends with its standard input, that is with this process at the latest.
  const holder = execa('unshare', ['--user', '--mount', '--propagation', 'slave', 'bash', '-c', script, 'prepare.sh', ...defaultPrograms(), installedAt('mount') as string], {
    stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: { stdout: false, stderr: true }, reject: false,
    cwd: '/', env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }, extendEnv: false, ...startAs(),
  });
  holder.stdin.on('error', () => {});
  const failure = async () => {
    const reason = (await holder).stderr.trim() || 'unshare gave no reason';
    return new Error(`a sandbox cannot be made on this machine: ${reason}\nRun \`npx shellrig doctor\` for the reason and the remedy.`);
  };
  const said = createInterface({ input: holder.stdout })[Symbol.asyncIterator]();
  try {
    if ((await said.next()).value !== 'made') throw await failure();
    const refused = await writeMaps(holder.pid as number);
    if (refused !== undefined) {
      refuseRange(refused);
      return await make();
    }
    holder.stdin.write('\n');
    if ((await said.next()).value !== 'prepared') throw await failure();
    return { user: openNamespace(holder.pid as number, 'user'), mount: openNamespace(holder.pid as number, 'mnt') };
  } finally {
    holder.stdin.end();
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

function openNamespace(pid: number, kind: 'user' | 'mnt'): number {
  const descriptor = openSync(`/proc/${pid}/ns/${kind}`, 'r');
  if (readlinkSync(`/proc/self/fd/${descriptor}`) !== readlinkSync(`/proc/self/ns/${kind}`)) return descriptor;
  closeSync(descriptor);
  throw new Error(`shellrig bug: the sandboxes' ${kind} namespace is the host's own`);
}
