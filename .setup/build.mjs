import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetUpError } from './error.mjs';

/** Read only by tests, so neither compiled nor shipped. */
const TESTS_ONLY = /(^|\/)(testdata|__snapshots__)\/|\.(test\.ts|fixture\.\w+)$/;
const CONFIGURATION = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', '.setup/build.mjs'];

/**
 * Brings `dist/` up to date: what tsc makes of `harness/`, and beside it every file there that is no TypeScript (the
 * bash side). Does nothing when no source changed since.
 *
 * @param {string} root the clone
 * @param {boolean} strict refuse sources with type errors. Off, they are reported and the rest goes on: a person in the
 *   middle of an edit still wants to see what the specs say, and the types stage of `npm test` fails anyway.
 */
export function buildDist(root, strict) {
  const sources = sourceFiles(root);
  const fingerprint = fingerprintOf(root, sources);
  const dist = join(root, 'dist');
  if (readIfThere(join(dist, '.fingerprint')) === fingerprint) return;
  const fresh = join(root, `dist.${process.pid}.tmp`);
  try {
    const clean = compile(root, fresh, strict);
    for (const source of sources.filter((path) => !path.endsWith('.ts'))) copyInto(root, source, fresh);
    // `npx shellrig` in the clone runs the file itself; npm sees to it only where the package is installed.
    if (existsSync(join(fresh, 'cli/main.js'))) chmodSync(join(fresh, 'cli/main.js'), 0o755);
    // Without its fingerprint a build with errors counts as stale, so it is reported again.
    if (clean) writeFileSync(join(fresh, '.fingerprint'), fingerprint);
    replace(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** @param {string} root */
function sourceFiles(root) {
  return readdirSync(join(root, 'harness'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .filter((path) => !TESTS_ONLY.test(path))
    .sort();
}

/**
 * By content, not by time: a checkout of another commit and back must not rebuild, a copy with old times must.
 *
 * @param {string} root
 * @param {string[]} sources
 */
function fingerprintOf(root, sources) {
  const hash = createHash('sha256');
  for (const path of [...CONFIGURATION, ...sources]) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} target
 * @param {boolean} strict
 * @returns {boolean} whether the types held
 */
function compile(root, target, strict) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', target];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) return true;
  const output = `${stdout}${stderr}`.trimEnd();
  if (strict || !existsSync(join(target, 'cli/main.js'))) throw new SetUpError(`tsc could not build dist/:\n${output}`);
  const count = output.match(/error TS\d+/g)?.length ?? 0;
  process.stderr.write(`set-up: built dist/ although harness/ has ${count} type errors (npx tsc shows them)\n`);
  return false;
}

/**
 * @param {string} root
 * @param {string} source
 * @param {string} target
 */
function copyInto(root, source, target) {
  const copy = join(target, source.slice('harness/'.length));
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(join(root, source), copy);
}

/**
 * Swaps folders instead of writing into one that a running command may be reading.
 *
 * @param {string} fresh
 * @param {string} dist
 */
function replace(fresh, dist) {
  const old = `${fresh}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
