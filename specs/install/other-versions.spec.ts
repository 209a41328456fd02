import { describe, expect, it } from 'vitest';
import { directory, file, removed, symlink } from 'shellrig';
import { KINDS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { imageBinary, installed } from '../support/packages.js';

const OTHERS = {
  ...imageBinary('kubelet', '1.34.10'),
  '/opt/bin/kubelet-1.33.4': file('1.33.4', { mode: 0o755 }),
  '/opt/bin/kubelet-v1.33.5': file('v1.33.5', { mode: 0o755 }),
  '/opt/bin/kubelet-1.33.6-ubuntu22.04u1': file('1.33.6', { mode: 0o755 }),
  '/opt/bin/kubelet-1.35.0~beta.1': file('1.35.0', { mode: 0o755 }),
  '/opt/bin/kubelet-1.32.0+build': symlink('/opt/bin/kubelet-gone'),
};

/** Names that begin like a versioned kubelet and are none. */
const BYSTANDERS = {
  ...imageBinary('kubectl', '1.34.1'),
  '/opt/bin/kubelet-wrapper': file('wrapper', { mode: 0o755 }),
  '/opt/bin/kubelet-1': file('no version', { mode: 0o755 }),
  '/opt/bin/kubelet-1.34.1x': file('no version', { mode: 0o755 }),
  '/opt/bin/kubelets-1.34.1': file('another program', { mode: 0o755 }),
  '/opt/bin/my-kubelet-1.34.1': file('another program', { mode: 0o755 }),
  '/opt/bin/kubelet-1.34.7': directory(),
  '/opt/bin/kubelet.conf': file('settings'),
};

const gone = Object.fromEntries(Object.keys(OTHERS).map((path) => [path, removed]));

describe.each(KINDS)('on %s', (_, { shell, install, cached }) => {
  describe('other versions that the image carries', () => {
    it('go when one of them is put in place, and nothing else goes', lesson('C1'), async () => {
      const run = await shell
        .given({ files: { ...OTHERS, ...BYSTANDERS, ...imageBinary('kubelet', '1.34.1') } })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/bin/kubelet-1.34.1': removed, ...gone });
    });

    it('go when the program comes out of a package, and nothing else goes', lesson('C2'), async () => {
      const run = await shell
        .given({ files: { ...OTHERS, ...BYSTANDERS, ...cached('kubelet', '1.34.1') } })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), ...gone, '/opt/kubelet/downloads': removed, ...eventFiles(run) });
    });

    it('stay when the install fails', lesson('A5', 'C29'), async () => {
      const run = await shell
        .given({ files: { ...OTHERS, ...imageBinary('kubelet', '1.34.1'), '/opt/bin/kubelet': directory() } })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect([...run.record.after.keys()]).toEqual(expect.arrayContaining(Object.keys(OTHERS)));
      expect(run).not.toHaveChanged();
      expect(run).toPrint("mv: cannot overwrite directory '/opt/bin/kubelet'", { on: 'stderr' });
    });
  });

  describe('a second install', () => {
    it('of the same version succeeds, with nothing left to install from', lesson('A5'), async () => {
      const files = { '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/bin/kubectl': installed('kubectl', '1.34.1') };
      const run = await shell.given({ files }).call('installKubeletKubectlFromPkg', '1.34.1');

      expect(run).toSucceed();
      for (const tool of ['kubelet', 'kubectl']) expect(run).toPrint(`${tool} version 1.34.1 is already installed\n`);
      expect(run).not.toHaveChanged();
    });
  });
});
