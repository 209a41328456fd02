import { expect } from 'vitest';
import { defineShell, eventsFrom, exits, type Run } from 'shellrig';
import type { Invariant } from 'shellrig/invariants';
import { messageOf } from '../../matchers/record.fixture.js';

/** A shell whose scripts break what should always hold, when asked to. */
export const shell = defineShell({
  source: ['./testdata/leaves.sh'],
  files: { '/etc/agent.conf': 'name agent\n' },
  stubs: { sleep: exits(0), curl: exits(0) },
  events: eventsFrom('/var/log/events/*.json'),
});

/** The first lines of a failure, up to what every report tells. */
export function saidOf(run: Run, invariant: Invariant): string {
  return messageOf(() => expect(run).toHold(invariant)).split(/\n\n\.call/)[0]!;
}
