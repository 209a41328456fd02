import { at, called, defineShell, exists, exits, file, once, rest, symlink, when } from 'shellrig';
import { systemd, unitIs, unitsOf } from 'shellrig/systemd';
import { describe, expect, it } from 'vitest';

const unit = (text: string) => ({ '/etc/systemd/system/agent.service': text });
const SLEEPS = unit('[Service]\nExecStart=/bin/sleep 1000\n');
const shell = defineShell({ stubs: { ...systemd() } });

describe('a run with systemd()', () => {
  it('runs services as processes of their own, whose calls are recorded, and tells what became of them', async () => {
    const files = {
      ...unit('[Unit]\nDescription=An agent\nAfter=disk.service\nWants=disk.service\n[Service]\nExecStart=/opt/agent\n'),
      '/usr/lib/systemd/system/disk.service': '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/opt/disk --format\n',
      '/opt/agent': file('#!/bin/bash\necho "up at $(date +%T)"\nsleep 7\necho "ends at $(date +%T)"\n', { mode: 0o755 }),
    };
    const run = await shell.given({ files, stubs: { '/opt/disk': exits(0).takes('2s') } }).call('eval', 'systemctl start agent; sleep 10');

    expect(run).toSucceed();
    expect(run).toHaveCalled('/opt/disk', '--format');
    expect(run).toHappenBefore(['systemctl', 'start', 'agent'], ['/opt/disk', '--format']);
    const units = unitsOf(run);
    expect(units.started).toEqual(['disk.service', 'agent.service']);
    expect(units.state('disk')).toBe('active');
    expect(units.state('agent')).toBe('inactive');
    expect(units.property('agent', 'Result')).toBe('success');
    expect(units.transitions('agent').map(({ time, to }) => [time, to])).toEqual([[2000, 'active'], [9000, 'inactive']]);
    expect(units.journal('agent')).toBe('Started agent.service - An agent.\nup at 00:00:02\nends at 00:00:09\nagent.service: Deactivated successfully.\n');
  });

  it('starts a service as often as it likes, and keeps a line that nobody ended', async () => {
    const files = unit('[Service]\nType=oneshot\nExecStart=/bin/bash -c "printf x%%s $$RUN"\nEnvironmentFile=/run/nr\n');
    const run = await shell.given({ files }).call('eval', 'for i in {1..60}; do echo RUN=$i >/run/nr; systemctl start agent; done; journalctl -u agent -t bash -o cat | tail -n 2');
    expect(run.stdout).toBe('x59\nx60\n');
  });

  it('begins each command once, though the first calls come at one time, and after everything was killed', async () => {
    const files = { ...unit('[Service]\nType=oneshot\nExecStart=/bin/bash -c "echo ran >>/tmp/ran"\n'), '/etc/systemd/system/other.service': '[Service]\nType=oneshot\nExecStart=/bin/bash -c "echo ran >>/tmp/ran"\n' };
    const together = await shell.given({ files }).call('eval', 'systemctl start agent & systemctl start other & systemctl is-active gone & wait');
    expect(together.file('/tmp/ran').text).toBe('ran\nran\n');

    const killed = await shell.given({ files }).call('eval', 'systemctl start agent; (for pid in /proc/[0-9]*; do [[ $(<"$pid/comm") != bash || $(tr "\\0" " " <"$pid/cmdline") != *keeper* ]] || kill -9 "${pid#/proc/}"; done) 2>/dev/null; systemctl start other');
    expect(killed.file('/tmp/ran').text).toBe('ran\nran\n');
  });

  it('has the same timeline each time', async () => {
    const files = unit('[Service]\nRestart=always\nRestartSec=1\nExecStart=/bin/bash -c "echo run; sleep 0.3; exit 1"\n');
    const timeline = async () => unitsOf(await shell.given({ files }).call('eval', 'systemctl start agent; sleep 5')).entries.filter(({ identifier }) => identifier === 'systemd').map(({ time, message }) => `${time} ${message}`);

    expect(await timeline()).toEqual(await timeline());
  });

  it('begins what is to begin at one time in the order of asking, each when the one before waits', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const files = Object.fromEntries(names.map((name) => [`/etc/systemd/system/${name}.service`, `[Service]\nExecStart=/bin/sh -c 'echo ${name} >>/tmp/began; sleep 1; echo ${name} >>/tmp/went-on'\n`]));
    for (let time = 0; time < 4; time += 1) {
      const run = await shell.given({ files }).call('eval', 'systemctl start a b c d e; sleep 2; paste -s /tmp/began /tmp/went-on');

      expect(run.stdout).toBe('a\tb\tc\td\te\n'.repeat(2));
    }
  });

  it('signals the processes of a unit one after the other, each when the one before has acted on it', async () => {
    const jobs = ['a', 'b', 'c', 'd'].map((name) => `(trap 'echo ${name} >>/tmp/ended; exit' TERM; while :; do sleep 1; done) &`).join(' ');
    const files = unit(`[Service]\nExecStart=/bin/bash -c "${jobs} wait"\n`);
    for (let time = 0; time < 4; time += 1) {
      const run = await shell.given({ files }).call('eval', 'systemctl start agent; sleep 2.5; systemctl stop agent; paste -s /tmp/ended');

      expect(run.stdout).toBe('a\tb\tc\td\n');
    }
  });

  it('ends when the called shell has: units that run are states, no leftovers', async () => {
    const run = await shell.given({ files: SLEEPS }).call('systemctl', 'start', 'agent');

    expect(run).toSucceed();
    expect(unitsOf(run).state('agent')).toBe('active');
    expect(run.record).toMatchObject({ leftovers: [], duration: 0 });
  });

  it.each([
    ['systemctl stop --no-block agent; systemctl start agent'],
    ['systemctl stop agent & sleep 0; systemctl start agent'],
  ])('starts a unit once it has stopped: %s', async (command) => {
    const files = unit('[Service]\nExecStart=/bin/sleep 1000\nExecStop=/bin/sleep 3\n');
    const run = await shell.given({ files }).call('eval', `systemctl start agent; ${command}; echo "$? $SECONDS"`);
    expect(run.stdout).toBe('0 3\n');
    expect(unitsOf(run).state('agent')).toBe('active');
  });

  it('begins with a unit that is a link to a script, where another left it enabled', async () => {
    const machine = shell.with({ source: [new URL('testdata/machine.sh', import.meta.url).pathname] });
    const installed = await machine.call('install_unit');
    expect(installed).toSucceed();

    const run = await machine.given({ tree: installed.record.after }).call('systemctl', 'start', 'agent');

    expect(run).toSucceed();
    expect(unitsOf(run).state('agent')).toBe('active');
  });

  it('goes on while a unit is on its way, as long as work in the background may take', async () => {
    const files = unit('[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 20\n');
    const left = await shell.given({ files }).call('systemctl', 'start', '--no-block', 'agent');
    expect(unitsOf(left).state('agent')).toBe('activating');
    expect(left.record.leftovers).toEqual([]);

    const run = await shell.given({ files, limits: { background: '1m' } }).call('systemctl', 'start', '--no-block', 'agent');
    expect(unitsOf(run).state('agent')).toBe('active');
    expect(run.record.duration).toBe(20_000);
  });

  it('lets actors end services, and waits that time out be ended', async () => {
    const program = { ...unit('[Service]\nExecStart=/opt/agent\n'), '/opt/agent': file('#!/bin/bash\nsleep 1000\n', { mode: 0o755 }) };
    const died = await shell.given({ files: program, actors: [at('3s', (world) => world.signal('KILL', 'agent'))] }).call('eval', 'systemctl start agent; sleep 5');
    expect(died).toSucceed();
    expect(unitsOf(died).property('agent', 'Result')).toBe('signal');
    expect(unitsOf(died).transitions('agent').at(-1)).toMatchObject({ time: 3000, to: 'failed' });

    const files = unit('[Service]\nType=oneshot\nExecStart=/bin/bash -c "until [[ -e /run/ready ]]; do sleep 1; done"\n');
    const late = await shell.given({ files, actors: [once(called('systemctl', 'start', 'agent'), () => {}), at('20s', (world) => world.write({ '/run/ready': '' }))] })
      .call('eval', 'timeout 5 systemctl start agent; echo $?; systemctl is-active agent; timeout 30 systemctl start agent; echo $?');
    expect(late.stdout).toBe('124\nactivating\n0\n');
    expect(late.record.duration).toBe(20_000);
  });

  it('lets actors wait for a state', async () => {
    const files = unit('[Service]\nType=notify\nExecStart=/opt/agent\n');
    const program = { '/opt/agent': file('#!/bin/bash\nsleep 4\nsystemd-notify --ready\nsleep 1000\n', { mode: 0o755 }) };
    const run = await shell.given({ files: { ...files, ...program }, actors: [once(unitIs('agent', 'active'), (world) => world.write({ '/run/seen': `${world.time}` }))] })
      .call('eval', 'systemctl start --no-block agent; until [[ -e /run/seen ]]; do sleep 1; done');
    expect(run.file('/run/seen').text).toBe('4000');
  });

  it('is met on every route, beside other answers, and by the real clock', async () => {
    const routed = await shell.given({ files: SLEEPS }).call('eval', 'env -i /usr/bin/systemctl start agent; echo agent | xargs systemctl is-active; bash -c "timeout 5 systemctl stop agent"; systemctl is-active agent; :');
    expect(routed.stdout).toBe('active\ninactive\n');

    const machine = systemd();
    const mixed = await shell.given({ files: SLEEPS, stubs: { ...machine, 'systemctl': when(['start', rest]).exits(5).otherwise(machine.systemctl) } }).call('eval', 'systemctl start agent; echo $?; systemctl restart agent; journalctl -u agent -o cat');
    expect(mixed.stdout).toBe('5\nStarted agent.service.\n');
    await expect(shell.given({ stubs: { systemctl: systemd().systemctl } }).call('systemctl', 'stop', 'x')).rejects.toThrow('take all stubs from one call');

    const real = await shell.with({ clock: 'real' }).given({ files: unit('[Service]\nRestart=on-failure\nExecStart=/bin/bash -c "test -e /run/second || { : >/run/second; exit 1; }; sleep 1000"\n') }).call('eval', 'systemctl start agent; sleep 1; systemctl is-active agent; systemctl stop agent');
    expect(real.stdout).toBe('active\n');
    expect(unitsOf(real).property('agent', 'NRestarts')).toBe('1');
  });

  it('knows units that run already, and that their files are others now', async () => {
    const run = await shell.given({ files: SLEEPS, stubs: { ...systemd({ active: ['agent'] }) } })
      .call('eval', 'systemctl is-active agent; echo >>/etc/systemd/system/agent.service; systemctl restart agent; systemctl show -p SubState --value agent; systemctl list-units --no-legend "agent*"');
    expect(run.stdout).toBe('active\nrunning\n  agent.service loaded active running agent.service\n');
    expect(run.stderr).toBe("Warning: The unit file, source configuration file or drop-ins of agent.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n");
  });

  it('knows for how long units have run, and how long the machine took', async () => {
    const files = { ...SLEEPS, '/etc/systemd/system/first.service': '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n' };
    const run = await shell.given({ files, stubs: { ...systemd({ active: { first: '9.5s', agent: '2s' }, up: '12.5s' }) } })
      .call('eval', 'systemctl show -p SubState,ExecMainStartTimestamp first agent gone; systemctl show -p KernelTimestamp --value; systemd-analyze | cat -A; systemd-analyze --no-pager time | head -n 1');
    expect(run.stdout).toBe(`ExecMainStartTimestamp=Mon 2029-12-31 23:59:50 UTC
SubState=exited

ExecMainStartTimestamp=Mon 2029-12-31 23:59:58 UTC
SubState=running

ExecMainStartTimestamp=
SubState=dead
Mon 2029-12-31 23:59:47 UTC
Startup finished in 2.500s (kernel) + 10s (userspace) = 12.500s $
multi-user.target reached after 10s in userspace.$
Startup finished in 2.500s (kernel) + 10s (userspace) = 12.500s 
`);
  });

  it('tells the job of a unit whose start waits for that of another', async () => {
    const files = { ...unit('[Unit]\nAfter=disk.service\n[Service]\nExecStart=/bin/sleep 1000\n'), '/etc/systemd/system/disk.service': '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 5\n' };
    const run = await shell.given({ files }).call('eval', 'systemctl start --no-block disk agent; systemctl show -p ActiveState -p Job agent; sleep 6; systemctl show -p ActiveState -p Job agent; systemctl show agent | grep -c ^Job=');
    expect(run.stdout).toBe('ActiveState=inactive\nJob=2\nActiveState=active\nJob=\n0\n');
    expect(run).toExit(1);
  });

  it('knows since when things run', async () => {
    const timer = { '/etc/systemd/system/agent.timer': '[Timer]\nOnBootSec=1min\nOnCalendar=*-*-* 00:02:00\n' };
    const files = { ...unit('[Service]\nType=oneshot\nExecStart=/bin/date +%%T\n'), ...timer };
    const run = await shell.given({ files, stubs: { ...systemd({ up: '20s' }) } })
      .call('eval', 'systemctl show -p KernelTimestamp --value; systemctl start agent.timer; sleep 200; journalctl -u agent -t date -o cat; systemctl show -p SubState,ActiveEnterTimestampMonotonic agent.timer');
    expect(run.stdout).toBe('Mon 2029-12-31 23:59:40 UTC\n00:00:40\n00:02:00\nSubState=waiting\nActiveEnterTimestampMonotonic=20000000\n');
  });

  it('goes by the files that were read until it is told to read them anew', async () => {
    const files = {
      ...unit('[Service]\nType=oneshot\nExecStart=/bin/echo old\n[Install]\nWantedBy=multi-user.target\n'),
      '/etc/systemd/system/multi-user.target.wants/agent.service': symlink('/etc/systemd/system/agent.service'),
      '/etc/systemd/system/other.service': '[Service]\nType=oneshot\nExecStart=/bin/echo old\n',
    };
    const run = await shell.given({ files }).call('eval', `sed -i s/old/new/ /etc/systemd/system/{agent,other}.service
systemctl start agent other; journalctl -t echo -o cat; systemctl daemon-reload; systemctl start agent; journalctl -t echo -o cat -n 1`);
    // Nothing held the other in memory.
    expect(run.stdout).toBe('old\nnew\nnew\n');
    expect(run).toPrint('Warning: The unit file, source configuration file or drop-ins of agent.service changed on disk.');
  });

  it('makes the links of enabling itself, as changes of the tree', async () => {
    const run = await shell.given({ files: unit('[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n') }).call('systemctl', 'enable', 'agent');
    expect(run).toPrint('Created symlink');
    expect([...run.record.changes.keys()]).toEqual(['/etc/systemd/system/multi-user.target.wants', '/etc/systemd/system/multi-user.target.wants/agent.service']);
  });

  it('survives that a script kills everything', async () => {
    const run = await shell.given({ files: SLEEPS }).call('eval', "trap '' TERM; systemctl start agent; bash -c 'kill -9 -1'; systemctl is-active agent");
    expect(run.exitCode).toBeGreaterThan(0);
  });

  it('tells errors of bash and commands that nobody declared in services', async () => {
    await expect(shell.given({ files: unit('[Service]\nExecStart=/bin/bash -c "set -u; echo $$NOWHERE"\n') }).call('eval', 'systemctl start agent; sleep 1')).rejects.toMatchObject({ code: 'shell-error' });
    await expect(shell.given({ files: unit('[Service]\nExecStartPre=-/opt/nowhere\nExecStart=/bin/sleep 9\n') }).call('systemctl', 'start', 'agent')).rejects.toMatchObject({ code: 'undeclared-command', subjects: ['/opt/nowhere'] });
  });
});

