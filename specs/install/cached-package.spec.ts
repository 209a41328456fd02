import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file, removed } from 'shellrig';
import { deb, POSTINST_MARK } from '../../fixtures/packages/index.js';
import { DISTROS } from '../support/distros.js';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedDebs, cachedFile, installed } from '../support/packages.js';
import { ubuntu } from '../support/ubuntu.js';

describe.each(DISTROS)('on %s', (_, { shell, install, extractor, managers, cached, good }) => {
  describe('a package in the downloads directory, and no versioned binary', () => {
    it('has its binary taken out, and nothing else on the machine changes', lesson('B4', 'B16'), async () => {
      const run = await shell.given({ files: cached('kubelet', '1.34.1') }).call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({
        '/opt/bin/kubelet': installed('kubelet', '1.34.1'),
        '/opt/kubelet/downloads': removed,
        ...eventFiles(run),
      });
    });

    it('is not installed by a package manager: none of its scripts runs', lesson('B16'), async () => {
      const run = await shell.given({ files: cached('kubelet', '1.34.1') }).call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).not.toHaveFile(POSTINST_MARK);
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/kubelet/downloads': removed, ...eventFiles(run) });
      for (const manager of managers) expect(run).not.toHaveCalled(manager);
    });

    it('is extracted under an event that names the step', async () => {
      const run = await shell.given({ files: cached('kubectl', '1.34.1') }).call(install, 'kubectl', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveChanged({ '/opt/bin/kubectl': installed('kubectl', '1.34.1'), '/opt/kubectl/downloads': removed });
      expect(eventsOf(run)).toEqual([expect.objectContaining({
        TaskName: `AKS.CSE.installkubectl.${extractor}`,
        Message: `Completed: ${extractor} /opt/kubectl/downloads/${basename(good('kubectl', '1.34.1'))} kubectl /opt/bin/kubectl`,
      })]);
    });

    it('holds a real ELF program', async () => {
      const run = await shell.given({ files: cached('kubelet', '1.34.4') }).call(install, 'kubelet', '1.34.4');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.4'), '/opt/kubelet/downloads': removed, ...eventFiles(run) });
    });

    it('that has no program of its own yet meets one of this version in place: nothing is fetched', async () => {
      const run = await shell
        .given({ files: { '/opt/bin/kubelet': installed('kubelet', '1.34.1') } })
        .call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toPrint('kubelet version 1.34.1 is already installed');
      expect(run).not.toHaveChanged();
      for (const manager of managers) expect(run).not.toHaveCalled(manager);
    });

    it.each([
      ['of another version', installed('kubelet', '1.34.10')],
      ['cut short', file('')],
    ])('and a program in place that is %s: it does not count as installed', async (_, present) => {
      const run = await shell.given({ files: { '/opt/bin/kubelet': present } }).call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect(run).toPrint('Failed to find valid kubelet version for 1.34.1');
    });
  });
});

describe('a package in the downloads directory of Ubuntu', () => {
  it('is of the newest release of that version, where there are several', async () => {
    const run = await ubuntu
      .given({ files: cachedDebs('kubelet', '1.34.1', '1.34.1-ubuntu22.04u2') })
      .call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled('dpkg-deb', '-x', '/opt/kubelet/downloads/kubelet_1.34.1-ubuntu22.04u2_amd64.deb', /^\/opt\/bin\//);
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1-ubuntu22.04u2'), '/opt/kubelet/downloads': removed, ...eventFiles(run) });
  });

  it('of another program does not count, though its name begins alike', async () => {
    const path = deb('kubelet', '1.34.1');
    const run = await ubuntu
      .given({ files: cachedFile('kubelet', path, 'kubelet-extras_1.34.1-ubuntu22.04u1_amd64.deb') })
      .call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).not.toHaveCalled('dpkg-deb');
  });

  it('for another architecture does not count', lesson('C28'), async () => {
    const run = await ubuntu
      .given({ files: cachedFile('kubelet', deb('kubelet', '1.34.1'), 'kubelet_1.34.1-ubuntu22.04u1_arm64.deb') })
      .call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).not.toHaveCalled('dpkg-deb');
  });

  it('for all architectures counts', async () => {
    const run = await ubuntu
      .given({ files: cachedFile('kubelet', deb('kubelet', '1.34.1'), 'kubelet_1.34.1-ubuntu22.04u1_all.deb') })
      .call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/kubelet/downloads': removed, ...eventFiles(run) });
  });
});

describe('a program that is asked for its version', () => {
  it.each([
    ['kubelet', '--version'],
    ['kubectl', 'version --client'], // without --client it asks a server, which a node does not have yet
  ])('%s is asked by: %s', lesson('B11'), async (name, words) => {
    const asked = file('#!/bin/sh\necho "$@" >>/opt/asked\necho v1.34.1\n', { mode: 0o755 });
    const run = await ubuntu.given({ files: { [`/opt/bin/${name}`]: asked } }).call('installPkgWithAptGet', name, '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/asked': file(`${words}\n`) });
  });

  it('may go on for ever: a page of its answer is read', async () => {
    const files = { '/opt/bin/kubelet': file('#!/bin/sh\nwhile :; do echo no version; done\n', { mode: 0o755 }) };
    const run = await ubuntu.given({ files }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).not.toHaveChanged();
    expect(run.record.duration).toBeLessThan(5000);
  });
});

describe('the machine, as packages name it', () => {
  it.each([['x86_64', 'amd64'], ['aarch64', 'arm64'], ['riscv64', 'riscv64']])('%s is %s', async (machine, name) => {
    const run = await ubuntu.given({ vars: { HOSTTYPE: machine } }).call('getCPUArch');

    expect(run).toSucceed();
    expect(run.stdout).toBe(`${name}\n`);
  });

  it('is what CPU_ARCH says, where that is set', async () => {
    const run = await ubuntu.given({ vars: { CPU_ARCH: 'arm64' } }).call('getCPUArch');

    expect(run).toSucceed();
    expect(run.stdout).toBe('arm64\n');
  });
});
