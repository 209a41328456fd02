import { describe, expect, it } from 'vitest';
import { real, removed } from 'shellrig';
import { DISTROS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { imageBinary, installed } from '../support/packages.js';

describe.each(DISTROS)('on %s', (_, { shell, install, cached }) => {
  describe('a versioned binary that the image carries', () => {
    it('is put in place with the mode and owner of a program, and its cache goes', lesson('A4', 'B10'), async () => {
      const run = await shell
        .given({ files: { ...imageBinary('kubelet', '1.34.1'), ...cached('kubelet', '1.34.1') } })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toPrint('Successfully installed kubelet version 1.34.1 from binary fallback\n');
      expect(run).toHaveChangedOnly({
        '/opt/bin/kubelet': installed('kubelet', '1.34.1'),
        '/opt/bin/kubelet-1.34.1': removed,
        '/opt/kubelet/downloads': removed,
      });
    });

    it('needs no package, no network and no package manager', lesson('B16'), async () => {
      const run = await shell.given({ files: imageBinary('kubectl', '1.34.1') }).call(install, 'kubectl', '1.34.1');

      expect(run).toSucceed();
      expect(run.allCalls.filter(({ name }) => name !== 'uname')).toEqual([]);
      expect(run).not.toEmit({});
      expect(run).toHaveChangedOnly({ '/opt/bin/kubectl': installed('kubectl', '1.34.1'), '/opt/bin/kubectl-1.34.1': removed });
    });

    it.each([
      ['is not copied when its mode and owner are those of a program', installed('kubelet', '1.34.1'), 0],
      ['is copied when they are not, so that it stays as it is until all is done', imageBinary('kubelet', '1.34.1')['/opt/bin/kubelet-1.34.1'] ?? '', 1],
    ])('%s', async (_, carried, copies) => {
      const run = await shell.with({ stubs: { cp: real() } }).given({ files: { '/opt/bin/kubelet-1.34.1': carried } }).call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveCalledTimes('cp', copies);
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/bin/kubelet-1.34.1': removed });
    });

    it('goes where the caller asks', lesson('C5'), async () => {
      const run = await shell
        .given({ files: imageBinary('kubelet', '1.34.1') })
        .call(install, 'kubelet', '1.34.1', '/usr/local/libexec/node/kubelet');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({
        '/usr/local/libexec/node/kubelet': installed('kubelet', '1.34.1'),
        '/opt/bin/kubelet-1.34.1': removed,
      });
    });

    describe.each(['kubelet', 'kubectl'] as const)('of %s', (tool) => {
      it('is installed by the name of the function that configures a node', async () => {
        const run = await shell.given({ files: imageBinary(tool, '1.34.1') }).call('fallbackToKubeBinaryInstall', tool, '1.34.1');

        expect(run).toSucceed();
        expect(run).toHaveChangedOnly({ [`/opt/bin/${tool}`]: installed(tool, '1.34.1'), [`/opt/bin/${tool}-1.34.1`]: removed });
      });
    });

    it('that is empty is no program: the package is taken', lesson('C4'), async () => {
      const run = await shell
        .given({ files: { '/opt/bin/kubelet-1.34.1': '', ...cached('kubelet', '1.34.1') } })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toPrint(/kubelet-1\.34\.1 is not .*empty/);
      expect(run).toHaveChangedOnly({
        '/opt/bin/kubelet': installed('kubelet', '1.34.1'),
        '/opt/bin/kubelet-1.34.1': removed,
        '/opt/kubelet/downloads': removed,
        ...eventFiles(run),
      });
    });
  });
});
