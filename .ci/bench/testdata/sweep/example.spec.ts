import { afterAll } from 'vitest';
import { defineShell, exits } from 'shellrig';
import { oldOrNew } from 'shellrig/invariants';
import { sweepKills } from 'shellrig/sweeps';
import { measured } from '../report.js';
import lib from './lib.sh';

const source = [...process.env['SCRIPTS']!.split(':'), lib];
const shell = defineShell({ source, env: { __SOURCED__: '1' }, stubs: { systemctl: exits(0) }, files: { '/opt/agent/agent.conf': 'mode = lax\n' } });
const times: number[] = [];

// The first two runs start a session and name the moments; how long they take is told elsewhere.
sweepKills('a change of a configuration', () => {
  times.push(performance.now());
  return shell.call('configure');
}, { invariants: [oldOrNew('/opt/agent/agent.conf')], except: ['/opt/agent/agent.conf.new'], steps: 30 });

afterAll(() => {
  const [first = 0, last = 0] = [times[10], times.at(-1)];
  measured['sweep'] = [((times.length - 11) / (last - first)) * 1000];
});
