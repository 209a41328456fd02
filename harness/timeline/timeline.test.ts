import { at, called, changed, acted, compareMilestones, defineShell, ended, emitted, eventsFrom, exits, file, spy, takes, type Run } from 'shellrig';
import { systemd, unitIs } from 'shellrig/systemd';
import { beforeAll, describe, expect, it } from 'vitest';
import { messageOf } from '../matchers/record.fixture.js';
import site from './testdata/site.sh';
import waits from './testdata/waits.sh';

const shell = defineShell({
  source: [site],
  files: {
    '/etc/systemd/system/server.service': '[Unit]\nAfter=disk.service\nWants=disk.service\n[Service]\nType=notify\nExecStart=/opt/server\n',
    '/etc/systemd/system/disk.service': '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/opt/disk --format\n',
    '/opt/server': file('#!/bin/bash\nsleep 3\nsystemd-notify --ready\nsleep 1\ntouch /run/server.ready\nsleep 100\n', { mode: 0o755 }),
  },
  stubs: { ...systemd(), '/opt/disk': takes('2s'), 'download': takes('3s'), 'unpack': takes('2.5s'), 'database': takes('1s'), 'report': exits(0), 'fetch': spy() },
  limits: { time: '60s' },
});

const MILESTONES = { 'started': called('systemctl', 'start', '--no-block', 'server'), 'server up': unitIs('server', 'active'), 'ready': called('report', 'ready') };

const up = () => shell.given({ actors: [at('2s', function backupRuns(world) { return world.write({ '/run/backup': '' }); })] }).call('up');

