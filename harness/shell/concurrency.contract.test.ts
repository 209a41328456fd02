import { fileURLToPath } from 'node:url';
import { defineShell, directory, exits, file, handle } from 'shellrig';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('testdata/isolation/ruin.sh', import.meta.url));
const twenty = Array.from({ length: 20 }, (_, index) => index);

describe('R6: concurrent runs on one shell', () => {
  const shell = defineShell({ source: [SCRIPT], files: { '/srv': directory() }, stubs: { backend: handle(async ({ args }) => `answer ${args[0]}\n`) } });

  it('do not meet each other, whatever they are given', async () => {
    const runs = await Promise.all(twenty.map((number) => shell
      .given({ vars: { number }, files: { '/srv/given': `${number}\n` }, stdin: `input ${number}\n`, stubs: number % 2 ? {} : { helper: exits(number) } })
      .call('eval', 'echo "$number"; cat; cat /srv/given; ls /srv; backend "$number"; helper; code=$?; echo "$number" >/srv/made')));
    for (const [number, run] of runs.entries()) {
      expect(run).toSucceed();
      expect(run.stdout).toBe(`${number}\ninput ${number}\n${number}\ngiven\nanswer ${number}\n${number % 2 ? 'original\n' : ''}`);
      expect(run.variable('code')).toBe(String(number % 2 ? 0 : number));
      expect(run).toHaveChangedOnly({ '/srv/made': file(`${number}\n`) });
      expect(run.calls('backend')).toMatchObject([{ args: [String(number)] }]);
    }
  });

  it('of each kind, and with failures among them', async () => {
    const settled = await Promise.allSettled(twenty.map((number) => {
      if (number % 5 === 0) return shell.call('no-such-command');
      if (number % 5 === 1) return shell.given({ process: 'fresh' }).call('eval', 'echo $(($$ == BASHPID))');
      if (number % 5 === 2) return shell.given({ files: { '/srv/x.sh': `echo script ${number}\n` } }).exec('/srv/x.sh');
      if (number % 5 === 3) return shell.given({ limits: { time: '100ms' } }).call('eval', 'while :; do :; done');
      return shell.call('eval', `kill -9 $BASHPID # ${number}`);
    }));
    expect(settled.map((one) => (one.status === 'fulfilled' ? [one.value.exitCode, one.value.stdout] : (one.reason as { code: string }).code)))
      .toEqual(twenty.map((number) => ['undeclared-command', [0, '1\n'], [0, `script ${number}\n`], 'limit-time', [137, '']][number % 5]));
  });

  it('on shells of their own go on at one time', async () => {
    let meeting = 0;
    let meet = () => {};
    const met = new Promise<void>((resolve) => { meet = resolve; });
    const meets = handle(async () => {
      meeting += 1;
      if (meeting === 4) meet();
      await met;
      return '';
    });
    const runs = await Promise.all(Array.from({ length: 4 }, () => shell.with({ stubs: { meets } }).call('meets')));
    for (const run of runs) expect(run).toSucceed();
  });
});
