import { describe, expect, it } from 'vitest';
import { removed } from 'shellrig';
import { DISTROS } from '../support/distros.js';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedFile, imageBinary, installed } from '../support/packages.js';
import { OPENERS_COMPLAIN } from '../support/routine.js';

const kubeletAlone = { '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/bin/kubelet-1.34.1': removed };

describe.each(DISTROS)('on %s', (_, { shell, cached, bad, extractor }) => {
  describe('installKubeletKubectlFromPkg', () => {
    it('installs both, each from what there is of it', async () => {
      const run = await shell
        .given({ files: { ...imageBinary('kubelet', '1.34.1'), ...cached('kubectl', '1.34.1') } })
        .call('installKubeletKubectlFromPkg', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({
        '/opt/bin/kubelet': installed('kubelet', '1.34.1'),
        '/opt/bin/kubelet-1.34.1': removed,
        '/opt/bin/kubectl': installed('kubectl', '1.34.1'),
        '/opt/kubectl/downloads': removed,
        ...eventFiles(run),
      });
      expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual([`AKS.CSE.installkubectl.${extractor}`]);
    });

    it('ends with 121 when there is no kubelet, and does not go on', async () => {
      const run = await shell.given({ files: imageBinary('kubectl', '1.34.1') }).call('installKubeletKubectlFromPkg', '1.34.1');

      expect(run).toExit(121);
      expect(run).not.toHaveFile('/opt/bin/kubectl');
    });

    it('ends with 122 when there is no kubectl', async () => {
      const run = await shell.given({ files: imageBinary('kubelet', '1.34.1') }).call('installKubeletKubectlFromPkg', '1.34.1');

      expect(run).toExit(122);
      expect(run).toHaveChangedOnly(kubeletAlone);
    });

    it('ends with 121 when the package of kubelet is bad', lesson('C8'), async () => {
      const run = await shell
        .given({ files: { ...cachedFile('kubelet', bad('missing-binary')), ...imageBinary('kubectl', '1.34.1') } })
        .call('installKubeletKubectlFromPkg', '1.34.1');

      expect(run).toExit(121);
      expect(run).toHaveChangedOnly(eventFiles(run));
    });

    it('ends with 122 when the package of kubectl is bad', lesson('C8'), async () => {
      const run = await shell
        .given({ files: { ...imageBinary('kubelet', '1.34.1'), ...cachedFile('kubectl', bad('truncated', 'kubectl')) }, allow: OPENERS_COMPLAIN })
        .call('installKubeletKubectlFromPkg', '1.34.1');

      expect(run).toExit(122);
      expect(run).toHaveChangedOnly({ ...kubeletAlone, ...eventFiles(run) });
    });
  });
});
