import { describe, expect, it } from 'vitest';
import { badDeb } from '../../fixtures/packages/index.js';
import { eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedDebs, cachedFile, imageBinary, installed } from '../support/packages.js';
import { ubuntu } from '../support/ubuntu.js';

const BAD = 'kubelet_1.34.1-ubuntu22.04u1_amd64.deb';

describe('installKubeletKubectlFromPkg', () => {
  it('installs both, each from what there is of it', async () => {
    const run = await ubuntu
      .given({ files: { ...imageBinary('kubelet', '1.34.1'), ...cachedDebs('kubectl', '1.34.1') } })
      .call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
    expect(run).toHaveFile('/opt/bin/kubectl', installed('kubectl', '1.34.1'));
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['AKS.CSE.installkubectl.extractDebBinaryFromFile']);
  });

  it('ends with 121 when there is no kubelet, and does not go on', async () => {
    const run = await ubuntu.given({ files: imageBinary('kubectl', '1.34.1') }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toExit(121);
    expect(run).not.toHaveFile('/opt/bin/kubectl');
  });

  it('ends with 122 when there is no kubectl', async () => {
    const run = await ubuntu.given({ files: imageBinary('kubelet', '1.34.1') }).call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toExit(122);
    expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
  });

  it('ends with 121 when the package of kubelet is bad', lesson('C8'), async () => {
    const run = await ubuntu
      .given({ files: { ...cachedFile('kubelet', badDeb('missing-binary'), BAD), ...imageBinary('kubectl', '1.34.1') } })
      .call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toExit(121);
  });

  it('ends with 122 when the package of kubectl is bad', lesson('C8'), async () => {
    const run = await ubuntu
      .given({ files: { ...imageBinary('kubelet', '1.34.1'), ...cachedFile('kubectl', badDeb('truncated', 'kubectl')) } })
      .call('installKubeletKubectlFromPkg', '1.34.1');

    expect(run).toExit(122);
  });
});
