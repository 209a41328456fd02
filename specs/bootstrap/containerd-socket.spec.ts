import { beforeEach, describe, expect, it } from 'vitest';
import { defineShell, directory, file } from 'shellrig';
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

  it('says what it waits for and how long, and ends when containerd listens', lesson('A6'), async () => {
    const run = await world.given({ limits: { time: '5s' } }).call('with_a_slow_containerd', ...wait);

    expect(run).toSucceed();
    expect(run).toPrint('ended with 0\n');
    expect(run).toHaveChangedOnly({ ...THERE, '/tmp/said': file(WAITING) });
  });

  it.each([
    ['nothing is there', {}],
    ['what is there is no socket', { [SOCKET]: 'a file' }],
  ])('fails when its time is over, and says so, where %s', lesson('A6'), async (_, files) => {
    // 59 of its seconds are over when it begins: bash counts from what it finds in SECONDS.
    const run = await world.given({ files, limits: { time: '5s' } }).call('env', 'SECONDS=59', ...wait);

    expect(run).toExit(1);
    expect(run.stdout).toBe(WAITING);
    expect(run.stderr).toBe(`containerd did not listen at ${SOCKET} within 60s, kubelet is not started\n`);
    expect(run).not.toHaveChanged();
  });

  it('ends before systemd would end it', lesson('A6'), () => {
    expect(Number(unit['Service.TimeoutStartSec']?.at(-1))).toBeGreaterThan(60);
  });
});
