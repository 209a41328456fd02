import { describe } from 'vitest';
import { defineShell, exits, file } from 'shellrig';
import { definedExitCodes, oldOrNew } from 'shellrig/invariants';
import { sweepFailingCalls, sweepKills, sweepTwice } from 'shellrig/sweeps';
import install from './install.sh';

const shell = defineShell({
  source: [install],
  files: { '/stage/new': 'new\n', '/opt/agent': file('old\n', { mode: 0o755 }), '/etc/rules': '' },
  stubs: { agentctl: exits(0) },
  tools: ['cmp'],
});
const invariants = [oldOrNew('/opt/agent'), definedExitCodes([3, 4])];
const except = ['/opt/.agent.new'];

describe('killed', () => {
  const kills = { invariants: [oldOrNew('/opt/agent')], except, steps: 4 };

  sweepKills('good', () => shell.call('good'), kills);
  sweepKills('some of good', () => shell.call('good'), { ...kills, most: 12, marks: ['/opt/.agent.new'], converges: () => 'an agent' });
  sweepKills('in place', () => shell.call('in_place'), kills);
  sweepKills('locks', () => shell.call('locks'), { steps: 4 });
  sweepKills('takes first', () => shell.call('takes_first'), kills);
});

describe('failing', () => {
  sweepFailingCalls('good', () => shell.call('good'), { invariants });
  sweepFailingCalls('unchecked', () => shell.call('unchecked'), { invariants });
  sweepFailingCalls('silent', () => shell.call('silent'), { invariants });
});

describe('bounded', () => {
  sweepFailingCalls('cmp', () => shell.call('good'), { invariants, bounded: ['cmp'] });
});

describe('twice', () => {
  sweepTwice('good', () => shell.call('good'));
  sweepTwice('a rule', () => shell.call('inserts_a_rule'));
  sweepTwice('the time', () => shell.call('stamps'));
});
