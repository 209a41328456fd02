import { defineShell } from 'shellrig';
import { systemd } from 'shellrig/systemd';
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from './behaviour.fixture.js';
import { ASKING } from './behaviours/asking.fixture.js';
import { COMMANDS } from './behaviours/commands.fixture.js';
import { CONDITIONS } from './behaviours/conditions.fixture.js';
import { ENDINGS } from './behaviours/endings.fixture.js';
import { FURTHER } from './behaviours/further.fixture.js';
import { PROCESSES } from './behaviours/processes.fixture.js';
import { TRIGGERS } from './behaviours/triggers.fixture.js';
import { TYPES } from './behaviours/types.fixture.js';
import { UNITS } from './behaviours/units.fixture.js';
import { VERBS } from './behaviours/verbs.fixture.js';
import { WATCHED } from './behaviours/watched.fixture.js';

const shell = defineShell({ stubs: { ...systemd() }, tools: ['kill'], allow: { commands: ['/opt/gone', '/no/where'] } });

describe('as systemd does', () => {
  it.each([...TYPES, ...COMMANDS, ...CONDITIONS, ...ENDINGS, ...PROCESSES, ...UNITS, ...VERBS, ...ASKING, ...FURTHER, ...TRIGGERS, ...WATCHED])('$of: $says', async ({ files = {}, does, prints }) => {
    const run = await shell.given({ files }).call('eval', `{ ${FUNCTIONS}\n${does}\n} 2>&1`);

    expect(run.stdout).toBe(prints);
    expect(run).toExit(run.exitCode);
  });
});
