import { describe, expect, it } from 'vitest';
import { defineShell, directory, eventsFrom, exits, fails, file, removed, symlink, writes } from 'shellrig';
import { idempotence } from 'shellrig/invariants';
import { owners } from '../sandbox/owners.js';
import { messageOf } from '../matchers/record.fixture.js';

const shell = defineShell({
  source: ['./testdata/leaves.sh'],
  files: { '/opt/': directory(), '/stage/agent': 'agent', '/etc/': directory() },
  events: eventsFrom('/var/log/events/*.json'),
});
/** Another owner, where the machine has any. */
const OWNER = owners().kind === 'range' ? '7:8' : '0:0';
const twice = shell.given({ invariants: [idempotence()] });

describe('idempotence', () => {
  it('holds where the second run changes nothing', async () => {
    const run = await twice.call('appends_once', 'a');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/etc/agent.conf': 'include a\n' });
    expect(run.record.again?.changes.size).toBe(0);
    expect(run).toHold(idempotence());
  });

  it('tells what changes again', async () => {
    const run = await twice.call('appends', 'a');

    expect(run).toHaveChangedOnly({ '/etc/agent.conf': 'include a\n' });
    expect(messageOf(() => expect(run).toHold(idempotence()))).toMatchInlineSnapshot(`
      "expect(run).toHold(…): idempotence(): the second run changed /etc/agent.conf again

        changed by the second run:
          ~ /etc/agent.conf
               include a
              +include a

        Have the script look whether its work is done already. What may change each time: idempotence({ except: [...] }).

      .call('appends', 'a') ended with exit code 0

      the second run ended at harness/invariants/testdata/leaves.sh:28 in function appends

          25| }
          26|
          27| # ---- twice ----
        > 28| appends() { echo "include $1" >>/etc/agent.conf; }
          29| appends_once() { grep -qx "include $1" /etc/agent.conf 2>/dev/null || appends "$1"; }
          30| moves() { mv /stage/agent /opt/agent; }
          31| logs() {

      changes:
        + /etc/agent.conf 10 B

      again, with all it executes:
        npx shellrig test harness/invariants/idempotence.test.ts -t 'idempotence tells what changes again$' --trace"
    `);
    expect(run).toHold(idempotence({ except: ['/etc/*.conf'] }));
  });

  it('tells that it fails where the first did not, and where', async () => {
    const run = await twice.call('moves');

    expect(run).toSucceed();
    expect(messageOf(() => expect(run).toHold(idempotence()))).toMatchInlineSnapshot(`
      "expect(run).toHold(…): idempotence(): the second run ended with exit code 1, the first with 0

        stderr of the second run:
          mv: cannot stat '/stage/agent': No such file or directory

        Have the script look whether its work is done already. What may change each time: idempotence({ except: [...] }).

      .call('moves') ended with exit code 0

      the second run ended at harness/invariants/testdata/leaves.sh:30 in function moves

          27| # ---- twice ----
          28| appends() { echo "include $1" >>/etc/agent.conf; }
          29| appends_once() { grep -qx "include $1" /etc/agent.conf 2>/dev/null || appends "$1"; }
        > 30| moves() { mv /stage/agent /opt/agent; }
          31| logs() {
          32|   appends_once a
          33|   mkdir -p /var/log/events

      changes:
        + /opt/agent 5 B
        - /stage/agent

      again, with all it executes:
        npx shellrig test harness/invariants/idempotence.test.ts -t 'idempotence tells that it fails where the first did not, and where$' --trace"
    `);
  });

  it('begins the second run a day after the first has ended, so that who writes the time is seen', async () => {
    for (const stamps of ['date +%s >/opt/stamp', 'echo "last run $(date +%FT%T)" >/opt/stamp', 'touch "/opt/agent.conf.$(date +%Y%m%d%H%M%S)"']) {
      const run = await twice.call('eval', stamps);
      expect(run).toSucceed();
      expect(run.record.again?.changes.size).toBe(1);
      expect(run).not.toHold(idempotence());
    }
  });

  it.each([{}, { process: 'fresh' }] as const)('has all that tells the time agree in the second run: %j', async (given) => {
    const tells = 'now=$(date +%s); printf "%s " "$SECONDS" "$EPOCHSECONDS" "$now"; : >/opt/now; stat -c %Y /opt/now; sleep 5.5; echo "$SECONDS $EPOCHSECONDS"';
    const run = await shell.given({ ...given, invariants: [idempotence()] }).call('eval', tells);
    const [began, later] = [1893456000, 1893456000 + 6 + 86400];

    expect(run.stdout).toBe(`0 ${began} ${began} ${began}\n5 ${began + 5}\n`);
    expect(run.record.again?.stdout.toString()).toBe(`0 ${later} ${later} ${later}\n5 ${later + 5}\n`);
    expect(run.record.again).toMatchObject({ began: later, duration: 5500 });
    expect(run.record.again?.sleeps).toMatchObject([{ time: 5500, start: 0 }]);
  });

  it('shows the second run the files of the first as older than itself', async () => {
    const run = await twice.call('eval', '[[ -e /opt/old ]] || touch /opt/old; find /opt /stage/agent -type f -mmin +60; stat -c %Y /opt/old');

    expect(run.stdout).toBe('1893456000\n');
    expect(run.record.again?.stdout.toString()).toBe('/opt/old\n/stage/agent\n1893456000\n');
  });

  it('sources scripts again that had read the clock, and gives a real clock no other time', async () => {
    const sourced = defineShell({ source: ['../clock/testdata/waits.sh'], invariants: [idempotence()] });
    const run = await sourced.call('eval', 'echo $((EPOCHSECONDS - WAITS_SOURCED))');
    expect(run.stdout).toBe('0\n');
    expect(run.record.again?.stdout.toString()).toBe('0\n');

    const real = await defineShell({ clock: 'real', invariants: [idempotence()] }).call('eval', 'echo "$SECONDS $EPOCHSECONDS"');
    const [, seconds] = real.stdout.split(' ');
    expect(real.record.began).toBeUndefined();
    expect(Math.abs(Number(real.record.again?.stdout.toString().split(' ')[1]) - Number(seconds))).toBeLessThan(60);
  });

  it('takes no event for a change', async () => {
    const run = await twice.call('logs');

    expect(run).toEmitTimes({}, 1);
    expect(run).not.toHold(idempotence());
    expect(run).toHold(idempotence({ except: ['/var/log/agent.log'] }));
  });

  it('answers the second run as the first: stubs from the beginning, given ones too', async () => {
    const run = await shell
      .given({ stubs: { fetch: fails().then(exits(0)) }, invariants: [idempotence()] })
      .call('calls_once');
    expect(run).toExit(1);
    expect(run.record.again?.calls).toHaveLength(1);
    expect(run).toHold(idempotence());

    const fetched = await shell.given({ stubs: { fetch: writes({ '/stage/agent': 'newer' }) }, invariants: [idempotence()] }).call('calls_once');
    expect(fetched).toHaveFile('/opt/agent', 'newer');
    expect(fetched.record.again?.calls).toEqual([]);
    expect(fetched).toHold(idempotence());
  });

  it('shows an error of the second run as one of the second run', async () => {
    await expect(shell.given({ invariants: [idempotence()] }).call('strict', 'uses_unset', 'unset_here')).rejects.toThrow(/unbound variable[^]*This was the second run, on what the first left/);
  });

  it('cannot be told of a run that was not declared so', async () => {
    const run = await shell.call('appends_once', 'a');

    expect(messageOf(() => expect(run).toHold(idempotence()))).toContain('idempotence(): there was no second run\n\n  It has to be declared before the run: given({ invariants: [idempotence()] })');
    expect(() => expect(run).not.toHold(idempotence())).toThrow('there was no second run');
  });
});

