import { describe, expect, it } from 'vitest';
import { defineShell, directory, file, symlink } from 'shellrig';
import { changesOnlyUnder, definedExitCodes, noLeftovers, type Invariant } from 'shellrig/invariants';
import { messageOf } from '../matchers/record.fixture.js';
import { saidOf, shell } from './testdata/leaves.js';

describe('noLeftovers', () => {
  it('holds where nothing temporary stays', async () => {
    const run = await shell.given({ files: { '/tmp/given': '', '/opt/old.tmp': '' } }).call('cleans_up');

    expect(run).toSucceed();
    expect(run).toHold(noLeftovers());
    expect(() => expect(run).not.toHold(noLeftovers())).toThrow('expect(run).not.toHold(noLeftovers()): it holds');
  });

  it('tells a directory with all that is in it', async () => {
    const run = await shell.call('leaves_a_stage');

    expect(run).toSucceed();
    expect(saidOf(run, noLeftovers()).replace(/\.agent\.\w+/, '.agent.XXXXXX')).toMatchInlineSnapshot(`
      "expect(run).toHold(…): noLeftovers(): the run left /opt/.agent.XXXXXX/ 0700 root:root

        Remove it on every way out: \`trap 'rm -rf "$stage"' EXIT\`, or after the last command that needs it. What is meant to stay: noLeftovers({ except: [...] })."
    `);
    expect(run).toHold(noLeftovers({ except: ['/opt/.agent.*'] }));
  });

  it.each(['/opt/agent.tmp', '/opt/tmp.aB3dE6gH9k', '/opt/agent.part', '/opt/agent~', '/etc/.agent.conf.Xa12bC', '/etc/.agent.conf.X412B7', '/etc/sedaB3dEf', '/etc/.x.swp', '/tmp/anything', '/var/tmp/x', '/dev/shm/x'])('finds %s', async (path) => {
    const run = await shell.call('leaves_by_name', path);

    expect(run).toSucceed();
    expect(run).not.toHold(noLeftovers());
    expect(run).toHold(noLeftovers({ except: [path] }));
  });

  it.each(['/etc/.agent.conf.abcdef', '/etc/.agent.conf.ABCDEFGHIJ', '/etc/sedabc1ef'])('finds %s, whose end may be a word, by the mode of mktemp', async (path) => {
    expect(await shell.call('eval', `umask 077; touch ${path}`)).not.toHold(noLeftovers());
    expect(await shell.call('leaves_by_name', path)).toHold(noLeftovers());
  });

  describe('knows temporaries of the way that atomicReplacement recommends:', () => {
    const given = shell.given({ files: { '/etc/app.conf': 'old', '/run.sh': file('#!/bin/bash\necho new >"/etc/app.conf.$$"\nexit 4\n', { mode: 0o755 }) } });
    it.each([
      'mktemp /etc/app.conf.XXXXXX', 'mktemp -d /opt/.unpack-XXXXXXXX', 'echo new >/etc/app.conf.new', 'sed -i.bak s/a/b/ /etc/app.conf', 'echo new >/etc/app.conf.$$', 'echo new >"/etc/app.conf-${BASHPID}"',
      'umask 077; >/etc/app.conf.aB3dE6', '>/etc/app.conf.aB3dE6', '>/opt/.unpack-aB3dE6gH',
    ])('%s', async (script) => {
      const run = await given.call('eval', `set -- $(${script})`);

      expect(run).toSucceed();
      expect(run).toHaveChanged();
      expect(run).not.toHold(noLeftovers());
    });

    it.each(['mktemp /opt/build-XXXX', 'cd /opt; mktemp -d agent.XXXX', 'mktemp /opt/agentXXXXXX.conf', 'sed -i.orig s/a/b/ /etc/app.conf', 'sed -Ei.before s/a/b/ /etc/app.conf'])('%s, where it is declared', async (script) => {
      const run = await given.given({ invariants: [noLeftovers()] }).call('eval', script);

      expect(run).toSucceed();
      expect(run).toHaveChanged();
      expect(run).not.toHold(noLeftovers());
    });

    it('the number of a script of its own', async () => {
      const run = await given.exec('/run.sh');

      expect(run).toExit(4);
      expect(saidOf(run, noLeftovers())).toMatch(/the run left \/etc\/app\.conf\.\d+ 0644/);
    });

    it.each(['>/etc/app.conf.1', ': "$$"; >/opt/agent-1.34.1', '>/etc/app.conf.sha256', '>/etc/whatsnew', '>/opt/app.bak', '>/opt/app.new', '>/etc/app.conf-Debian', 'umask 077; >/root/id_ed25519', 'umask 077; >/root/key.Private', '>/opt/App-x86.AppImage', '>/etc/app.conf.d', '>/etc/app.conf.orig'])('and leaves %s alone', async (script) => {
      const run = await given.given({ invariants: [noLeftovers()] }).call('eval', script);

      expect(run).toHaveChanged();
      expect(run).toHold(noLeftovers());
    });
  });

  it('lets stay what is above that', async () => {
    const run = await shell.call('eval', 'mkdir -p /tmp/a/b && touch /tmp/a/b/c');

    expect(run).toHold(noLeftovers({ except: ['/tmp/a/b'] }));
    expect(saidOf(run, noLeftovers({ except: ['/tmp/a/other'] }))).toContain('the run left /tmp/a/b/ 0755 root:root and 1 below it');
  });

  it.each(['/opt/agent', '/opt/tmpfiles.conf', '/opt/template', '/etc/.hidden.config', '/etc/sediment1', '/opt/x.partition'])('leaves %s alone', async (path) => {
    expect(await shell.call('leaves_by_name', path)).toHold(noLeftovers());
  });

  it('looks where it is told to', async () => {
    const run = await shell.given({ files: { '/scratch/': directory() } }).call('leaves_by_name', '/scratch/x');

    expect(run).toHold(noLeftovers());
    expect(saidOf(run, noLeftovers({ in: ['/scratch/'] }))).toContain("noLeftovers({ in: ['/scratch/'] }): the run left /scratch/x 0644 root:root 0 B");
    expect(() => noLeftovers({ in: ['scratch'] })).toThrow("noLeftovers({ in }) takes absolute paths; received 'scratch'.");
  });

  it('lets stay what links lead to', async () => {
    expect(await shell.call('eval', 'echo 1 >/var/run/agent.tmp')).toHold(noLeftovers({ except: ['/var/run/agent.tmp'] }));
  });

  it('counts processes, even those that may live on', async () => {
    const run = await defineShell({ source: ['./testdata/leaves.sh'], allow: { leftovers: ['sleep'] } }).given({ limits: { background: '50ms' } }).call('leaves_a_process');

    expect(saidOf(run, noLeftovers())).toMatch(/: the run left process \S*sleep 100   started at harness\/invariants\/testdata\/leaves.sh:15 in function leaves_a_process\n/);
  });
});

