import { accessSync, constants, statfsSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { execa } from 'execa';
import { guardLibrary } from '../../sandbox/guard/guard.js';
import { installedAt } from '../../sandbox/programs.js';
import { DEFAULT_TOOLS } from '../../sandbox/tools.js';
import { limited, missing, ok, type Check } from './check.js';
import { installCommand } from './install.js';

/** bubblewrap got `--size`, which bounds a sandbox's disk, in 0.5.0 (its release notes). */
const OLDEST_BUBBLEWRAP = [0, 5] as const;

/** The bash side uses what bash 5.0 brought: BASH_ARGV0, EPOCHREALTIME (its CHANGES file). */
const OLDEST_BASH = [5, 0] as const;

/** Bytes: what the host keeps there is small; the trees themselves lie in memory. */
const TEMPORARY_SPACE = 50_000_000;

/** Linux, as sandboxes are made of its namespaces. */
export function checkSystem(): Check {
  return process.platform === 'linux' ? ok('Linux', release()) : missing('Linux', `this is ${process.platform}`, 'run it on Linux, or in a virtual machine or a container with Linux');
}

/** x86-64 or arm64: the guard library is prebuilt for these. */
export function checkArchitecture(): Check {
  try {
    guardLibrary();
    return ok('architecture', process.arch);
  } catch (error) {
    return missing('architecture', (error as Error).message, 'run it on x86-64 or arm64');
  }
}

/** bash of the host, which is the one in the sandbox: of an age that will do, and one that takes the guard's builtins. */
export async function checkBash(): Promise<Check> {
  const check = await checkVersion('bash', 'bash', OLDEST_BASH);
  const path = installedAt('bash');
  if (check.result !== 'ok' || !path || !['x64', 'arm64'].includes(process.arch)) return check;
  const { exitCode } = await execa(path, ['-c', 'type _rig_step'], { env: { LD_PRELOAD: guardLibrary() }, reject: false });
  return exitCode === 0 ? check : missing('bash', `${path} takes no more builtins: it is linked statically, or without its symbols`, 'install the bash of your distribution');
}

export async function checkBubblewrap(): Promise<Check> {
  return checkVersion('bubblewrap', 'bwrap', OLDEST_BUBBLEWRAP);
}

async function checkVersion(name: string, program: string, oldest: readonly [number, number]): Promise<Check> {
  const path = installedAt(program);
  if (!path) return missing(name, `${program} is not installed`, installCommand([name]));
  const { stdout } = await execa(path, ['--version'], { reject: false });
  const [text = '', major, minor] = /(\d+)\.(\d+)\S*/.exec(stdout) ?? [];
  const isOld = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]);
  return isOld ? missing(name, `${text} is older than ${oldest.join('.')}`, installCommand([name])) : ok(name, `${text} (${path})`);
}

/** Programs of the host with which sandboxes are made and entered. */
export function checkPrograms(): Check {
  const needed = { unshare: 'util-linux', nsenter: 'util-linux', setpriv: 'util-linux', mount: 'mount', tar: 'tar' };
  const absent = Object.entries(needed).filter(([program]) => !installedAt(program));
  if (absent.length === 0) return ok('programs', Object.keys(needed).join(', '));
  return missing('programs', `not installed: ${absent.map(([program]) => program).join(', ')}`, installCommand(absent.map(([, name]) => name)));
}

/** Debian packages of those default tools that a small system may lack; the rest is coreutils. */
const PACKAGES: readonly (readonly [name: string, tools: readonly string[]])[] = [
  ['findutils', ['find', 'xargs']],
  ['grep', ['grep', 'egrep', 'fgrep']],
  ['gawk', ['awk', 'gawk']],
  ['mawk', ['mawk']],
  ['gzip', ['gzip', 'gunzip', 'zcat']],
  ['xz-utils', ['xz']],
  ['diffutils', ['cmp', 'diff']],
  ['debianutils', ['which']],
  ['util-linux', ['flock', 'getopt', 'setsid', 'setpriv', 'mountpoint', 'renice']],
  ['procps', ['ps', 'pgrep', 'pkill']],
  ...['bash', 'dash', 'sed', 'tar', 'bzip2', 'hostname', 'perl'].map((name): [string, string[]] => [name, [name]]),
];

/** The tools that every sandbox holds by default: scripts that use one which is not there meet "command not found". */
export function checkTools(): Check {
  const absent = DEFAULT_TOOLS.filter((name) => !installedAt(name));
  if (absent.length === 0) return ok('tools', `all ${DEFAULT_TOOLS.length} default tools`);
  const packages = new Set(absent.map((tool) => PACKAGES.find(([, tools]) => tools.includes(tool))?.[0] ?? 'coreutils'));
  return limited('tools', `default tools that this machine lacks: ${absent.join(', ')}`, installCommand([...packages]));
}

/** The directory for temporary files. */
export function checkTemporaryFolder(): Check {
  const folder = tmpdir();
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return missing('temporary files', `${folder} cannot be written`, 'export TMPDIR=DIRECTORY, with one that can');
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < TEMPORARY_SPACE) return missing('temporary files', `${folder} has ${Math.floor(free / 1e6)} MB left`, 'export TMPDIR=DIRECTORY, with one on a file system with space');
  return ok('temporary files', folder);
}
