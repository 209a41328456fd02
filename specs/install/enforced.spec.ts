import { describe, expect, it } from 'vitest';
import { removed } from 'shellrig';
import { DISTROS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { imageBinary, installed } from '../support/packages.js';

const enforced = { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'true' };

describe.each(DISTROS)('on %s', (_, { shell, install, cached, sources, opener, opens, downloads, downloaded }) => {
  describe('a package install that is enforced', () => {
    it('takes the cached package, though the image carries the binary', lesson('B8', 'C2'), async () => {
      const run = await shell
        .given({ vars: enforced, files: { ...imageBinary('kubelet', '1.34.1'), ...cached('kubelet', '1.34.1') } })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toPrint('Kube PMC install is enforced, skipping fallback to kube binary install for kubelet\n');
      expect(run).toHaveCalled(...opens('kubelet', '1.34.1'));
      expect(run).toHaveChangedOnly({
        '/opt/bin/kubelet': installed('kubelet', '1.34.1'),
        '/opt/bin/kubelet-1.34.1': removed,
        '/opt/kubelet/downloads': removed,
        ...eventFiles(run),
      });
    });

    it('downloads one, where there is none', lesson('B8'), async () => {
      const run = await shell
        .given({ vars: enforced, files: imageBinary('kubelet', '1.34.1'), stubs: sources('kubelet', ['1.34.1']) })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveCalled(...downloads('kubelet', '1.34.1'));
      expect(run).toHaveChangedOnly({
        '/opt/bin/kubelet': installed('kubelet', '1.34.1'),
        '/opt/bin/kubelet-1.34.1': removed,
        ...downloaded('kubelet', '1.34.1'),
        ...eventFiles(run),
      });
    });

    it('downloads one, though this version is in place already', async () => {
      const run = await shell
        .given({ vars: enforced, files: { '/opt/bin/kubelet': installed('kubelet', '1.34.1') }, stubs: sources('kubelet', ['1.34.1']) })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveCalled(...downloads('kubelet', '1.34.1'));
      expect(run).toHaveCalledTimes(opener, 1);
      expect(run).toHaveChangedOnly({ ...downloaded('kubelet', '1.34.1'), ...eventFiles(run) });
    });

    it('fails without a package, and the binary of the image stays where it is', lesson('B8'), async () => {
      const run = await shell.given({ vars: enforced, files: imageBinary('kubelet', '1.34.1') }).call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect(run).not.toHaveChanged();
    });

    it('is not enforced by any other word than true', async () => {
      const run = await shell
        .given({ vars: { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'false' }, files: imageBinary('kubelet', '1.34.1') })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).not.toHaveCalled(opener);
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/bin/kubelet-1.34.1': removed });
    });
  });
});
