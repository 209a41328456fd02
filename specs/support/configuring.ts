import { bash, defineShell, exits, type Allowances } from 'shellrig';
import { noSecrets } from 'shellrig/invariants';
import config from '#node/cse_config.sh';
import { always } from './always.js';
import { marinerOptions } from './azure-linux.js';
import { metadata } from './configuration.js';
import { ROUTINE } from './routine.js';
import { ubuntuOptions } from './ubuntu.js';

/** Where the machine's metadata is cached. */
export const METADATA = '/opt/azure/containers/imds_instance_metadata_cache.json';

/** What does as it is told on every node. */
const obeys = {
  'ctr': exits(0),
  'modprobe': exits(0),
  'sysctl': exits(0),
  'systemctl': bash('[ "$1" != show ] || echo active'),
};
const allow = { unasserted: { ...ROUTINE.unasserted, calls: [...ROUTINE.unasserted.calls, ['systemctl', 'daemon-reload']] } } satisfies Allowances;
const invariants = [...always, noSecrets()];

/**
 * An Ubuntu 22.04 node (amd64) with everything sourced that configures it, whose metadata is cached. systemd does what it is
 * told at once, and says that services are active; the kernel takes settings and modules; containerd answers.
 */
export const configuring = defineShell({
  ...ubuntuOptions,
  source: [...ubuntuOptions.source, config],
  files: { ...ubuntuOptions.files, [METADATA]: metadata() },
  stubs: { ...ubuntuOptions.stubs, ...obeys },
  allow,
  invariants,
});

/** The same on Azure Linux 3.0. */
export const configuringAzureLinux = defineShell({
  ...marinerOptions,
  source: [...marinerOptions.source, config],
  files: { ...marinerOptions.files, [METADATA]: metadata() },
  stubs: { ...marinerOptions.stubs, ...obeys },
  allow,
  invariants,
});
