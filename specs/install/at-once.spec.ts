import { describe, expect, it } from 'vitest';
import { atomicReplacement } from 'shellrig/invariants';
import { KINDS } from '../support/distros.js';
import { imageBinary, installed } from '../support/packages.js';
import type { Given } from 'shellrig';

describe.each(KINDS)('on %s', (_, { shell, options, install, cached, sources }) => {
  const observed = shell.with({ source: [...(options.source ?? []), './around-an-install.sh'], invariants: [atomicReplacement('/opt/bin/kubelet')] });
  const SOURCES: readonly (readonly [string, Given])[] = [
    ['a binary of the image', { files: imageBinary('kubelet', '1.34.1') }],
    ['a cached package', { files: cached('kubelet', '1.34.1') }],
    ['a package of the sources', { stubs: sources('kubelet', ['1.34.1']) }],
  ];

  describe.each(SOURCES)('two installs at once from %s', (_, given) => {
    it('both succeed, and one whole program is there', async () => {
      const run = await observed.given(given).call('twice_at_once', install, 'kubelet', '1.34.1');

      expect(run).toPrint('first ended with 0\n');
      expect(run).toPrint('second ended with 0\n');
      expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
      expect(run.fs.readdirSync('/opt/bin')).toEqual(['kubelet']);
    });
  });

  describe('two installs of different versions at once', () => {
    it('both succeed, and one of the two is there, whole', async () => {
      const run = await observed
        .given({ files: { ...cached('kubelet', '1.34.1'), ...cached('kubelet', '1.34.4') } })
        .call('twice_at_once', install, 'kubelet', '1.34.1');

      expect(run).toPrint('first ended with 0\n');
      expect(run).toPrint('second ended with 0\n');
      expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
    });
  });
});
