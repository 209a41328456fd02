import { describe, expect } from 'vitest';
import { defineShell, directory, when, rest, type Act, type Shell } from 'shellrig';
import { sweepMoments, type ActedRun } from 'shellrig/sweeps';
import helpers from '#node/cse_helpers.sh';
import install from '#node/cse_install.sh';
import { ctrWhere, imageNames } from '../support/containerd.js';
import { lesson } from '../support/lesson.js';
import { SCRIPTS } from '../support/scripts.js';
import { begun } from '../support/time.js';

const SOCKET = '/run/containerd/containerd.sock';
const NOT_YET = { '/run/containerd/': directory() };
const listens: Act = (world) => world.listen({ path: SOCKET });

const ctr = ctrWhere(`[ -S ${SOCKET} ]`);
const systemctl = when(['status', rest]).returns('containerd.service - container runtime\n   Active: activating\n');

/** Whoever waits may take so long, and notices so late; milliseconds. */
function waits({ limit, interval, failsWith }: { readonly limit: number; readonly interval: number; readonly failsWith: number }, says: string) {
  return ({ run, time = Infinity }: ActedRun): void => {
    const found = run.exitCode;
    if (time < limit) expect(found).toBe(0);
    if (time === Infinity) expect(found).toBe(failsWith);
    if (found !== 0) expect(run.output).toContain(says);
    expect(run.record.duration).toBeLessThanOrEqual(Math.min(time, limit) + interval);
    expect(run.record.leftovers).toEqual([]);
  };
}

describe("containerd's socket is waited for", () => {
  // A script that is sourced brings its folder along, where the unit lies.
  const machine = defineShell({ source: [helpers], files: NOT_YET, limits: { virtual: '10s' } });
  const wait = `source <(sed -n "s|^ExecStartPre=/bin/bash -c '\\(.*${SOCKET}.*\\)'$|\\1|p" ${SCRIPTS}/kubelet.service)`;

  // Of its 60 seconds 57 are over when it begins: bash counts from what it finds in SECONDS.
  sweepMoments('before kubelet is started', () => machine.call('env', 'SECONDS=57', 'bash', '-c', wait), {
    ...lesson('A6'),
    act: listens, never: true, expect: waits({ limit: 3000, interval: 100, failsWith: 1 }, `containerd did not listen at ${SOCKET} within 60s, kubelet is not started`),
  });
});

describe('containerd is waited for', () => {
  // Of the time for provisioning one second is left.
  const node: Shell = defineShell({ source: [helpers, install], stubs: { ctr, systemctl }, env: begun(779), files: { ...NOT_YET, ...imageNames('mcr.microsoft.com/oss/pause:3.6') } });
  const late = 'containerd did not become ready';

  sweepMoments('until it answers', () => node.call('waitForContainerdReady'), { ...lesson('A19'), act: listens, never: true, most: 60, expect: waits({ limit: 900, interval: 1100, failsWith: 1 }, late) });
  sweepMoments('before its images get names', () => node.call('retagMCRImagesForChina'), { act: listens, never: true, most: 40, expect: waits({ limit: 900, interval: 1100, failsWith: 119 }, late) });
});
