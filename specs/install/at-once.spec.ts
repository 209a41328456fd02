import { describe, expect, it } from 'vitest';
import { removed, type Allowances, type FileSpecs, type Given } from 'shellrig';
import { atomicReplacement } from 'shellrig/invariants';
import { KINDS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { imageBinary, installed } from '../support/packages.js';

/** One of two finds gone what the other took, or only half of what that downloads as yet, now and then, and says so in many ways. */
const LATE: Allowances = { unasserted: { stderr: true } };

describe.each(KINDS)('on %s', (_, { shell, options, install, cached, sources, downloads, downloaded }) => {
  const observed = shell.with({ source: [...(options.source ?? []), './around-an-install.sh'], invariants: [atomicReplacement('/opt/bin/kubelet', { versions: 2 })] });
  const SOURCES: readonly (readonly [string, Given, FileSpecs])[] = [
    ['a binary of the image', { files: imageBinary('kubelet', '1.34.1') }, { '/opt/bin/kubelet-1.34.1': removed }],
    ['a binary of the image that is a program already', { files: { '/opt/bin/kubelet-1.34.1': installed('kubelet', '1.34.1') } }, { '/opt/bin/kubelet-1.34.1': removed }],
    ['a cached package', { files: cached('kubelet', '1.34.1') }, { '/opt/kubelet/downloads': removed }],
    ['a package of the sources', { stubs: sources('kubelet', ['1.34.1']), allow: { unasserted: { calls: [downloads('kubelet', '1.34.1')] } } }, downloaded('kubelet', '1.34.1')],
  ];

  describe.each(SOURCES)('two installs at once from %s', (_, given, left) => {
    it('both succeed, and one whole program is there', { meta: { races: true } }, async () => {
      const run = await observed.given(given).given({ allow: LATE }).call('twice_at_once', install, 'kubelet', '1.34.1');

      expect(run).toPrint('first ended with 0\n');
      expect(run).toPrint('second ended with 0\n');
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), ...left, ...eventFiles(run) });
      expect(run.fs.readdirSync('/opt/bin')).toEqual(['kubelet']);
    });
  });

  describe('two installs of different versions at once', () => {
    it('both succeed, and one of the two is there, whole', { meta: { races: true } }, async () => {
      const run = await observed
        .given({ files: { ...cached('kubelet', '1.34.1'), ...cached('kubelet', '1.34.4') }, allow: LATE })
        .call('twice_at_once', install, 'kubelet', '1.34.1');

      expect(run).toPrint('first ended with 0\n');
      expect(run).toPrint('second ended with 0\n');
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/kubelet/downloads': removed, ...eventFiles(run) });
    });
  });
});
