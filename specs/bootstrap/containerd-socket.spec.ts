import { beforeEach, describe, expect, it } from 'vitest';
import { at, defineShell, directory } from 'shellrig';
import { lesson } from '../support/lesson.js';
import { argvOf, parseUnit, unitText, type Argv, type Unit } from '../support/units.js';

const SOCKET = '/run/containerd/containerd.sock';
const WAITING = `waiting up to 60s for containerd to listen at ${SOCKET}\n`;
const THERE = { '/run/containerd': directory(), [SOCKET]: { spec: 'socket' } } as const;

const world = defineShell({ source: ['./world-of-kubelet.sh'] });
let unit: Unit, wait: Argv;
beforeEach(async () => {
  unit = parseUnit(await unitText('kubelet.service'));
  wait = argvOf(unit['Service.ExecStartPre']?.at(-1) ?? '');
});

describe('the wait for containerd before kubelet', () => {
  it('is none when containerd listens, and nothing is said', async () => {
    const run = await world.call('with_containerd', ...wait);

    expect(run).toSucceed();
    expect(run.output).toBe('');
    expect(run).toHaveChangedOnly(THERE);
  });

  it.each([['1ms', 100], ['4.56s', 4600]] as const)('says what it waits for and how long, and ends within a tenth of a second when containerd listens after %s', lesson('A6'), async (when, duration) => {
    const containerd = at(when, async (outside) => {
      await outside.write({ '/run/containerd': directory() });
      await outside.listen({ path: SOCKET });
    });
    const run = await world.given({ actors: [containerd] }).call(...wait);

    expect(run).toSucceed();
    expect(run.output).toBe(WAITING);
    expect(run.duration).toBe(duration);
    expect(run).toHaveChangedOnly(THERE);
  });

  it('fails when its time is over, and says so', lesson('A6'), async () => {
    const run = await world.given({ limits: { virtual: '61s', time: '60s' } }).call(...wait);

    expect(run).toExit(1);
    expect(run.stdout).toBe(WAITING);
    expect(run.stderr).toBe(`containerd did not listen at ${SOCKET} within 60s, kubelet is not started\n`);
    expect(run).toHaveSleptTimes('100ms', 600);
    expect(run.duration).toBe(60_000);
    expect(run).not.toHaveChanged();
  });

  it('fails where what is there is no socket', lesson('A6'), async () => {
    // 55 of its seconds are over when it begins: bash counts from what it finds in SECONDS.
    const run = await world.given({ files: { [SOCKET]: 'a file' }, limits: { virtual: '6s' } }).call('env', 'SECONDS=55', ...wait);

    expect(run).toExit(1);
    expect(run.output).toBe(`${WAITING}containerd did not listen at ${SOCKET} within 60s, kubelet is not started\n`);
    expect(run.duration).toBe(5000);
    expect(run).not.toHaveChanged();
  });

  it('ends before systemd would end it', lesson('A6'), () => {
    expect(Number(unit['Service.TimeoutStartSec']?.at(-1))).toBeGreaterThan(60);
  });
});
