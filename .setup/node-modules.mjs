import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SetUpError } from './error.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockEntry */

/**
 * Runs `npm ci` when `node_modules` is not what `package-lock.json` says.
 *
 * @param {string} root the clone
 */
export function installNodeModules(root) {
  if (isCurrent(root)) return;
  process.stderr.write('set-up: installing node modules (npm ci)\n');
  let result = npmCi(root);
  // Registries have bad moments; a second failure is a reason.
  if (result.status !== 0) result = npmCi(root);
  if (result.status === 0) {
    if (!isCurrent(root)) process.stderr.write('set-up: package-lock.json names more than package.json needs; npm install mends it\n');
    return;
  }
  // npm gives the reason first and its manual page after it.
  const reason = result.output.split('\n').filter((line) => line.startsWith('npm error')).slice(0, 8);
  throw new SetUpError(`npm ci failed twice in ${root}:\n${reason.length > 0 ? reason.join('\n') : result.output.trim()}`);
}

/**
 * Compares npm's own record of what it installed with the lock: right after `npm install` by hand, too.
 *
 * @param {string} root
 */
function isCurrent(root) {
  const wanted = lockEntries(join(root, 'package-lock.json'));
  if (wanted === undefined) throw new SetUpError(`package-lock.json is missing or broken in ${root}; restore it with git`);
  const installed = lockEntries(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    // An optional package for another platform is rightly absent.
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity && existsSync(join(root, path));
  });
}

/**
 * @param {string} path
 * @returns {Record<string, LockEntry> | undefined}
 */
function lockEntries(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @param {string} root */
function npmCi(root) {
  // Under `npm run`, the npm that runs us; never yarn or pnpm, which cannot read this lock.
  const own = process.env['npm_execpath'];
  const npm = own !== undefined && basename(own) === 'npm-cli.js' ? [process.execPath, own] : ['npm'];
  const words = [...npm, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--no-progress'];
  const { status, stdout, stderr, error } = spawnSync(/** @type {string} */ (words[0]), words.slice(1), {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, output: `${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}` };
}
