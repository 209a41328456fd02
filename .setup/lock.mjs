import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetUpError } from './error.mjs';

const LIMIT_MS = 10 * 60_000;
const PAUSE_MS = 100;

/**
 * Runs `work` while no other set-up of the same clone does: two `npm ci` at once would delete each other's files.
 *
 * @param {string} root the clone
 * @param {() => void} work
 */
export function withLock(root, work) {
  const path = join(root, '.set-up.lock');
  for (let waited = 0; !take(path); waited += PAUSE_MS) {
    if (waited === 0) process.stderr.write(`set-up: waiting for another set-up of this clone (${path})\n`);
    if (waited >= LIMIT_MS) throw new SetUpError(`another set-up still runs after 10 minutes; if none does, remove ${path}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  try {
    work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (!ownerLives(path)) rmSync(path, { force: true });
  return false;
}

/**
 * A lock whose owner was killed is no lock.
 *
 * @param {string} path
 */
function ownerLives(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    // Empty for the instant between its creation and its first byte.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
