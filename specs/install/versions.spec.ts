import { describe, expect, it } from 'vitest';
import { file, removed } from 'shellrig';
import { deb } from '../../fixtures/packages/index.js';
import { DISTROS, KINDS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedFile, imageBinary, installed } from '../support/packages.js';
import { ubuntu } from '../support/ubuntu.js';

/** Whether a package of one version is the wanted one. */
const MATRIX: readonly (readonly [wanted: string, version: string, same: boolean, why: string])[] = [
  ['1.34.1', '1.34.1', true, 'the same'],
  ['1.34.1', '1.34.1-ubuntu22.04u1', true, 'a release of it'],
  ['1.34.1', '1:1.34.1-ubuntu22.04u1', true, 'behind an epoch'],
  ['1.34.1', '1%3a1.34.1-ubuntu22.04u1', true, 'behind an epoch as file names spell it'],
  ['v1.34.1', '1.34.1-ubuntu22.04u1', true, 'wanted with a leading v'],
  ['1.34.1', 'v1.34.1-ubuntu22.04u1', true, 'with a leading v'],
  ['1.34.1-ubuntu22.04u1', '1.34.1-ubuntu22.04u1', true, 'the same release'],
  ['1.34.1-ubuntu22.04u1', '1.34.1-ubuntu22.04u2', false, 'another release'],
  ['1.34.1-ubuntu22.04u1', '1.34.1', false, 'no release, and one is wanted'],
  ['1.34.1', '1.34.10', false, 'the wanted one is its prefix'],
  ['1.34.1', '1.34.10-ubuntu22.04u1', false, 'the wanted one is the prefix of its version'],
  ['1.34.10', '1.34.1-ubuntu22.04u1', false, 'a prefix of the wanted one'],
  ['1.34.1', '11.34.1-ubuntu22.04u1', false, 'the wanted one is its end'],
  ['1.34.1', '1x34x1-ubuntu22.04u1', false, 'other characters in place of the dots'],
  ['1.34.1', '1.34.1.1-ubuntu22.04u1', false, 'one more number'],
  ['1.35.0', '1.35.0~beta.1-ubuntu22.04u1', false, 'a pre-release of it'],
  ['1.35.0~beta.1', '1.35.0~beta.1-ubuntu22.04u1', true, 'a release of the pre-release'],
  ['1.35.0~beta.1', '1.35.0-ubuntu22.04u1', false, 'the release of the wanted pre-release'],
  ['1.35.0~beta.1', '1.35.0~beta.10-ubuntu22.04u1', false, 'a later pre-release'],
  ['1.*', '1.34.1-ubuntu22.04u1', false, 'a pattern is no version'],
];

describe('the wanted version and a package, in a directory', () => {
  it.each(MATRIX)('%s: %s %s (%s)', lesson('B5', 'C3'), async (wanted, version, same) => {
    const path = `/opt/kubelet/downloads/kubelet_${version}_amd64.deb`;
    const run = await ubuntu.given({ files: { [path]: '' } }).call('findPackageFile', 'kubelet', wanted, '/opt/kubelet/downloads');

    expect(run).toSucceed();
    expect(run.stdout).toBe(same ? `${path}\n` : '');
  });
});

const ALL = ['1.34.1', '1.34.10', '1.34.2', '1.35.0', '1.35.0~beta.1'] as const;

describe.each(DISTROS)('on %s', (_, { shell, install, sources, downloads, downloaded }) => {
  describe('several versions', () => {
    it.each(['1.34.1', '1.34.2'] as const)('in the sources: %s is installed when it is asked for', lesson('C3'), async (version) => {
      const run = await shell.given({ stubs: sources('kubelet', ALL) }).call(install, 'kubelet', version);

      expect(run).toSucceed();
      expect(run).toHaveCalled(...downloads('kubelet', version));
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', version), ...downloaded('kubelet', version), ...eventFiles(run) });
    });
  });
});

describe.each(KINDS)('on %s', (_, { shell, install, cached }) => {
  describe('several versions', () => {
    it.each(ALL)('in the downloads: %s is installed when it is asked for', lesson('C3'), async (version) => {
      const run = await shell.given({ files: cached('kubelet', ...ALL) }).call(install, 'kubelet', version);

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', version), '/opt/kubelet/downloads': removed, ...eventFiles(run) });
    });

    it('of which none is the wanted one: 1.34.1 is not 1.34.10', lesson('C3'), async () => {
      const run = await shell
        .given({ files: cached('kubelet', '1.34.10') })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect(run).not.toHaveFile('/opt/bin/kubelet');
    });
  });
});

describe('the binary that the image carries', () => {
  it.each(['1.34.1', 'v1.34.1', '1.34.1-ubuntu22.04u1', '1:1.34.1-ubuntu22.04u1', '1.34.1-1.azl3'])('is found by the version of a package, %s', lesson('B3'), async (version) => {
    const run = await ubuntu.given({ files: imageBinary('kubelet', '1.34.1') }).call('fallbackToKubeBinaryInstall', 'kubelet', version);

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/bin/kubelet-1.34.1': removed });
  });

  it('with the name of a package\'s release is found by that', lesson('B3'), async () => {
    const run = await ubuntu
      .given({ files: imageBinary('kubelet', '1.34.1', '1.34.1-ubuntu22.04u1') })
      .call('fallbackToKubeBinaryInstall', 'kubelet', '1.34.1-ubuntu22.04u1');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/bin/kubelet-1.34.1-ubuntu22.04u1': removed });
  });

  it.each(['1.34.10', '1.34', '1.34.1~rc.1', '1x34x1', '*'])('is not found by %s', lesson('B3'), async (version) => {
    const run = await ubuntu.given({ files: imageBinary('kubelet', '1.34.1') }).call('fallbackToKubeBinaryInstall', 'kubelet', version);

    expect(run).toExit(1);
    expect(run).not.toHaveChanged();
  });

  it('that is a link or a directory is not one', async () => {
    const run = await ubuntu
      .given({ files: { '/opt/bin/kubelet-1.34.1': { spec: 'symlink', target: '/opt/elsewhere' }, '/opt/elsewhere': file('elsewhere', { mode: 0o755 }) } })
      .call('fallbackToKubeBinaryInstall', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).not.toHaveChanged();
  });
});

describe('a package file with a version in its name', () => {
  it('spells an epoch as %3a', async () => {
    const run = await ubuntu
      .given({ files: cachedFile('kubelet', deb('kubelet', '1.34.2'), 'kubelet_1%3a1.34.2-ubuntu22.04u1_amd64.deb') })
      .call('installPkgWithAptGet', 'kubelet', '1.34.2');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.2'), '/opt/kubelet/downloads': removed, ...eventFiles(run) });
  });
});