describe('definedExitCodes', () => {
  it('holds for 0 and what is defined', async () => {
    expect(await shell.call('ends_with', '0')).toHold(definedExitCodes([]), definedExitCodes({ ERR_A: 4 }));
    const run = await shell.call('ends_with', '4');
    expect(run).toExit(4);
    expect(run).toHold(definedExitCodes([3, 4]), definedExitCodes({ ERR_A: 4 }));
  });

  it('tells what is defined, and what the code means elsewhere', async () => {
    const run = await shell.call('ends_with', '143');

    expect(run).toExit(143);
    expect(messageOf(() => expect(run).toHold(definedExitCodes({ ERR_DOWNLOAD: 4, ERR_START: 5 })))).toMatchInlineSnapshot(`
      "expect(run).toHold(…): definedExitCodes([ERR_DOWNLOAD, ERR_START]): the run ended with 143, as where signal 15 ends a process

        defined are: 0, 4 ERR_DOWNLOAD, 5 ERR_START

        If the code means something to whoever calls the script, define it; otherwise have the script end with one that does.

      .call('ends_with', '143') ended with exit code 143

      it ended at harness/invariants/testdata/leaves.sh:18 in function ends_with

          15| leaves_a_process() { sleep 100 & }
          16|
          17| # ---- exit codes ----
        > 18| ends_with() { return "$1"; }
          19|
          20| # ---- changes ----
          21| installs() {

      changes: none

      again, with all it executes:
        npx shellrig test harness/invariants/invariants.test.ts -t 'definedExitCodes tells what is defined, and what the code means elsewhere$' --trace"
    `);
    expect(saidOf(run, definedExitCodes([1, 2]))).toContain('definedExitCodes([1, 2]): the run ended with 143');
  });

  it('does not make a failure an expected one', async () => {
    const run = await shell.call('ends_with', '4');
    expect(run).toHold(definedExitCodes([4]));
    expect(run.looked.has('exitCode')).toBe(false);
    expect(run).toExit(4);
  });

  it('takes exit codes', () => {
    expect(() => definedExitCodes([256])).toThrow('definedExitCodes(): an exit code is a whole number from 0 to 255; received 256');
    expect(() => definedExitCodes({ ERR_A: Number.NaN })).toThrow('ERR_A is NaN');
  });
});

