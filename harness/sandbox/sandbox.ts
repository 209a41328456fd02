import { openSync, readdirSync, writeFileSync, closeSync, unlinkSync } from 'node:fs';
import { execa } from 'execa';
import { fileSync } from 'tmp-promise';
import { libraryDirectories } from './libraries.js';
import { owners, startAs, userNamespace } from './owners.js';
import { BASH_SIDE, DEFAULT_PATH, HOST, RIG } from './places.js';
import { installedAt } from './programs.js';
import { chownSucceeds } from './seccomp.js';

/** A running sandbox, as its maker sees it from the host. */
export interface Sandbox {
  /** Host pid of its process 1, the fork server. */
  readonly pid: number;
  /** Host path of its root directory. */
  readonly root: string;
  /** Resolves when it has ended, with what bubblewrap and the server's start printed on standard error. */
  readonly ended: Promise<string>;
  /** Resolves when it has ended, with the exit code of its process 1; 128 + N when a signal N ended it. */
  readonly exitCode: Promise<number>;
  /** Pids inside it, without process 1. */
  processes(): number[];
  /** Ends it at once, with everything in it. */
  kill(): void;
}

export interface SandboxOptions {
  /** Bytes that the tree may hold. */
  readonly disk: number;
  /** The declared environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The tar archive of the first tree. */
  readonly image: Buffer;
}

/** Seven capabilities over the sandbox's own ids: what root of a node has that scripts use, without mounts, tracing or devices. */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETUID', 'SETGID', 'NET_BIND_SERVICE'];

/** Exit code of what SIGKILL ended. */
const KILLED = 137;

/** For the log, the calls and the answers: apart from the tree's own limit, so that a full disk does not stop the recording. */
const RIG_BYTES = 256 * 1024 * 1024;

/**
 * Starts a sandbox: new user, mount, pid, ipc, uts and net namespaces, a private writable tree, the fork server as process 1.
 * @returns when the image is unpacked and the server runs.
 * @throws Error when bubblewrap is missing or the machine forbids namespaces; never runs anything unsandboxed.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const bubblewrap = installedAt('bwrap');
  if (!bubblewrap) throw new Error('bubblewrap is not installed: install the package bubblewrap (`npx shellrig doctor` lists all that is needed)');
  const how = owners();
  const filter = how.kind === 'single' ? filterDescriptor() : undefined;
  const descriptor = filter ?? (await userNamespace());
  const child = execa(bubblewrap, bubblewrapArguments(options), {
    // Pipes: the image in; `ready` out; errors; bubblewrap's own report; then the namespace or the filter.
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', descriptor as unknown as 'inherit'],
    env: {}, extendEnv: false, cwd: '/', reject: false, buffer: { stdout: false, stderr: true, fd3: false },
    maxBuffer: 1_000_000, ...startAs(),
  });
  const ended = child.then((result) => String(result.stderr ?? ''));
  if (filter !== undefined) closeSync(filter);
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.image);
  const report = firstChunk(child.stdio[3]);
  const ready = firstChunk(child.stdout);
  const text = await Promise.race([Promise.all([report, ready]).then(([info]) => info), ended.then(() => undefined)]);
  const pid = Number(/"child-pid": (\d+)/.exec(text ?? '')?.[1]);
  if (!pid) {
    throw new Error(`the sandbox did not start: ${(await ended).trim() || 'bubblewrap gave no reason'}\nRun \`npx shellrig doctor\` for the reason and the remedy.`);
  }
  for (const stream of [child.stdout, child.stdio[3]]) (stream as unknown as { unref?: () => void } | null)?.unref?.();
  child.unref?.();
  const root = `/proc/${pid}/root`;
  return {
    pid,
    root,
    ended,
    exitCode: child.then((result) => result.exitCode ?? KILLED),
    processes: () => readdirSync(`${root}/proc`).filter((name) => /^\d+$/.test(name) && name !== '1').map(Number),
    kill: () => {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It had ended by itself.
      }
    },
  };
}

function bubblewrapArguments({ disk, env }: SandboxOptions): string[] {
  const readOnly = (from: string, to: string = from) => ['--ro-bind', from, to];
  const single = owners().kind === 'single';
  return [
    ...(single ? ['--unshare-user', '--uid', '0', '--gid', '0', '--seccomp', '4'] : ['--userns', '4']),
    '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try', '--hostname', 'sandbox',
    // A session and process 1 of its own: no signal from inside reaches anything outside or the server.
    '--die-with-parent', '--new-session', '--as-pid-1',
    '--cap-drop', 'ALL', ...CAPABILITIES.flatMap((name) => ['--cap-add', `CAP_${name}`]),
    '--size', String(disk), '--tmpfs', '/',
    '--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64',
    '--size', String(RIG_BYTES), '--tmpfs', RIG,
    ...readOnly('/usr/bin', `${HOST}/bin`), ...readOnly('/usr/sbin', `${HOST}/sbin`),
    ...libraryDirectories().flatMap((path) => readOnly(path)),
    '--proc', '/proc', '--dev', '/dev', '--chdir', '/',
    '--clearenv', '--setenv', 'PATH', DEFAULT_PATH, '--setenv', 'HOME', '/root', '--setenv', 'LANG', 'C.UTF-8', '--setenv', 'TZ', 'UTC',
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--info-fd', '3',
    `${HOST}/bin/bash`, '-c', `${HOST}/bin/tar -xpf - -C / --numeric-owner --keep-directory-symlink && echo ready && exec -a bash ${HOST}/bin/bash ${BASH_SIDE}/server.sh`,
  ];
}

/** bubblewrap reads the filter to its end, so each start opens it anew. */
function filterDescriptor(): number {
  const file = fileSync();
  writeFileSync(file.name, chownSucceeds());
  const descriptor = openSync(file.name, 'r');
  unlinkSync(file.name);
  closeSync(file.fd);
  return descriptor;
}

function firstChunk(stream: unknown): Promise<string> {
  return new Promise((resolve) => (stream as NodeJS.ReadableStream).once('data', (chunk: Buffer) => resolve(chunk.toString())));
}
