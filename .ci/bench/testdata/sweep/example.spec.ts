import { afterAll } from 'vitest';
import { defineShell, exits } from 'shellrig';
import { oldOrNew } from 'shellrig/invariants';
import { sweepKills } from 'shellrig/sweeps';
import { measured } from '../report.js';
import lib from './lib.sh';

const source = [...process.env['SCRIPTS']!.split(':'), lib];
const shell = defineShell({ source, env: { __SOURCED__: '1' }, stubs: { systemctl: exits(0) }, files: { '/opt/agent/agent.conf': 'mode = lax\n' } });
const started: number[] = [];

const scenario = () => {
  started.push(performance.now());
  return shell.call('configure');
};
sweepKills('a change of a configuration', scenario, { invariants: [oldOrNew('/opt/agent/agent.conf')], except: ['/opt/agent/agent.conf.new'], steps: 30 });

// The first runs start sessions; how long that takes is told elsewhere.
const FIRST = 10;

afterAll(() => {
  const runs = started.slice(FIRST);
  measured['sweep'] = [((runs.length - 1) / (runs.at(-1)! - runs[0]!)) * 1000];
});