describe('changesOnlyUnder', () => {
  it('holds with the directories that had to be made', async () => {
    const run = await shell.call('installs', 'x', '/etc/agent.conf');

    expect(run).toSucceed();
    expect(run).toHold(changesOnlyUnder(['/opt/agent/bin', '/etc/']), changesOnlyUnder(['/opt/**/agent', '/etc/*.conf']), changesOnlyUnder(['/']));
    expect(await shell.call('eval', 'mkdir -p /opt/agent/downloads && rmdir /opt/agent/downloads')).toHold(changesOnlyUnder(['/opt/agent/downloads']));
  });

  it.each([
    ['mkdir -p /var/run/app; echo 1 >/var/run/app/pid', '/var/run/app'], ['mkdir -p /lib/agent; echo 1 >/lib/agent/a', '/lib/agent'], ['echo 1 >/sbin/agent', '/sbin/*'],
    ['echo 1 >/opt/now/agent', '/opt/now'], ['echo 1 >/opt/now/agent', '/opt/now/agent'], ['mkdir /opt/now/a; echo 1 >/opt/now/a/b.conf', '/opt/now/**/*.conf'], ['rm /opt/now', '/opt/now'],
  ])('follows links: %s, under %s', async (script, path) => {
    const run = await shell.given({ files: { '/opt/now': symlink('v1'), '/opt/v1/': directory() } }).call('eval', script);

    expect(run).toSucceed();
    expect(run).toHaveChanged();
    expect(run).toHold(changesOnlyUnder([path]));
  });

  it('follows no link that the run makes', async () => {
    const run = await shell.given({ files: { '/opt/now/': directory(), '/opt/v2/': directory() } }).call('eval', 'rmdir /opt/now; ln -s v2 /opt/now; echo 1 >/opt/now/agent');

    expect(saidOf(run, changesOnlyUnder(['/opt/now']))).toContain('the run changed /opt/v2/agent too');
  });

  it('tells what else changed', async () => {
    const run = await shell.call('installs', 'include x', '/etc/agent.conf');

    expect(messageOf(() => expect(run).toHold(changesOnlyUnder(['/opt/agent'])))).toMatchInlineSnapshot(`
      "expect(run).toHold(…): changesOnlyUnder(['/opt/agent']): the run changed /etc/agent.conf too

        elsewhere:
          ~ /etc/agent.conf
               name agent
              +include x

        If the script has no business there, mend the script. If it has, list the path.

      .call('installs', 'include x', '/etc/agent.conf') ended with exit code 0

      it ended at harness/invariants/testdata/leaves.sh:24 in function installs

          21| installs() {
          22|   mkdir -p /opt/agent/bin
          23|   echo agent >/opt/agent/bin/agent
        > 24|   echo "$1" >>"$2"
          25| }
          26|
          27| # ---- twice ----

      changes:
        ~ /etc/agent.conf
             name agent
            +include x
        + /opt/agent/
        + /opt/agent/bin/
        + /opt/agent/bin/agent 6 B

      again, with all it executes:
        npx shellrig test harness/invariants/invariants.test.ts -t 'changesOnlyUnder tells what else changed$' --trace"
    `);
    expect(saidOf(run, changesOnlyUnder([]))).toContain('changesOnlyUnder([]): the run changed 4 other paths');
    expect(saidOf(run, changesOnlyUnder(['/opt/age', '/etc']))).toContain('the run changed 3 other paths');
    expect(() => changesOnlyUnder(['opt'])).toThrow("changesOnlyUnder() takes absolute paths; received 'opt'.");
  });
});

it('toHold tells several broken ones, and takes one at least', async () => {
  const run = await shell.call('leaves_by_name', '/tmp/x');

  expect(messageOf(() => expect(run).toHold(noLeftovers(), changesOnlyUnder([]), definedExitCodes([])))).toMatchInlineSnapshot(`
    "expect(run).toHold(3 invariants): 2 do not

      noLeftovers(): the run left /tmp/x 0644 root:root 0 B

        Remove it on every way out: \`trap 'rm -rf "$stage"' EXIT\`, or after the last command that needs it. What is meant to stay: noLeftovers({ except: [...] }).

      changesOnlyUnder([]): the run changed /tmp/x too

        elsewhere:
          + /tmp/x 0644 root:root 0 B

        If the script has no business there, mend the script. If it has, list the path.

    .call('leaves_by_name', '/tmp/x') ended with exit code 0

    it ended at harness/invariants/testdata/leaves.sh:14 in function leaves_by_name

        11|   local stage
        12|   stage=$(mktemp -d /opt/.agent.XXXXXX) && touch "$stage/a" "$stage/b"
        13| }
      > 14| leaves_by_name() { touch "$1"; }
        15| leaves_a_process() { sleep 100 & }
        16|
        17| # ---- exit codes ----

    changes:
      + /tmp/x 0 B

    again, with all it executes:
      npx shellrig test harness/invariants/invariants.test.ts -t 'toHold tells several broken ones, and takes one at least$' --trace"
  `);
  const none: readonly Invariant[] = [];
  expect(() => expect(run).toHold(...(none as [Invariant]))).toThrow('toHold() takes one invariant or more, such as noLeftovers() of shellrig/invariants.');
  expect(run).toHaveFile('/tmp/x', file(''));
});
