import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { entering } from './enter.js';
import { libraryDirectories } from './libraries.js';
import { childrenOf, kill, namespaces, PREPARED, type Namespaces } from './namespaces.js';
import { owners } from './owners.js';
import { BOX, DEFAULT_PATH, GUARD, HOST, MEMORY, RIG } from './places.js';
import { installedAt } from './programs.js';
import { chownSucceeds } from './seccomp.js';

/** A running sandbox, as its maker sees it from the host. */
export interface Sandbox {
  /** Host pid of its process 1, the fork server. */
  readonly pid: number;
  /** Host path of its root directory, through a descriptor: whatever becomes of the sandbox, it never names another tree. */
  readonly root: string;
  /** Host path of its /proc, whatever a script does to the directories above it. */
  readonly proc: string;
  /** Descriptors of the namespaces that its programs live in. */
  readonly namespaces: Namespaces;
  /** The same with its own pid namespace: what enters these is among its processes. */
  readonly among: Namespaces;
  /** Resolves when it has ended, with what bubblewrap and the server's start printed on standard error. */
  readonly ended: Promise<string>;
  /** Resolves when it has ended, with the exit code of its process 1; 128 + N when a signal N ended it. */
  readonly exitCode: Promise<number>;
  /** Pids inside it, without process 1. */
  processes(): number[];
  /** Has the fork server end the run that goes on. */
  stopRun(): void;
  /** Ends it at once, with everything in it. */
  kill(): void;
  /** Lets go of its root directory; the sandbox has to be ended before. */
  close(): void;
}

export interface SandboxOptions {
  /** Bytes that the tree may hold. */
  readonly disk: number;
  /** Bytes of memory that a process may use while the scripts are sourced. */
  readonly memory: number;
  /** Processes that may run while the scripts are sourced. */
  readonly processes: number;
  /** The declared environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The tar archive of the first tree. */
  readonly image: Buffer;
}

/** What root of a node has that scripts use, over the sandbox's own ids: no mounts, tracing or devices. */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETUID', 'SETGID', 'NET_BIND_SERVICE'];

/** Exit code of what SIGKILL ended. */
const KILLED = 137;

/** What start.sh needs and gives up before any script is read. */
const START_CAPABILITIES = ['SYS_ADMIN', 'SETPCAP'];

/** For the log, the calls and the answers: apart from the tree's own limit, so that a full disk does not stop the recording. */
const RIG_BYTES = 256 * 1024 * 1024;

/** The devices that a container has too; none gives anything of the host away. */
const DEVICES = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom', '/dev/tty'];

