import { at, called, defineShell, exits, fails, file, once, takes, type Actor, type FileSpecs, type Given } from 'shellrig';
import { systemd } from 'shellrig/systemd';
import { describe, expect, it } from 'vitest';
import waits from './testdata/waits.sh';

const shell = defineShell({ source: [waits], stubs: { report: exits(0) }, limits: { time: '60s' } });

/** What the call of `report` waited for: kind, who, what, from and to. */
async function pathOf(name: string, given: Given = {}): Promise<string[]> {
  const run = await shell.given(given).call(name);
  const { intervals } = run.timeline.criticalPathTo(called('report'));
  expect(intervals.map(({ to }) => to).slice(0, -1)).toEqual(intervals.map(({ from }) => from).slice(1));
  return intervals.map(({ kind, lane, what, from, to, isPresumed }) => `${from / 1000} to ${to / 1000} ${lane}: ${kind} ${what}${isPresumed ? ' (presumed)' : ''}`);
}

const service = (text: string, program: string, more: FileSpecs = {}): Given => ({
  files: { ...more, '/etc/systemd/system/agent.service': text, '/opt/agent': file(`#!/bin/bash\n${program}`, { mode: 0o755 }) },
  stubs: { ...systemd(), format: takes('1.5s') },
});

const go: Actor = at('2.5s', (world) => world.write({ '/run/go': '' }));

describe('a critical path', { timeout: 60_000 }, () => {
  it('tells a sleep that was ended before its time', async () => {
    expect(await pathOf('cut_short')).toEqual(['0 to 3 script: sleep sleep 10s, ended before its time']);
  });

  it('tells what nobody recorded as not known, and where that was', async () => {
    expect(await pathOf('for_nobody')).toEqual(['0 to 5 script: unknown not known: read -rt 5 _ <>/tmp/pipe']);
  });

  it('goes on with the actor who made what was looked for', async () => {
    expect(await pathOf('for_a_file', { actors: [go] })).toEqual(['0 to 2.5 actors: act write /run/go', '2.5 to 3 script: look sleep 1s goes on after: created /run/go (presumed)']);
  });

  it('goes on with what an actor waited for', async () => {
    const answers = once(called('ask'), (world) => world.write({ '/tmp/answer': 'yes\n' }));
    expect(await pathOf('for_an_answer', { stubs: { ask: takes('4s') }, actors: [answers] })).toEqual(['0 to 4 script: call ask', '4 to 5 script: sleep sleep 1s']);
  });

  it('goes on with the service that systemctl waited for, and what that did', async () => {
    expect(await pathOf('for_a_service', service('[Service]\nType=notify\nExecStartPre=/usr/bin/format\nExecStart=/opt/agent\n', 'sleep 2\nsystemd-notify --ready\nsleep 100\n'))).toEqual([
      '0 to 1.5 agent.service: call format', '1.5 to 3.5 agent.service: sleep sleep 2s', '3.5 to 3.5 script: wait systemctl start agent waits for agent.service',
    ]);
  });

  it('goes on with the service whose state a loop asked for', async () => {
    expect(await pathOf('for_a_state', service('[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/opt/agent\n', 'format\nsleep 1\n'))).toEqual([
      '0 to 1.5 agent.service: call format', '1.5 to 2.5 agent.service: sleep sleep 1s', '2.5 to 4 script: look sleep 2s goes on after: agent.service active (presumed)',
    ]);
  });

  it('goes on with what a restarted service waited for: the end of its earlier life, or another service', async () => {
    const program = 'sleep 1\ntouch /run/agent\nsystemd-notify --ready\nsleep 100\n';
    const running = service('[Service]\nType=notify\nExecStart=/opt/agent\nExecStop=/usr/bin/format\n', program);
    expect(await pathOf('for_a_restart', { ...running, stubs: { ...running.stubs, ...systemd({ active: ['agent'] }) } })).toEqual([
      '0 to 1.5 agent.service: call format', '1.5 to 2.5 agent.service: sleep sleep 1s', '2.5 to 2.5 script: wait systemctl restart agent waits for agent.service',
    ]);

    const disk = { '/etc/systemd/system/disk.service': '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/bin/format\n' };
    const stopped = service('[Unit]\nWants=disk.service\nAfter=disk.service\n[Service]\nType=notify\nExecStart=/opt/agent\n', program, disk);
    expect(await pathOf('for_a_restart', stopped)).toEqual([
      '0 to 1.5 disk.service: call format', '1.5 to 2.5 agent.service: sleep sleep 1s', '2.5 to 2.5 script: wait systemctl restart agent waits for agent.service',
    ]);
  });

  it('tells sleeps between tries as what they are', async () => {
    expect(await pathOf('retries', { stubs: { connect: fails({ times: 2 }).then(takes('1s')) }, actors: [at('100ms', () => {})] })).toEqual([
      '0 to 1 script: sleep sleep 1s', '1 to 3 script: sleep sleep 2s', '3 to 4 script: call connect', '4 to 4.5 script: sleep sleep 500ms',
    ]);
  });

  it('of an instant at the start waits for nothing', async () => {
    const run = await shell.call('report');
    expect(run.timeline.criticalPathTo(called('report')).intervals).toEqual([]);
    expect(run.timeline.criticalPathTo(called('report')).toString()).toContain('to report: 0.000 s');
  });
});
