import { describe, expect } from 'vitest';
import { removed, type Given } from 'shellrig';
import { noLeftovers, oldOrNew } from 'shellrig/invariants';
import { sweepMoments, type ActedRun } from 'shellrig/sweeps';
import { KINDS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { imageBinary, installed } from '../support/packages.js';
import { OLDER } from '../support/sweep-install.js';

describe.each(KINDS)('two installs at once on %s, one of which is held', (_, { shell, options, install, cached }) => {
  const both = shell.with({ source: [...(options.source ?? []), '../install/around-an-install.sh'] });
  const twice = (given: Given) => () => both.given({ files: OLDER }).given(given).call('twice_at_once', install, 'kubelet', '1.34.1');

  const areDone = (left: object) => ({ run }: ActedRun): void => {
    expect(run).toPrint('first ended with 0\n');
    expect(run).toPrint('second ended with 0\n');
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), ...left, ...eventFiles(run) });
  };
  const invariants = [oldOrNew('/opt/bin/kubelet'), noLeftovers()];

  sweepMoments('from the image', twice({ files: imageBinary('kubelet', '1.34.1') }), { invariants, most: 60, expect: areDone({ '/opt/bin/kubelet-1.34.1': removed }) });
  sweepMoments('from a cached package', twice({ files: cached('kubelet', '1.34.1') }), { invariants, most: 30, expect: areDone({ '/opt/kubelet/downloads': removed }) });
});
