import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { entering } from './enter.js';
import { libraryDirectories } from './libraries.js';
import { namespaces, PREPARED, type Namespaces } from './namespaces.js';
import { owners } from './owners.js';
import { BOX, DEFAULT_PATH, HOST, MEMORY, RIG } from './places.js';
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
  /** Resolves when it has ended, with what bubblewrap and the server's start printed on standard error. */
  readonly ended: Promise<string>;
  /** Resolves when it has ended, with the exit code of its process 1; 128 + N when a signal N ended it. */
  readonly exitCode: Promise<number>;
  /** Pids inside it, without process 1. */
  processes(): number[];
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
  const { user, mount } = await namespaces();
  const filter = owners().kind === 'single' ? chownSucceeds() : undefined;
  const child = execa(...entering({ user, mount }, [bubblewrap, ...bubblewrapArguments(options, filter !== undefined)]), {
    // Pipes: the image in; `ready` out; errors; bubblewrap's own report; the filter; the word to go on.
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: {}, extendEnv: false, cwd: '/', reject: false, buffer: { stdout: false, stderr: true, fd3: false }, maxBuffer: 1_000_000,
  });
  const ended = child.then((result) => result.stderr);
  const [image, filterInput, word] = [child.stdio[0], child.stdio[FILTER], (child.stdio as readonly unknown[])[5]] as unknown as [Writable, Writable, Writable];
  const outputs = [child.stdio[1], child.stdio[3]] as unknown as [Readable, Readable];
  for (const stream of [image, filterInput, word]) stream.on('error', () => {});
  filterInput.end(filter);
  image.end(options.image);
  const [, report] = await Promise.race([Promise.all(outputs.map(firstChunk)), ended.then(() => [])]);
  const pid = Number(/"child-pid": (\d+)/.exec(report ?? '')?.[1]);
  if (!pid) throw new Error(`the sandbox did not start: ${(await ended).trim() || 'bubblewrap gave no reason'}\nRun \`npx shellrig doctor\` for the reason and the remedy.`);
  const descriptors = ['root', 'root/proc', 'ns/mnt'].map((path) => openSync(`/proc/${pid}/${path}`, 'r')) as [number, number, number];
  const [root, proc, inside] = descriptors;
  word.end('\n');
  for (const stream of outputs) (stream as unknown as { unref?: () => void }).unref?.();
  child.unref();
  let alive = true;
  void ended.finally(() => { alive = false; });
  return {
    pid, ended, root: `/proc/self/fd/${root}`, proc: `/proc/self/fd/${proc}`, namespaces: { user, mount: inside },
    exitCode: child.then((result) => result.exitCode ?? KILLED),
    processes: () => readdirSync(`/proc/self/fd/${proc}`).filter((name) => /^\d+$/.test(name) && name !== '1').map(Number),
    kill: () => {
      if (alive) killProcess(pid);
    },
    close: () => descriptors.forEach((descriptor) => closeSync(descriptor)),
  };
}

/** Descriptor of the pipe through which bubblewrap reads its seccomp filter. */
const FILTER = 4;

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
    '--info-fd', '3',
    `${HOST}/bin/bash`, '-c', startScript(), 'start.sh', String(memory), String(processes),
  ];
}

let script: string | undefined;

/** As text: it runs before there are files of shellrig's in the sandbox. */
function startScript(): string {
  script ??= readFileSync(new URL('bash/start.sh', import.meta.url), 'utf8');
  return script;
}

function firstChunk(stream: Readable): Promise<string> {
  return new Promise((resolve) => stream.once('data', (chunk: Buffer) => resolve(chunk.toString())));
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}
