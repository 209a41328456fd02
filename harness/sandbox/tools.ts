import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { didYouMean } from '../diagnostics/suggest.js';
import type { TarMember } from '../tree/tar.js';
import { HOST, TOOLS } from './places.js';

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
  'bunzip2', 'bzcat', 'xz', 'unxz', 'xzcat', 'cmp', 'diff', 'which',
  // util-linux and procps: what scripts use to lock, to parse options, and to look at processes
  'flock', 'getopt', 'setsid', 'setpriv', 'mountpoint', 'renice', 'ps', 'pgrep', 'pkill', 'hostname', 'getent', 'perl',
];

/** A tool's place in the sandbox and the host program behind it. */
export interface ToolLink {
  /** Absolute path in the sandbox, for instance `/usr/bin/jq`. */
  readonly path: string;
  /** What that path links to: the copy of the host's program, read-only. */
  readonly target: string;
}

const PROGRAM_DIRECTORIES = ['/usr/bin', '/usr/sbin'];

/**
 * The links that put tools into the sandbox. Further ones need their {@link toolCopies} too.
 * @param names tools asked for by name; each must exist on this host.
 * @throws Error naming a tool that this host does not have.
 */
export function toolLinks(names: Iterable<string>): ToolLink[] {
  return [...defaultLinks(), ...furtherTools(names).map((name) => ({ path: pathOf(name), target: `${TOOLS}/${name}` }))];
}

/** Archive members that carry tools beyond the default set into a sandbox. */
export function toolCopies(names: Iterable<string>): TarMember[] {
  return furtherTools(names).map((name) => programCopy(name, `${TOOLS}/${name}`));
}

/**
 * A host program as an archive member.
 * @param place where the copy will lie; programs that look at their own name see its last part.
 * @throws Error when this host does not have it or this user may not read it.
 */
export function programCopy(name: string, place: string): TarMember {
  const host = realpathSync(pathOf(name));
  let content = copies.get(host);
  if (!content) {
    try {
      content = readFileSync(host);
    } catch (error) {
      throw new Error(`the program \`${name}\` cannot be copied into a sandbox: ${(error as Error).message}`, { cause: error });
    }
    copies.set(host, content);
  }
  return { path: place, type: 'file', mode: 0o755, uid: 0, gid: 0, content };
}

/** Whether this host has a program of that name, so that a spy can let it work. */
export function isInstalled(name: string): boolean {
  return findProgram(name) !== undefined;
}

/** The interpreter of a program of this host that is a script, `python3`; undefined for one that is none, or is not there. */
export function interpreterOf(name: string): string | undefined {
  const program = findProgram(name);
  const [, words] = program === undefined ? [] : /^#! *([^\n]+)/.exec(readFileSync(program).toString('latin1', 0, 200)) ?? [];
  return words?.split(/\s+/).map((word) => basename(word)).find((word) => word !== 'env' && !word.startsWith('-'));
}

/** The default tools' programs on this host, without the links to them: each is copied once. */
export function defaultPrograms(): string[] {
  return [...new Set(defaultLinks().map(({ path }) => realpathSync(path)))];
}

/** Where the sandbox finds a tool of the default set; undefined for other names. */
export function defaultTool(name: string): string | undefined {
  return defaultLinks().find(({ path }) => basename(path) === name)?.target;
}

const copies = new Map<string, Buffer>();

let defaults: ToolLink[] | undefined;

function defaultLinks(): ToolLink[] {
  defaults ??= DEFAULT_TOOLS.flatMap((name) => {
    const path = findProgram(name);
    // Names and alternatives are resolved on the host, since /etc is private inside.
    return path ? [{ path, target: `${HOST}/bin/${basename(realpathSync(path))}` }] : [];
  });
  return defaults;
}

function furtherTools(names: Iterable<string>): string[] {
  return [...new Set(names)].filter((name) => !DEFAULT_TOOLS.includes(name) || !findProgram(name));
}

function pathOf(name: string): string {
  const path = findProgram(name);
  if (!path) {
    throw new Error(`tool \`${name}\` is not installed on this machine.${didYouMean(name, installedPrograms())} Install the package that has it, or declare a stub for it (looked in ${PROGRAM_DIRECTORIES.join(', ')}).`);
  }
  return path;
}

/** Names of all programs of this host that could be asked for as tools. */
function installedPrograms(): string[] {
  return PROGRAM_DIRECTORIES.flatMap((directory) => (existsSync(directory) ? readdirSync(directory) : []));
}

function findProgram(name: string): string | undefined {
  return PROGRAM_DIRECTORIES.map((directory) => `${directory}/${name}`).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}
