import { describe, expect } from 'vitest';
import { defineShell, exits, type Given } from 'shellrig';
import { oldOrNew } from 'shellrig/invariants';
import { sweepMoments, type ActedRun } from 'shellrig/sweeps';
import { CONTAINERS, reportOf } from '../bootstrap/cse-start.js';
import { installed, imageBinary } from '../support/packages.js';
import { KINDS } from '../support/distros.js';
import { eventsOf } from '../support/events.js';
import { SCRIPTS } from '../support/scripts.js';
import { OLDER } from '../support/sweep-install.js';

/** What timeout(1) says of a provisioning that ended when it was asked to, and of one that was killed. */
const OVER = [124, 137];

describe.each(KINDS)('an install whose time is over at any moment, on %s', (_, { options, install, cached }) => {
  const sources = (options.source ?? []).map((path) => `source ${SCRIPTS}/${path.replace(/^.*\/node\//, '')} || exit 1\n`).join('');
  const machine = defineShell({
    ...options, invariants: [],
    tools: [...(options.tools ?? []), 'setsid'], stubs: { ...options.stubs, 'systemctl': exits(0), 'systemd-analyze': exits(0), 'journalctl': exits(0) },
    // Logs are sent beside, by a program that has a limit of its own: that is not what is held here.
    allow: { ...options.allow, leftovers: true },
  });
  const provisioned = (given: Given) => () => machine
    .given({ files: { ...OLDER, [`${CONTAINERS}/provision.sh`]: `${sources}${install} kubelet 1.34.1\n` } }).given(given)
    .call('bash', `${SCRIPTS}/cse_start.sh`);

  /** The end is told as it was; a program that counts as installed is. */
  const isTold = ({ run }: ActedRun): void => {
    const code = run.exitCode;
    expect([0, ...OVER]).toContain(code);
    expect(reportOf(run).ExitCode).toBe(String(code));
    expect(eventsOf(run).filter(({ TaskName }) => TaskName === 'AKS.CSE.cse_start').map(({ Message }) => JSON.parse(Message) as unknown)).toEqual([expect.objectContaining({ ExitCode: String(code) })]);
    if (code === 0) expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
  };
  const held = { heldFor: '16m', most: 20, invariants: [oldOrNew('/opt/bin/kubelet')], expect: isTold };

  sweepMoments('from the image', provisioned({ files: imageBinary('kubelet', '1.34.1') }), held);
  sweepMoments('from a cached package', provisioned({ files: cached('kubelet', '1.34.1') }), held);
});
