import { describe, expect, it } from 'vitest';
import { DISTROS } from '../support/distros.js';
import { lesson } from '../support/lesson.js';
import { imageBinary, installed } from '../support/packages.js';

describe.each(DISTROS)('on %s', (_, { shell, install, cached, lists, downloads }) => {
  describe('a version that nobody has', () => {
    it.each(['kubelet', 'kubectl', 'azure-acr-credential-provider'] as const)('of %s fails with its name, and nothing changes', async (name) => {
      const run = await shell.call(install, name, '1.34.1');

      expect(run).toExit(1);
      expect(run).toPrint(`Failed to find valid ${name} version for 1.34.1\n`);
      expect(run).not.toHaveChanged();
    });

    it('leaves the version that is in place, and other ones that the image carries', lesson('A5'), async () => {
      const run = await shell
        .given({ files: { '/opt/bin/kubelet': installed('kubelet', '1.34.2'), ...imageBinary('kubelet', '1.34.10'), ...cached('kubelet', '1.35.0') } })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect(run).not.toHaveChanged();
    });

    it('is looked for in the sources once', async () => {
      const run = await shell.call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect(run).toHaveCalled(...lists('kubelet'));
      expect(run).toHaveCalledTimes(lists('kubelet')[0], 1);
      expect(run).not.toHaveCalled(...downloads('kubelet', '1.34.1'));
    });
  });

  describe('the fallback to a binary of the image', () => {
    it('is for programs of Kubernetes: it knows no other', async () => {
      const run = await shell
        .given({ files: imageBinary('azure-acr-credential-provider', '1.34.1') })
        .call('fallbackToKubeBinaryInstall', 'azure-acr-credential-provider', '1.34.1');

      expect(run).toExit(1);
      expect(run.output).toBe('');
      expect(run).not.toHaveChanged();
    });

    it('says what it did not find', async () => {
      const run = await shell.call('fallbackToKubeBinaryInstall', 'kubectl', '1.34.1');

      expect(run).toExit(1);
      expect(run.stdout).toBe('No binary fallback found for kubectl version 1.34.1\n');
    });
  });
});
