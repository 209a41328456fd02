import { describe, expect, it } from 'vitest';
import { file, removed } from 'shellrig';
import { deb } from '../../fixtures/packages/index.js';
import { DISTROS, KINDS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedFile, installed } from '../support/packages.js';
import { ubuntu } from '../support/ubuntu.js';

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
  it('that is a link or a directory is not one', async () => {
    const run = await ubuntu
      .given({ files: { '/opt/bin/kubelet-1.34.1': { spec: 'symlink', target: '/opt/elsewhere' }, '/opt/elsewhere': file('elsewhere', { mode: 0o755 }) } })
      .call('fallbackToKubeBinaryInstall', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).not.toHaveChanged();
  });
});

describe('the version that a program reports', () => {
  const asked = (content: string) => ubuntu
    .given({ files: { '/srv/program': file(`#!/bin/bash\n${content}\n`, { mode: 0o755 }) }, allow: { leftovers: ['tail'] }, limits: { virtual: '60s' } })
    .call('_reported_versions', 'answer', '/srv/program', 'kubelet');

  it('is known after five seconds, though it hangs', async () => {
    const run = await asked('echo Kubernetes v1.34.1; exec tail -f /dev/null');

    expect(run).toSucceed();
    expect(run.variable('answer')).toBe('v1.34.1 ');
    expect(run.record.duration).toBeLessThan(8000);
  });

  // The function that a sleep belongs to is known only while whoever started the sleeper lives: that may be over or not.
  it('is known after five seconds, though it leaves a process that holds its output', { meta: { races: true } }, async () => {
    const run = await asked('echo Kubernetes v1.34.1; tail -f /dev/null &');

    expect(run).toSucceed();
    expect(run.variable('answer')).toBe('v1.34.1 ');
    expect(run.record.duration).toBeLessThan(8000);
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
