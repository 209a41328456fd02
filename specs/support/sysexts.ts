import { bash, exits, fileFrom, handle, symlink, type FileSpecs, type ShellOptions, type Stub } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import install from '#node/cse_install.sh';
import aclHelpers from '#node/acl/cse_helpers_acl.sh';
import aclInstall from '#node/acl/cse_install_acl.sh';
import flatcarHelpers from '#node/flatcar/cse_helpers_flatcar.sh';
import flatcarInstall from '#node/flatcar/cse_install_flatcar.sh';
import { sysext, type SysextVersion } from '../../fixtures/served/index.js';
import type { PackageName } from '../../fixtures/packages/index.js';
import { always } from './always.js';
import { events, eventsDirectory } from './events.js';
import { AMD64 } from './machine.js';
import { ROUTINE } from './routine.js';

/** What has system extensions: for each system its scripts and how it names itself. */
const SYSTEMS = {
  flatcar: { source: [helpers, flatcarHelpers, install, flatcarInstall], release: 'ID=flatcar\nVERSION_ID="4230.2.0"\n' },
  acl: { source: [helpers, aclHelpers, install, aclInstall], release: 'ID=azurelinux\nVERSION_ID="3.0"\nVARIANT_ID=azurecontainerlinux\n' },
} as const;

/** A system with system extensions. */
export type SysextSystem = keyof typeof SYSTEMS;

export const SYSEXT_SYSTEMS = Object.keys(SYSTEMS) as SysextSystem[];

/** What systemd does with the images in /etc/extensions, as far as a sandbox can: what they hold appears in /usr, or no longer. */
export const refreshesSysexts = bash('rm -f /usr/bin/kubelet /usr/bin/kubectl /usr/bin/azure-acr-credential-provider /usr/lib/extension-release.d/extension-release.*; for raw in /etc/extensions/*.raw; do [ ! -f "$raw" ] || tar -xf "$raw" -C / || exit 1; done');

/**
 * A node of such a system (amd64) with everything sourced that installs on it. No registry has anything, and neither
 * has any URL; system extensions are merged.
 */
export function sysextOptions(system: SysextSystem): ShellOptions {
  const { source, release } = SYSTEMS[system];
  return {
    source,
    files: { ...eventsDirectory, '/etc/os-release': release },
    tools: ['jq'],
    env: AMD64.env,
    stubs: { ...AMD64.stubs, 'curl': exits(6), 'oras': exits(1), 'systemd-sysext': refreshesSysexts },
    allow: ROUTINE,
    events,
    invariants: always,
  };
}

/** A system extension that an image carries, by default `/opt/kubelet-sysext/downloads/kubelet-sysext-v1.34.1-1-amd64.raw`. */
export function carriedSysext(name: PackageName, version: SysextVersion, tag = `v${version}-1-amd64`): FileSpecs {
  return { [sysextPath(name, tag)]: fileFrom(sysext(name, version)) };
}

/** Where a system extension lies, which an image carries or a registry gave. */
export function sysextPath(name: PackageName, tag: string): string {
  return `/opt/${name}-sysext/downloads/${name}-sysext-${tag}.raw`;
}

/** The link by which systemd finds a system extension. */
export function merged(name: PackageName, tag: string): FileSpecs {
  return { [`/etc/extensions/${name}-sysext.raw`]: symlink(sysextPath(name, tag)) };
}

/**
 * `oras` of a registry that has system extensions: `oras repo tags REPOSITORY ...` lists their tags, `oras pull
 * REPOSITORY:TAG -o DIRECTORY ...` gives the file on this machine, under a name of its own.
 *
 * @param extensions by `<registry>/oss/v2/kubernetes/<name>-sysext:<tag>`
 */
export function orasWithSysexts(extensions: Readonly<Record<string, string>>): Stub {
  return handle(async ({ args, write }) => {
    const [command, second] = args;
    if (command === 'repo') {
      const tags = Object.keys(extensions).filter((reference) => reference.startsWith(`${args[2]}:`)).map((reference) => reference.split(':')[1]);
      return tags.length ? `${tags.join('\n')}\n` : exits(1);
    }
    const path = extensions[second ?? ''];
    if (!path) return 1;
    await write({ [`${args[3]}/extension.raw`]: fileFrom(path) });
    return 0;
  });
}
