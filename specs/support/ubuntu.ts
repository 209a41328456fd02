import { defineShell, exits, real, returns, type ShellOptions } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import install from '#node/cse_install.sh';
import ubuntuHelpers from '#node/ubuntu/cse_helpers_ubuntu.sh';
import ubuntuInstall from '#node/ubuntu/cse_install_ubuntu.sh';
import { always } from './always.js';
import { events, eventsDirectory } from './events.js';
import { AMD64 } from './machine.js';
import { ROUTINE } from './routine.js';

/**
 * An Ubuntu 22.04 node (amd64) with everything sourced that installs on it, in the order of a boot. Only the outermost
 * programs are stubs: the sources of packages have nothing, nobody holds apt's locks. `packageSources` gives more.
 */
export const ubuntuOptions = {
  source: [helpers, ubuntuHelpers, install, ubuntuInstall],
  files: {
    ...eventsDirectory,
    '/etc/os-release': 'ID=ubuntu\nVERSION_ID="22.04"\n',
    '/etc/apt/sources.list.d/microsoft-prod.list': 'deb https://packages.example/ubuntu jammy main\n',
  },
  env: AMD64.env,
  tools: ['jq'],
  stubs: {
    ...AMD64.stubs,
    'lsb_release': returns('22.04\n'),
    'apt': returns('Listing...\n'),
    'apt-get': exits(0),
    'apt-mark': exits(0),
    'curl': exits(6),
    'dpkg': exits(0),
    'dpkg-deb': real(),
    'fuser': exits(1),
    'oras': exits(1),
  },
  allow: ROUTINE,
  events,
  invariants: always,
} satisfies ShellOptions;

/** {@link ubuntuOptions}, ready to be called into. */
export const ubuntu = defineShell(ubuntuOptions);
