import { availableParallelism, cpus, loadavg, release } from 'node:os';
import { $ } from 'zx';

/** @returns {Promise<string>} what the figures depend on, in one line */
export async function machine() {
  const first = async (/** @type {string} */ program) => (await $({ quiet: true, nothrow: true })`${program} --version`).stdout.split('\n')[0] ?? '';
  const bash = /version (\S+)/.exec(await first('bash'))?.[1];
  const bubblewrap = (await first('bwrap')).split(' ').at(-1);
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`, `Linux ${release()}`, `Node ${process.versions.node}`,
    `bash ${bash}`, `bubblewrap ${bubblewrap}`, `load ${load()}`,
  ].join(', ');
}

/** Milliseconds of an empty `bash -c` on the machine that the budgets were set on. */
const REFERENCE = 1.3;

/**
 * How much slower this machine is just now than the one that the budgets were set on: what an empty `bash -c` takes, by
 * what it took there. Never less than 1: a faster machine gets no smaller budgets.
 */
export async function slowness() {
  const started = performance.now();
  await $({ quiet: true })`bash -c ${'for ((at = 0; at < 400; at++)); do bash -c :; done'}`;
  return Math.max(1, (performance.now() - started) / 400 / REFERENCE);
}

/** The load of the last minute: other work on the machine blurs every figure. */
export function load() {
  return (loadavg()[0] ?? 0).toFixed(2);
}
