import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetUpError } from './error.mjs';
import { PROGRAMS } from './programs.mjs';

/**
 * Sees to it that every program needed for `purposes` is there. Installs the Debian packages of those that are not
 * when it may (root, or CI with a password-less sudo); tells a person the command otherwise.
 *
 * @param {string[]} purposes rows of the table to look at
 */
export function installDebianPackages(purposes) {
  const missing = missingPrograms(purposes);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((row) => row.package))].sort();
  const names = missing.map((row) => `${row.program} (${row.why})`).join(', ');
  if (find('apt-get') === undefined) {
    throw new SetUpError(`these programs are missing and this is no Debian or Ubuntu, so install them by hand: ${names}`);
  }
  const prefix = rightsPrefix();
  if (prefix === undefined) {
    throw new SetUpError(`missing: ${names}\nRun this once, then try again:\n\n  sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}\n`);
  }
  process.stderr.write(`set-up: installing Debian packages: ${packages.join(' ')}\n`);
  aptInstall(prefix, packages);
  const still = missingPrograms(purposes);
  if (still.length > 0) {
    throw new SetUpError(`installed ${packages.join(' ')}, yet not found in PATH: ${still.map((row) => row.program).join(', ')}`);
  }
}

/** @param {string[]} purposes */
function missingPrograms(purposes) {
  return PROGRAMS.filter((row) => purposes.includes(row.for) && find(row.program) === undefined);
}

/**
 * The first executable of that name. The sbin folders count although an ordinary Debian user's PATH lacks them.
 *
 * @param {string} program
 */
function find(program) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The words before apt-get with which it may install; undefined where a person has to. */
function rightsPrefix() {
  if (process.geteuid?.() === 0) return [];
  if (process.env['CI'] !== 'true' || find('sudo') === undefined) return undefined;
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

/**
 * Tries with the package lists that are there, and once more with new ones: on most machines the first try does, in a
 * fresh container (no lists) or an old one (stale lists) the second.
 *
 * @param {string[]} prefix
 * @param {string[]} packages
 */
function aptInstall(prefix, packages) {
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if (aptGet(prefix, install).status === 0) return;
  const update = aptGet(prefix, ['update']);
  const second = aptGet(prefix, install);
  if (second.status === 0) return;
  // A failed update only warns, and is yet the reason.
  const reasons = [...complaints(update), ...complaints(second)].slice(0, 20).join('\n');
  throw new SetUpError(`apt-get could not install ${packages.join(' ')}:\n${reasons}`);
}

/** @param {{ status: number | null, output: string }} result */
function complaints({ status, output }) {
  const lines = output.trimEnd().split('\n');
  const found = lines.filter((line) => /^(E|W|Err)[: ]/.test(line));
  return found.length > 0 || status === 0 ? found : lines.slice(-5);
}

/**
 * @param {string[]} prefix
 * @param {string[]} args
 */
function aptGet(prefix, args) {
  // A machine that has just booted may be updating itself: wait for that instead of failing.
  const words = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args];
  const { status, stdout, stderr, error } = spawnSync(/** @type {string} */ (words[0]), words.slice(1), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, output: `${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}` };
}
