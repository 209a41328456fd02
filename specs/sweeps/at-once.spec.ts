import { describe } from 'vitest';
import { oldOrNew } from 'shellrig/invariants';
import { sweepKills } from 'shellrig/sweeps';
import { KINDS } from '../support/distros.js';
import { imageBinary } from '../support/packages.js';
import { OLDER, STAGES } from '../support/sweep-install.js';

describe.each(KINDS)('two installs at once on %s', (_, { shell, options, install, cached }) => {
  const both = shell.with({ source: [...(options.source ?? []), '../install/around-an-install.sh'] });
  const invariants = [oldOrNew('/opt/bin/kubelet')];

  sweepKills('from the image', () => both.given({ files: { ...OLDER, ...imageBinary('kubelet', '1.34.1') } }).call('twice_at_once', install, 'kubelet', '1.34.1'), { invariants, except: STAGES, steps: 8 });
  sweepKills('from a package', () => both.given({ files: { ...OLDER, ...cached('kubelet', '1.34.1') } }).call('twice_at_once', install, 'kubelet', '1.34.1'), { invariants, except: STAGES, steps: 8, changes: 6 });
});
