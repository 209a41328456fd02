import { defineShell, exits } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import { events } from './events.js';

/** A node with only `cse_helpers.sh` sourced, on which waiting costs no time; what the scripts make of the time is looked at, not that they ask for it. */
export const node = defineShell({
  source: [helpers],
  files: { '/etc/os-release': 'ID=ubuntu\nVERSION_ID="22.04"\n' },
  tools: ['jq'],
  stubs: { sleep: exits(0) },
  events,
  allow: { unasserted: { calls: ['date'] } },
});
