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
  let as: ReturnType<typeof startAs>;
  try {
    as = startAs();
  } catch (error) {
    const [reason = '', remedy = ''] = (error as Error).message.split(/: (.*)/s);
    return missing(NAME, reason, remedy);
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
  // A process of the sandbox becomes its root by starting a program (capabilities(7)), which this forbids for ever.
  if (/^NoNewPrivs:\s*1/m.test(read('/proc/self/status'))) {
    return missing('sandbox', `this process may gain no rights, not even in a sandbox: no_new_privs is set (${error})`, 'start it without: no `--security-opt no-new-privileges` (Docker), `NoNewPrivileges=` (systemd), `allowPrivilegeEscalation: false` (a pod) above it');
  }
  // The kernel mounts a new /proc only where nothing of the old one is hidden, as containers do.
  if (/mount proc|mount: \/proc/.test(error)) return missing('sandbox', `a container hides parts of /proc (${error})`, CONTAINER);
  return missing('sandbox', error, 'see the reason; the checks above found nothing');
}

/** Whether owners in sandboxes are real: asked after a sandbox was tried, since only then the machine may refuse them. */
export function checkOwners(): Check {
  const how = owners();
  if (how.kind === 'range') return ok('owners', `real: ${how.span} ids from ${how.base}`);
  const [reason = '', remedy = ''] = how.advice.split(/: (.*)/s);
  return limited('owners', `not real, and expectations on an owner fail: ${how.advice.includes('refused') ? how.advice.replace(/; see .*/s, '') : reason}`, mending(how.advice, remedy));
}

function mending(advice: string, remedy: string): string {
  if (advice.includes('newuidmap is missing')) return installCommand(['uidmap']);
  // Without the right to write maps for others, the two programs do nothing; packages install them so.
  if (advice.includes('refused')) return asRoot('chmod u+s /usr/bin/newuidmap /usr/bin/newgidmap');
  return remedy;
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
