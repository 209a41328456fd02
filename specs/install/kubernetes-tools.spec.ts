import { describe, expect, it } from 'vitest';
import { DISTROS } from '../support/distros.js';
import { eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedFile, imageBinary, installed } from '../support/packages.js';

describe.each(DISTROS)('on %s', (_, { shell, cached, bad, extractor }) => {
  describe('installKubeletKubectlFromPkg', () => {
    it('installs both, each from what there is of it', async () => {
      const run = await shell
        .given({ files: { ...imageBinary('kubelet', '1.34.1'), ...cached('kubectl', '1.34.1') } })
        .call('installKubeletKubectlFromPkg', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
      expect(run).toHaveFile('/opt/bin/kubectl', installed('kubectl', '1.34.1'));
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
      expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
    });

    it('ends with 121 when the package of kubelet is bad', lesson('C8'), async () => {
      const run = await shell
        .given({ files: { ...cachedFile('kubelet', bad('missing-binary')), ...imageBinary('kubectl', '1.34.1') } })
        .call('installKubeletKubectlFromPkg', '1.34.1');

      expect(run).toExit(121);
    });

    it('ends with 122 when the package of kubectl is bad', lesson('C8'), async () => {
      const run = await shell
        .given({ files: { ...imageBinary('kubelet', '1.34.1'), ...cachedFile('kubectl', bad('truncated', 'kubectl')) } })
        .call('installKubeletKubectlFromPkg', '1.34.1');

      expect(run).toExit(122);
    });
  });
});
