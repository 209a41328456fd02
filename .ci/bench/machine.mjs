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

/** The load of the last minute: other work on the machine blurs every figure. */
export function load() {
  return (loadavg()[0] ?? 0).toFixed(2);
}
