import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { owners, startAs } from '../../sandbox/owners.js';
import { installedAt } from '../../sandbox/programs.js';
import { limited, missing, ok, type Check } from './check.js';
import { asRoot, installCommand } from './install.js';

const NAME = 'user namespaces';

/**
 * Whether user namespaces can be made, by making one as a sandbox would and using the rights in it; the reason if not.
 */
export async function checkNamespaces(): Promise<Check> {
  const unshare = installedAt('unshare');
  if (!unshare) return missing(NAME, 'unshare is not installed', installCommand(['util-linux']));
  const as = startAs();
  if (as && !isMapped(as.uid)) {
    return missing(NAME, `this root is that of a container whose ids end below ${as.uid}`, 'run it as an ordinary user of this container, or start the container without a user namespace of its own');
  }
  // AppArmor lets a namespace be made and then takes the rights in it, so a mount is tried too.
  const tried = await execa(unshare, ['--user', '--map-root-user', '--mount', 'true'], { reject: false, cwd: '/', ...as });
  if (tried.exitCode === 0) return ok(NAME, 'can be made');
  return explained(tried.stderr.trim() || 'unshare failed');
}

/** The switches that forbid namespaces, the likeliest first (kernel documentation; Debian's and Ubuntu's own patches). */
function explained(error: string): Check {
  if (setting('user/max_user_namespaces') === '0') {
    return missing(NAME, 'user.max_user_namespaces is 0', asRoot('sysctl -w user.max_user_namespaces=15000'));
  }
  if (setting('kernel/unprivileged_userns_clone') === '0') {
    return missing(NAME, 'kernel.unprivileged_userns_clone is 0', asRoot('sysctl -w kernel.unprivileged_userns_clone=1'));
  }
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return missing(NAME, 'AppArmor restricts them (kernel.apparmor_restrict_unprivileged_userns is 1)', asRoot('sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'));
  }
  if (/^Seccomp:\s*2/m.test(read('/proc/self/status'))) {
    return missing(NAME, `a seccomp filter forbids them, as containers have by default (${error})`, CONTAINER);
  }
  return missing(NAME, error, 'run it where user namespaces are allowed: on the host, in a virtual machine, or in a container started with --privileged');
}

/** What Docker and Podman take away by default and sandboxes need; see their manuals on --security-opt. */
const CONTAINER = 'start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined';

/** What to do when namespaces can be made, and yet no sandbox starts. @param error what bubblewrap said. */
export function explainStart(error: string): Check {
  // The kernel mounts a new /proc only where nothing of the old one is hidden, as containers do.
  if (/mount proc/.test(error)) return missing('sandbox', `a container hides parts of /proc (${error})`, CONTAINER);
  return missing('sandbox', error, 'see the reason; the checks above found nothing');
}

/** Whether owners in sandboxes are real. */
export function checkOwners(): Check {
  const how = owners();
  if (how.kind === 'range') return ok('owners', `real: ${how.span} ids from ${how.base}`);
  const remedy = /sudo .*/.exec(how.advice)?.[0] ?? installCommand(['uidmap']);
  return limited('owners', `not real, and expectations on an owner fail: ${how.advice.replace(/: .*/s, '')}`, remedy);
}

function isMapped(id: number): boolean {
  return read('/proc/self/uid_map').split('\n').some((line) => {
    const [start = Number.NaN, , count = 0] = line.trim().split(/\s+/).map(Number);
    return id >= start && id < start + count;
  });
}

function setting(name: string): string {
  return read(`/proc/sys/${name}`).trim();
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