/**
 * Starts a sandbox: user, mount, pid, ipc, uts and net namespaces, a private writable tree, the fork server as process 1.
 * @returns when the image is unpacked and the server runs.
 * @throws Error when bubblewrap is missing or the machine forbids namespaces; never runs anything unsandboxed.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const bubblewrap = installedAt('bwrap');
  if (!bubblewrap) throw new Error('bubblewrap is not installed: install the package bubblewrap (`npx shellrig doctor` lists all that is needed)');
  const shared = await namespaces();
  const filter = owners().kind === 'single' ? chownSucceeds() : undefined;
  const child = execa(...entering(shared, [bubblewrap, ...bubblewrapArguments(options, filter !== undefined)]), {
    // Pipes: the image in; `ready` out; errors; the filter.
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: {}, extendEnv: false, cwd: '/', reject: false, buffer: { stdout: false, stderr: true }, maxBuffer: 1_000_000, detached: true,
  });
  const ended = child.then((result) => result.stderr);
  const exited = new Promise<undefined>((resolve) => child.once('exit', () => {
    // What ended nsenter or bubblewrap alone leaves the others, which hold the pipes: they are in nsenter's process
    // group until the server starts.
    if (child.pid !== undefined) kill(-child.pid);
    shared.endOrphansUntil(ended);
    resolve(undefined);
  }));
  const [image, ready, , filterInput] = child.stdio as unknown as [Writable, Readable, Readable, Writable];
  for (const stream of [image, filterInput]) stream.on('error', () => {});
  filterInput.end(filter);
  image.end(options.image);
  const said = await Promise.race([new Promise<Buffer>((resolve) => ready.once('data', resolve)), exited]);
  // nsenter, bubblewrap, process 1.
  const [pid] = said ? childrenOf(childrenOf(child.pid)[0]) : [];
  const view = pid && viewOf(pid);
  if (!view) {
    child.kill('SIGKILL');
    throw new Error(`the sandbox did not start: ${(await ended).trim() || 'bubblewrap gave no reason'}\nRun \`npx shellrig doctor\` for the reason and the remedy.`);
  }
  (ready as unknown as { unref(): void }).unref();
  child.unref();
  return { pid, ended, exitCode: child.then((result) => result.exitCode ?? KILLED), ...view, namespaces: { ...shared, mount: view.mount }, among: { ...shared, mount: view.mount, pid: view.pids } };
}

/** What the host has of a sandbox, by the pid of its process 1; undefined when it has ended. */
function viewOf(pid: number): (Pick<Sandbox, 'root' | 'proc' | 'processes' | 'stopRun' | 'kill' | 'close'> & { mount: number; pids: number }) | undefined {
  const descriptors: number[] = [];
  const open = (path: string) => descriptors[descriptors.push(openSync(`/proc/${pid}/${path}`, 'r')) - 1] as number;
  const close = () => descriptors.splice(0).forEach((descriptor) => closeSync(descriptor));
  try {
    const [root, proc, mount, pids] = [open('root'), open('root/proc'), open('ns/mnt'), open('ns/pid')];
    const namespace = readlinkSync(`/proc/self/fd/${mount}`);
    return {
      mount, pids, root: `/proc/self/fd/${root}`, proc: `/proc/self/fd/${proc}`, close,
      processes: () => readdirSync(`/proc/self/fd/${proc}`).filter((name) => /^\d+$/.test(name) && name !== '1').map(Number),
      stopRun: () => {
        try {
          // SIGRTMAX: the server's word for it.
          process.kill(pid, 64);
        } catch {
          // It is gone already.
        }
      },
      kill: () => {
        try {
          // The number may be another process's by now.
          if (readlinkSync(`/proc/${pid}/ns/mnt`) === namespace) process.kill(pid, 'SIGKILL');
        } catch {
          // It had ended by itself.
        }
      },
    };
  } catch {
    close();
    return undefined;
  }
}

/** Descriptor of the pipe through which bubblewrap reads its seccomp filter. */
const FILTER = 3;

function bubblewrapArguments({ disk, memory, processes, env }: SandboxOptions, filtered: boolean): string[] {
  const readOnly = (from: string, to: string = from) => ['--ro-bind', from, to];
  return [
    ...(filtered ? ['--seccomp', String(FILTER)] : []),
    '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try', '--hostname', 'sandbox',
    // A session and process 1 of its own: no signal from inside reaches anything outside or the server.
    '--die-with-parent', '--new-session', '--as-pid-1',
    '--cap-drop', 'ALL', ...[...CAPABILITIES, ...START_CAPABILITIES].flatMap((name) => ['--cap-add', `CAP_${name}`]),
    '--size', String(disk), '--tmpfs', '/',
    '--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64',
    '--size', String(RIG_BYTES), '--tmpfs', RIG, '--size', String(RIG_BYTES), '--tmpfs', BOX,
    ...readOnly(PREPARED, HOST),
    ...libraryDirectories().flatMap((path) => readOnly(path)),
    // The settings of the sandbox's own network are read-only too: they would outlive the run that changes them.
    '--proc', '/proc', ...readOnly('/proc/sys'), '--size', String(disk), '--tmpfs', MEMORY, ...DEVICES.flatMap((path) => ['--dev-bind', path, path]), '--chdir', '/',
    '--clearenv', '--setenv', 'PATH', DEFAULT_PATH, '--setenv', 'HOME', '/root', '--setenv', 'LANG', 'C.UTF-8', '--setenv', 'TZ', 'UTC',
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    // For start.sh alone: until there is a tree, no file says so.
    '--setenv', 'LD_PRELOAD', GUARD,
    `${HOST}/bin/bash`, '-c', startScript(), 'start.sh', String(memory), String(processes),
  ];
}

let script: string | undefined;

/** As text: it runs before there are files of shellrig's in the sandbox. */
function startScript(): string {
  script ??= readFileSync(new URL('bash/start.sh', import.meta.url), 'utf8');
  return script;
}
