import { file, type FileSpecs, type Run } from 'shellrig';
import { oldOrNew } from 'shellrig/invariants';
import { sweepFailingCalls, sweepKills, sweepTwice, type KillOptions } from 'shellrig/sweeps';
import { EVENTS_DIRECTORY } from './events.js';

/** Where the credential provider goes. */
export const PROVIDER = '/var/lib/kubelet/credential-provider/acr-credential-provider';

/** What is in place before an install: an older program, whatever its mode and owner. */
export const OLDER: FileSpecs = {
  '/opt/bin/kubelet': file('older', { mode: 0o4711, owner: '1001:1001' }),
  '/opt/bin/kubectl': 'older',
  [PROVIDER]: 'older',
};

/** What nobody can remove who was killed: what was being made ready, beside its place; what was downloaded; an event that was being written. */
export const STAGES = ['/opt/bin/.*', '/opt/*/.*', '/opt/*/downloads/.*', '/opt/kubernetes/downloads/*.tar.gz', '/var/cache/apt/archives/.*', '/etc/extensions/.*', '/var/lib/kubelet/credential-provider/.*', `${EVENTS_DIRECTORY}/.*`];

/**
 * All that may come between in an install: at each target lies what lay there, or all of the new one; the next install
 * comes to what an undisturbed one does; a further one changes nothing.
 */
export function sweepInstall(name: string, scenario: () => Promise<Run>, ...targets: readonly [string, ...string[]]): void {
  sweep(name, scenario, targets, {});
}

/** The same of an install that takes long: of the changes that one of its processes makes some are sampled. */
export function sweepLongInstall(name: string, scenario: () => Promise<Run>, ...targets: readonly [string, ...string[]]): void {
  sweep(name, scenario, targets, { changes: 6, steps: 6 });
}

function sweep(name: string, scenario: () => Promise<Run>, targets: readonly [string, ...string[]], sampled: Pick<KillOptions, 'changes' | 'steps'>): void {
  const invariants = [oldOrNew(...targets)];
  sweepKills(name, scenario, { invariants, except: STAGES, steps: 12, ...sampled });
  sweepFailingCalls(name, scenario, { invariants });
  sweepTwice(name, scenario);
}
