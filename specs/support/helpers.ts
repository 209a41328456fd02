import { defineShell } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import { events } from './events.js';

/** A node with only `cse_helpers.sh` sourced. */
export const node = defineShell({
  source: [helpers],
  files: { '/etc/os-release': 'ID=ubuntu\nVERSION_ID="22.04"\n' },
  tools: ['jq'],
  events,
});
