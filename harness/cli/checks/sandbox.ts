import { firstTree, rigMembers } from '../../sandbox/image.js';
import { DEFAULT_LIMITS, limitNumbers } from '../../sandbox/limits.js';
import { startSandbox } from '../../sandbox/sandbox.js';
import { toolLinks } from '../../sandbox/tools.js';
import { packTar } from '../../tree/tar.js';
import { ok, type Check } from './check.js';
import { explainStart } from './namespaces.js';

/** Starts a sandbox as a spec would: the check that counts. */
export async function checkSandbox(): Promise<Check> {
  const image = packTar([...rigMembers({ scripts: [], environment: [], stubs: [], spies: [], clock: [] }), ...firstTree(toolLinks([]), {})]);
  const started = performance.now();
  try {
    const sandbox = await startSandbox({ ...limitNumbers(DEFAULT_LIMITS), env: {}, image });
    const milliseconds = Math.round(performance.now() - started);
    sandbox.kill();
    return ok('sandbox', `started in ${milliseconds} ms`);
  } catch (error) {
    return explainStart((error as Error).message.replace(/\n?Run `npx shellrig doctor`.*/s, ''));
  }
}
