import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { didYouMean } from '../diagnostics/suggest.js';
import { HOST } from './places.js';
import { libraryDirectories } from './libraries.js';

/**
 * The tools that every sandbox holds: what a minimal Linux image carries and shell scripts take for granted.
 * A tool is a real program; its calls are not recorded. Those that this host lacks are left out.
 */
export const DEFAULT_TOOLS: readonly string[] = [
  'bash', 'sh', 'dash', 'rbash',
  // coreutils
  '[', 'arch', 'b2sum', 'base32', 'base64', 'basename', 'basenc', 'cat', 'chgrp', 'chmod', 'chown', 'cksum', 'comm',
  'cp', 'csplit', 'cut', 'date', 'dd', 'df', 'dir', 'dircolors', 'dirname', 'du', 'echo', 'env', 'expand', 'expr',
  'factor', 'false', 'fmt', 'fold', 'groups', 'head', 'id', 'install', 'join', 'link', 'ln', 'logname', 'ls', 'md5sum',
  'mkdir', 'mkfifo', 'mknod', 'mktemp', 'mv', 'nice', 'nl', 'nohup', 'nproc', 'numfmt', 'od', 'paste', 'pathchk', 'pr',
  'printenv', 'printf', 'ptx', 'pwd', 'readlink', 'realpath', 'rm', 'rmdir', 'seq', 'sha1sum', 'sha224sum', 'sha256sum',
  'sha384sum', 'sha512sum', 'shred', 'shuf', 'sleep', 'sort', 'split', 'stat', 'stdbuf', 'stty', 'sum', 'sync', 'tac',
  'tail', 'tee', 'test', 'timeout', 'touch', 'tr', 'true', 'truncate', 'tsort', 'tty', 'uname', 'unexpand', 'uniq',
  'unlink', 'users', 'vdir', 'wc', 'who', 'whoami', 'yes',
  // findutils, grep, sed, awk, tar, gzip, diffutils, which
  'find', 'xargs', 'grep', 'egrep', 'fgrep', 'sed', 'awk', 'gawk', 'mawk', 'tar', 'gzip', 'gunzip', 'zcat', 'bzip2',
  'xz', 'cmp', 'diff', 'which',
  // util-linux and procps: what scripts use to lock, to parse options, and to look at processes
  'flock', 'getopt', 'setsid', 'setpriv', 'mountpoint', 'renice', 'ps', 'pgrep', 'pkill', 'hostname', 'getent', 'perl',
];

/** A tool's place in the sandbox and the host program behind it. */
export interface ToolLink {
  /** Absolute path in the sandbox, for instance `/usr/bin/jq`. */
  readonly path: string;
  /** What that path links to: the host's program, through the read-only host directory. */
  readonly target: string;
}

const PROGRAM_DIRECTORIES = ['/usr/bin', '/usr/sbin'];

/**
 * The links that put tools into the sandbox.
 * @param names tools asked for by name; each must exist on this host.
 * @throws Error naming a tool that this host does not have.
 */
export function toolLinks(names: Iterable<string>): ToolLink[] {
  const links = [...defaultLinks()];
  const known = new Set(DEFAULT_TOOLS);
  for (const name of names) {
    if (known.has(name)) continue;
    const link = findTool(name);
    if (!link) {
      throw new Error(`tool \`${name}\` is not installed on this machine.${didYouMean(name, installedPrograms())} Install the package that has it, or declare a stub for it (looked in ${PROGRAM_DIRECTORIES.join(', ')}).`);
    }
    links.push(link);
  }
  return links;
}

/**
 * Where the sandbox finds the real program behind a name.
 * @returns undefined when this host does not have it.
 */
export function hostProgram(name: string): string | undefined {
  return findTool(name)?.target;
}

let defaults: ToolLink[] | undefined;

function defaultLinks(): ToolLink[] {
  defaults ??= DEFAULT_TOOLS.flatMap((name) => findTool(name) ?? []);
  return defaults;
}

function findTool(name: string): ToolLink | undefined {
  for (const directory of PROGRAM_DIRECTORIES) {
    const path = `${directory}/${name}`;
    if (!existsSync(path)) continue;
    const target = insideSandbox(realpathSync(path));
    if (target) return { path, target };
  }
  return undefined;
}

/** The sandbox path of a host program: names and alternatives are resolved on the host, since /etc is private inside. */
function insideSandbox(program: string): string | undefined {
  for (const directory of PROGRAM_DIRECTORIES) {
    if (program.startsWith(`${directory}/`)) return `${HOST}/${directory.slice('/usr/'.length)}/${program.slice(directory.length + 1)}`;
  }
  return libraryDirectories().some((directory) => program.startsWith(`${directory}/`)) ? program : undefined;
}

/** Names of all programs of this host that could be asked for as tools. */
function installedPrograms(): string[] {
  return PROGRAM_DIRECTORIES.flatMap((directory) => (existsSync(directory) ? readdirSync(directory) : []));
}
