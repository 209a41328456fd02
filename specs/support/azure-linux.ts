import { defineShell, exits, real, type ShellOptions } from 'shellrig';
import osguardHelpers from '#node/azlosguard/cse_helpers_osguard.sh';
import osguardInstall from '#node/azlosguard/cse_install_osguard.sh';
import helpers from '#node/cse_helpers.sh';
import install from '#node/cse_install.sh';
import marinerHelpers from '#node/mariner/cse_helpers_mariner.sh';
import marinerInstall from '#node/mariner/cse_install_mariner.sh';
import { always } from './always.js';
import { events, eventsDirectory } from './events.js';
import { AMD64 } from './machine.js';
import { ROUTINE } from './routine.js';

/** What dnf and tdnf print when no repository has a package that was asked for. */
const NOTHING = exits(1).complains('Error: No matching Packages to list\n');

/** The outermost programs on every system with RPM packages: the image has none of them, nothing can be downloaded. */
const stubs = {
  ...AMD64.stubs,
  'cpio': real(),
  'curl': exits(6),
  'oras': exits(1),
  'rpm2cpio': real(),
};

/** An Azure Linux 3.0 node (amd64) with everything sourced that installs on it; its repositories have nothing. */
export const marinerOptions = {
  source: [helpers, marinerHelpers, install, marinerInstall],
  files: { ...eventsDirectory, '/etc/os-release': 'ID=azurelinux\nVERSION_ID="3.0"\n' },
  env: AMD64.env,
  tools: ['jq'],
  stubs: { ...stubs, dnf: NOTHING },
  allow: ROUTINE,
  events,
  invariants: always,
} satisfies ShellOptions;

/** {@link marinerOptions}, ready to be called into. */
export const mariner = defineShell(marinerOptions);

/** An Azure Linux OS Guard node (amd64), like {@link marinerOptions}. */
export const osguardOptions = {
  source: [helpers, osguardHelpers, install, osguardInstall],
  files: { ...eventsDirectory, '/etc/os-release': 'ID=azurelinux\nVERSION_ID="3.0"\nVARIANT_ID="osguard"\n' },
  env: AMD64.env,
  tools: ['jq'],
  stubs: { ...stubs, tdnf: NOTHING },
  allow: ROUTINE,
  events,
  invariants: always,
} satisfies ShellOptions;

/** {@link osguardOptions}, ready to be called into. */
export const osguard = defineShell(osguardOptions);