describe('the timeline of a run', { timeout: 60_000 }, () => {
  let run: Run;
  beforeAll(async () => { run = await up(); }, 60_000);

  it('is a table of what happened when, who did it and where', () => {
    expect(`\n${run.timeline.toString()}\n`).toMatchInlineSnapshot(`
      "
            at         took  who               what                               where
       0.000 s      5.500 s  job 1 site.sh:25  fetch site                         harness/timeline/testdata/site.sh:5 fetch
       0.000 s      3.000 s  job 1 site.sh:25  download site                      harness/timeline/testdata/site.sh:6 fetch
       0.000 s      4.000 s  script            sleep 4s                           harness/timeline/testdata/site.sh:11 migrate
       2.000 s               actors            backupRuns: write /run/backup
       2.000 s               files             created /run/backup
       3.000 s      2.500 s  job 1 site.sh:25  unpack site                        harness/timeline/testdata/site.sh:7 fetch
       4.000 s      1.000 s  script            database migrate                   harness/timeline/testdata/site.sh:12 migrate
       5.500 s               script            systemctl start --no-block server  harness/timeline/testdata/site.sh:29 up
       5.500 s               disk.service      disk.service activating
       5.500 s      2.000 s  disk.service      /opt/disk --format                 harness/timeline/testdata/site.sh:29 up
       5.500 s               script            report starting                    harness/timeline/testdata/site.sh:30 up
       5.500 s      2.000 s  script            sleep 2s                           harness/timeline/testdata/site.sh:19 await_ready
       7.500 s               disk.service      disk.service active
       7.500 s               server.service    server.service activating
       7.500 s      3.000 s  server.service    sleep 3s                           /opt/server:2
       7.500 s      2.000 s  script            sleep 2s                           harness/timeline/testdata/site.sh:19 await_ready
       9.500 s      2.000 s  script            sleep 2s                           harness/timeline/testdata/site.sh:19 await_ready
      10.500 s               server.service    systemd-notify --ready             /opt/server:3
      10.500 s               server.service    server.service active
      10.500 s      1.000 s  server.service    sleep 1s                           /opt/server:4
      11.500 s  did not end  server.service    sleep 100s                         /opt/server:6
      11.500 s      2.000 s  script            sleep 2s                           harness/timeline/testdata/site.sh:19 await_ready
      11.500 s               files             created /run/server.ready
      13.500 s               script            report ready                       harness/timeline/testdata/site.sh:32 up
      13.500 s               script            ended with exit code 0             harness/timeline/testdata/site.sh:32 up
      "
    `);
  });

  it('is a picture in letters', () => {
    expect(`\n${run.timeline.lanesText({ milestones: MILESTONES })}\n`).toMatchInlineSnapshot(`
      "
                        |0 s        |2 s        |4 s        |6 s        |8 s        |10 s       |12 s
      script            ░░░░░░░░░░░░░░░░░░░░░░░░██████   ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
      job 1 site.sh:25  █████████████████████████████████
      disk.service                                       ████████████━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
      server.service                                                 ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒━━━━━━━━━━━━━━━━━━━
      actors                        ◆
      critical path     █████████████████████████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
      milestones                                         a                             b                 c
        a  5.500 s  started
        b  10.500 s  server up
        c  13.500 s  ready
      █ works  ░ sleeps  ▒ is coming up or going down  ━ is up  × failed  ◆ acts, or an event  ? not known
      "
    `);
  });

  it('is a picture', async () => {
    await expect(run.timeline.svg({ milestones: MILESTONES })).toMatchFileSnapshot('testdata/site.svg');
  });

  it('tells what an instant waited for: jobs, services and files that were looked for, back to the start', () => {
    const path = run.timeline.criticalPathTo(called('report', 'ready'));
    expect(`\n${path.toString()}\n`).toMatchInlineSnapshot(`
      "
      to report ready: 13.500 s, of which 2.000 s between looks
          from        to     took   share  who               what                                                          where
       0.000 s   3.000 s  3.000 s  22.2 %  job 1 site.sh:25  download site                                                 harness/timeline/testdata/site.sh:6 fetch
       3.000 s   5.500 s  2.500 s  18.5 %  job 1 site.sh:25  unpack site                                                   harness/timeline/testdata/site.sh:7 fetch
       5.500 s   5.500 s                   script            ^ waits for job 1 site.sh:25                                  harness/timeline/testdata/site.sh:28 up
       5.500 s   7.500 s  2.000 s  14.8 %  disk.service      /opt/disk --format                                            harness/timeline/testdata/site.sh:29 up
       7.500 s  10.500 s  3.000 s  22.2 %  server.service    sleep 3s                                                      /opt/server:2
      10.500 s  11.500 s  1.000 s   7.4 %  server.service    sleep 1s                                                      /opt/server:4
      11.500 s  13.500 s  2.000 s  14.8 %  script            sleep 2s goes on after: created /run/server.ready (presumed)  harness/timeline/testdata/site.sh:19 await_ready
      "
    `);
    expect(path.intervals.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(run.timeline.criticalPathTo().intervals).toEqual(path.intervals);
  });

  it('is the same in every run', async () => {
    const again = await up();
    expect(again.timeline.toString()).toBe(run.timeline.toString());
    expect(again.timeline.svg({ milestones: MILESTONES })).toBe(run.timeline.svg({ milestones: MILESTONES }));
  });

  it('names jobs in the order in which they were started, in the first run of a session as in others', async () => {
    const two = '( sleep 3; report a ) & ( sleep 2; report b ) & wait';
    const tables = [];
    for (let time = 0; time < 3; time += 1) tables.push((await shell.call('eval', two)).timeline.toString());
    expect(new Set(tables).size).toBe(1);
    expect(tables[0]).toMatch(/job 2 +report b[^]*job 1 +report a/);
  });

  it.each([
    ['by a signal', 'sleep 5 & local p=$!; sleep 1; kill $p; wait $p 2>/dev/null; sleep 10; report'],
    ['by timeout', 'timeout 1 sleep 5; sleep 10; report'],
    ['by timeout, as the last thing of a run', 'timeout 1 sleep 5; report'],
    ['by the end of its parent', 'exec 2>/dev/null; (trap "kill -9 \\$p; exit" TERM; sleep 5 & p=$!; wait) & sleep 1; kill $!; wait; sleep 10; report'],
  ])('tells how long a sleep took that was ended before its time: %s', async (_how, text) => {
    const { timeline } = await shell.call('eval', `f() { ${text}; }; f`);
    expect(timeline.toString()).toMatch(/^ *0\.000 s +1\.000 s +(?:job \d|script) +sleep 5s/m);
    expect(timeline.toString()).not.toContain('did not end');
  });

  it('is asserted by what happened, whatever it is', () => {
    expect(run).toHappenBefore(ended('fetch', 'site'), called('systemctl', 'start', '--no-block', 'server'));
    expect(run).toHappenBefore(['systemctl', 'start', '--no-block', 'server'], unitIs('disk', 'active'));
    expect(run).toHappenBefore(unitIs('disk', 'active'), unitIs('server', 'activating'));
    expect(run).toHappenBefore(acted('backupRuns'), changed('/run/server.ready'));
    expect(run).not.toHappenBefore(called('report', 'ready'), changed('/run/server.ready'));
    expect(run).not.toHappenBefore(called('report', 'starting'), called('report', 'starting'));
    expect(run.timeline.find(acted('write /run/backup')).time).toBe(2000);
  });

  it('shows both instants and what lies between them where the order is another', () => {
    expect(messageOf(() => expect(run).toHappenBefore(unitIs('server', 'active'), ended('/opt/disk'))).split('\n\n').slice(0, 3).join('\n\n')).toMatchInlineSnapshot(`
      "expect(run).toHappenBefore(server.service active, the end of /opt/disk): it happened after it

        7.500 s  disk.service  end of /opt/disk --format   at harness/timeline/testdata/site.sh:29 up
          7.500 s  disk.service  disk.service active
          7.500 s  server.service  server.service activating
          7.500 s  server.service  sleep 3s   took 3.000 s   at /opt/server:2
          7.500 s  script  sleep 2s   took 2.000 s   at harness/timeline/testdata/site.sh:19 await_ready
          9.500 s  script  sleep 2s   took 2.000 s   at harness/timeline/testdata/site.sh:19 await_ready
          10.500 s  server.service  systemd-notify --ready   at /opt/server:3
        10.500 s  server.service  server.service active

      .call('up') ended with exit code 0"
    `);
    expect(messageOf(() => expect(run).toHappenBefore(changed('/run/backup'), changed('/run/backup'))).split('\n\n').slice(0, 2).join('\n\n')).toMatchInlineSnapshot(`
      "expect(run).toHappenBefore(change of /run/backup, change of /run/backup): both name the same instant

        2.000 s  files  created /run/backup"
    `);
    expect(messageOf(() => expect(run).toHappenBefore(['report', 'ready'], ['report', 'starting']))).toContain('5.500 s  script  report starting');
  });

  it('says what is nearest where nothing is what was named', () => {
    expect(messageOf(() => expect(run).toHappenBefore(unitIs('server', 'failed'), called('report', 'ready'))).split('\n\n').slice(0, 2).join('\n\n')).toMatchInlineSnapshot(`
      "expect(run).toHappenBefore(server.service failed, report ready): server.service failed never happened

        nearest:
          10.500 s  server.service  server.service active
          7.500 s  server.service  server.service activating
          7.500 s  disk.service  disk.service active"
    `);
    expect(messageOf(() => expect(run).not.toHappenBefore(called('report'), called('download', 'page')))).toContain('download page never happened');
    expect(() => run.timeline.criticalPathTo(called('download', 'page'))).toThrow(/download page did not happen[^]*nearest:\n {2}0\.000 s {2}job 1 .*download site/);
    expect(() => run.timeline.find({} as never)).toThrow("an instant is named by called('name', ...)");
  });

  it('tells of a command that is not declared, whose calls nobody recorded', () => {
    const [undeclared, tool] = ["'downlod' is not declared in this shell: its calls are not recorded. Did you mean 'download'?", "'cat' is a tool: its calls are not recorded."];
    expect(() => run.timeline.criticalPathTo(called('downlod', 'site'))).toThrow(undeclared);
    expect(() => run.timeline.find(ended('downlod'))).toThrow(expect.objectContaining({ code: 'not-recorded' }));
    expect(() => run.timeline.milestones({ read: called('cat') })).toThrow(tool);
    expect(() => run.timeline.svg({ to: ended('cat') })).toThrow(tool);
    expect(() => expect(run).not.toHappenBefore(called('report', 'ready'), called('downlod'))).toThrow(undeclared);
  });

  it('is compared by its milestones', () => {
    const first = run.timeline.milestones(MILESTONES);
    expect(first).toEqual({ 'started': 5500, 'server up': 10_500, 'ready': 13_500 });
    const table = compareMilestones(first, { ...first, 'ready': 11_250, 'gone': 1 }, ['before', 'after']);
    expect(table.rows[2]).toEqual({ milestone: 'ready', first: 13_500, second: 11_250, difference: -2250 });
    expect(`\n${table.toString()}\n`).toMatchInlineSnapshot(`
      "
        before     after  difference  milestone
       5.500 s   5.500 s    +0.000 s  started
      10.500 s  10.500 s    +0.000 s  server up
      13.500 s  11.250 s    -2.250 s  ready
             -   0.001 s           -  gone
      "
    `);
    expect(() => run.timeline.milestones({ gone: called('fetch', 'gone') })).toThrow('fetch gone did not happen');
  });
});

describe('instants that only files tell of', () => {
  const shell = defineShell({ source: [waits], stubs: { report: exits(0) }, events: eventsFrom('/var/log/app/*.json') });

  it('are those of their last change, and have no order where they are one', async () => {
    const run = await shell.call('tells');

    expect(run.timeline.milestones({ install: emitted({ task: 'install' }), start: emitted({ task: /^st/ }), three: emitted({ code: 3 }) })).toEqual({ install: 0, start: 2000, three: 2000 });
    expect(run).toHappenBefore(emitted({ task: 'install' }), emitted({ task: 'start' }));
    expect(messageOf(() => expect(run).toHappenBefore(emitted({ task: 'start' }), emitted({ task: 'wait' })))).toContain('nothing tells which came first');
    expect(messageOf(() => expect(run).not.toHappenBefore(emitted({ task: 'start' }), called('report')))).toContain('nothing tells which came first');
    expect(() => run.timeline.find(emitted({ task: 'stop' }))).toThrow(/event \{ task: "stop" \} did not happen[^]*nearest/);
  });
});

it('a run by the real clock has no timeline', async () => {
  const run = await defineShell({ clock: 'real' }).call('true');
  expect(() => run.timeline).toThrow("run.timeline: by a virtual clock only, and this shell has clock: 'real'");
});