describe('given({ tree }) starts a run from what another left', () => {
  it('with what it made, changed and removed', async () => {
    const first = await shell
      .given({ files: { '/etc/agent.conf': file('include b\n', { mode: 0o600, owner: OWNER }), '/link': symlink('/etc'), '/d/e/f': 'deep' } })
      .call('eval', 'appends a; rm -r /stage; ln -s x /opt/l; mkdir -m 700 /opt/closed; mkfifo /opt/fifo; rmdir /usr/local/games 2>/dev/null; :');
    const second = await shell.given({ tree: first.record.after }).call('eval', 'cat /link/agent.conf; stat -c "%a %u:%g %n" /link/agent.conf /opt/* /d/e/f; ls -d /stage');

    expect(second).toExit(2);
    expect(second.stdout).toBe(`include b\ninclude a\n600 ${OWNER} /link/agent.conf\n700 0:0 /opt/closed\n644 0:0 /opt/fifo\n777 0:0 /opt/l\n644 0:0 /d/e/f\n`);
    expect(second).toHaveChangedOnly({});
    expect([...second.record.before.keys()].sort()).toEqual([...first.record.after.keys()].sort());
  });

  it('and the run after it finds the shell as it was', async () => {
    const tree = (await shell.call('eval', 'rm -r /stage /etc/passwd; echo more >/opt/more')).record.after;
    const second = await shell.given({ tree, files: { '/stage': 'a file' } }).call('eval', 'rm /opt/more');
    expect(second).toHaveChangedOnly({ '/opt/more': removed });
    const third = await shell.call('cat', '/stage/agent', '/etc/passwd');

    expect(third).toSucceed();
    expect(third.stdout).toMatch(/^agentroot:/);
    expect(third.record.before.has('/opt/more')).toBe(false);
    expect(third).toHaveChangedOnly({});
  });

  it('that was killed on its way, and goes on from there', async () => {
    const killed = await shell.call('eval', 'appends a; kill -9 "$BASHPID"; appends b');
    expect(killed).toExit(137);
    const run = await shell.given({ tree: killed.record.after, invariants: [idempotence()] }).call('eval', 'appends_once a; appends_once b');

    expect(run).toSucceed();
    expect(run).toHaveFile('/etc/agent.conf', 'include a\ninclude b\n');
    expect(run).toHold(idempotence());
  });

  it('in a process of its own', async () => {
    const { after } = (await shell.call('eval', 'echo more >/opt/more; rm /stage/agent')).record;
    const run = await shell.given({ tree: after, process: 'fresh' }).call('ls', '/opt', '/stage');

    expect(run.stdout).toBe('/opt:\nmore\n\n/stage:\n');
    expect(await shell.call('cat', '/stage/agent')).toPrint('agent');
  });
});