describe('what the stand-in does not know is an error of the run', () => {
  const service = (text: string) => `[Service]\nExecStart=/bin/sleep 9\n${text}\n`;
  it.each([
    ['a directive', service('RestartSecs=3'), 'systemctl start agent', "/etc/systemd/system/agent.service:3: systemd has no directive RestartSecs= in [Service]. Did you mean 'RestartSec'?"],
    ['a directive in the wrong section', `[Unit]\nRestart=always\n${service('')}`, 'systemctl start agent', 'agent.service:2: systemd has no directive Restart= in [Unit].'],
    ['a section', `[Servce]\nType=simple\n${service('')}`, 'systemctl start agent', "agent.service:1: a service has no section [Servce]. Did you mean 'Service'?"],
    ['a directive that is not carried out', service('RestartKillSignal=QUIT'), 'systemctl start agent', 'RestartKillSignal= is known to systemd, but the stand-in does not do what it says'],
    ['a line that is none', service('Restart always'), 'systemctl start agent', 'agent.service:3: neither a section, [Name], nor a directive, Name=value: Restart always'],
    ['a type', service('Type=simpel'), 'systemctl start agent', 'agent.service:3: Type=simpel is none of simple, exec'],
    ['a value', service('Restart=sometimes'), 'systemctl start agent; systemctl kill agent; sleep 1', 'agent.service:3: Restart=sometimes is none of no,'],
    ['a span', service('TimeoutStartSec=5x'), 'systemctl start agent; systemctl show agent', 'agent.service:3: TimeoutStartSec=5x is no span of time'],
    ['a specifier', service('Environment=A=%z'), 'systemctl start agent', 'agent.service:3: the stand-in knows no specifier %z'],
    ['a quote', service('ExecStartPre=/bin/echo "x'), 'systemctl start agent', 'agent.service:3: a quote " is not closed'],
    ['a verb', service(''), 'systemctl strat agent', "systemctl strat agent: the stand-in knows no verb strat of systemctl. Did you mean 'start'?"],
    ['an option', service(''), 'systemctl start --noblock agent', "the stand-in knows no option --noblock of systemctl. Did you mean 'no-block'?"],
    ['a property', service(''), 'systemctl show -p ActivState agent', "the stand-in knows no property ActivState. Did you mean 'ActiveState'?"],
    ['a verb of systemd-analyze', service(''), 'systemd-analyze blame', 'systemd-analyze blame: the stand-in knows no verb blame of systemd-analyze'],
    ['a format', service(''), 'systemctl start agent; journalctl -u agent -o jsn', 'the stand-in knows no --output=jsn'],
    ['a kind of unit', service(''), 'systemctl start home.mount', 'home.mount: the stand-in has services, targets, timers, paths, sockets and slices'],
  ])('%s', async (_, text, does, message) => {
    const failed = shell.given({ files: unit(text) }).call('eval', does);
    await expect(failed).rejects.toMatchObject({ code: 'systemd' });
    await expect(failed).rejects.toThrow(message);
  });

  it('takes what has no effect here, and sections that are for others', async () => {
    const text = service('LimitNOFILE=1048576\nCPUQuota=50%\nProtectSystem=strict\nX-Of=others\n[X-Others]\nAnything=goes');
    expect(await shell.given({ files: unit(text) }).call('systemctl', 'start', 'agent')).toSucceed();
  });

  it('an option of systemd(), a unit that is not there, a run without', async () => {
    expect(() => systemd({ activ: [] } as object)).toThrow("there is no option `activ`. Did you mean 'active'?");
    await expect(shell.given({ stubs: { ...systemd({ active: ['gone'] }) } }).call('systemctl', 'is-active', 'x')).rejects.toThrow("active: ['gone.service']: there is no such unit: it is not-found");
    const without = await defineShell().call('true');
    expect(() => unitsOf(without)).toThrow('declare stubs: { ...systemd() }');
    const run = await shell.given({ files: SLEEPS, actors: [once(exists('/nowhere'), () => {})] }).call('systemctl', 'start', 'agent');
    expect(() => unitsOf(run).state('agnt')).toThrow("no unit agnt.service was in memory. Did you mean 'agent.service'?");
    expect(() => unitsOf(run).property('agent', 'MainPed')).toThrow("Did you mean 'MainPID'?");
  });
});
