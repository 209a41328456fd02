import { describe, expect, it } from 'vitest';
import { defineShell, exits, removed, rest, returns, type FileSpecs, type Given } from 'shellrig';
import osguardHelpers from '#node/azlosguard/cse_helpers_osguard.sh';
import osguardInstall from '#node/azlosguard/cse_install_osguard.sh';
import helpers from '#node/cse_helpers.sh';
import install from '#node/cse_install.sh';
import measure from '#node/measure-tls-bootstrapping-latency.sh';
import marinerHelpers from '#node/mariner/cse_helpers_mariner.sh';
import marinerInstall from '#node/mariner/cse_install_mariner.sh';
import ubuntuHelpers from '#node/ubuntu/cse_helpers_ubuntu.sh';
import ubuntuInstall from '#node/ubuntu/cse_install_ubuntu.sh';
import validate from '#node/validate-kubelet-credentials.sh';
import { DISTROS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { imageBinary, installed } from '../support/packages.js';
import { SCRIPTS } from '../support/scripts.js';
import { ubuntuOptions } from '../support/ubuntu.js';

const ALL = [helpers, ubuntuHelpers, install, ubuntuInstall];

/** What each distribution sources, in the order of a boot. */
const OF_EACH = [['Ubuntu', ALL], ['Mariner', [helpers, marinerHelpers, install, marinerInstall]], ['Azure Linux OS Guard', [helpers, osguardHelpers, install, osguardInstall]]] as const;

describe('sourcing', () => {
  const bare = defineShell({});

  it.each(OF_EACH)('runs nothing and changes nothing: %s', async (_, source) => {
    const shell = defineShell({ source });
    const run = await shell.call('declare', '-F');

    expect(run).toSucceed();
    expect(run.stdout).toContain('declare -f installKubeletKubectlFromPkg\n');
    expect(run).not.toHaveChanged();
  });

  it.each(OF_EACH)('says which distribution its helpers are for: %s', async (name, [, distroHelpers]) => {
    const run = await bare.source(distroHelpers);

    expect(run).toSucceed();
    expect(run.stdout).toBe(`Sourcing cse_helpers_distro.sh for ${name}\n`);
  });

  it.each([[[install, helpers]], [[ubuntuInstall, helpers]], [[ubuntuInstall, install, ubuntuHelpers, helpers]]])('works in any order, as image builds have another: %#', async (source) => {
    const run = await defineShell({ source }).call('semverCompare', '1.0.0', '1.0.0');

    expect(run).toSucceed();
  });

  it('goes on when the release of Ubuntu cannot be told', async () => {
    const run = await defineShell({ source: ALL, stubs: { lsb_release: exits(1) } }).call('true');

    expect(run).toSucceed();
    expect(run.variable('UBUNTU_RELEASE')).toBe('');
  });

  it('reads what the login shells of the machine set', async () => {
    const run = await defineShell({ source: [helpers], files: { '/etc/profile.d/path.sh': 'PATH=/opt/bin:$PATH\n' } }).call('true');

    expect(run).toSucceed();
    expect(run.variable('PATH')).toMatch(/^\/opt\/bin:/);
  });

  it('ends with the mark by which a boot tells that the helpers were written whole', async () => {
    const run = await defineShell({ source: [helpers] }).call('tail', '-n', '1', `${SCRIPTS}/cse_helpers.sh`);

    expect(run).toSucceed();
    expect(run.stdout).toBe('#HELPERSEOF\n');
  });
});

describe('a shell that forgives nothing (set -euo pipefail)', () => {
  const strict = defineShell({ ...ubuntuOptions, source: ['./strict.sh', ...ALL] });

  it('sources all of it without an environment', async () => {
    const run = await defineShell({ source: ['./strict.sh', ...ALL] }).call('get_kubernetes_tools');

    expect(run).toSucceed();
    expect(run.stdout).toBe('kubelet kubectl\n');
  });

  it.each([
    ['the latency script', measure, 'cleanUpAfterWait'],
    ['the script that validates credentials', validate, 'bootstrapToken'],
  ])('reads the functions of %s without running them', async (_, script, name) => {
    const run = await defineShell({ source: ['./strict.sh', script], env: { __SOURCED__: 'yes' } }).call(name);

    expect(run).toSucceed();
    expect(run.output).toBe('');
    expect(run).not.toHaveChanged();
  });

  describe.each(DISTROS)('on %s', (_, { shell, options, install: installer, cached, sources, downloads, downloaded }) => {
    const unforgiving = shell.with({ source: ['./strict.sh', ...(options.source ?? [])] });

    it.each([
      ['a binary of the image', { files: imageBinary('kubelet', '1.34.1') }, { '/opt/bin/kubelet-1.34.1': removed }],
      ['a cached package', { files: cached('kubelet', '1.34.1') }, { '/opt/kubelet/downloads': removed }],
      ['a package of the sources', { stubs: sources('kubelet', ['1.34.1']), allow: { unasserted: { calls: [downloads('kubelet', '1.34.1')] } } }, downloaded('kubelet', '1.34.1')],
    ])('installs from %s', async (__, given: Given, left: FileSpecs) => {
      const run = await unforgiving.given(given).call(installer, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), ...left, ...eventFiles(run) });
    });
  });

  it('retries, and logs events of what fails', async () => {
    const run = await strict.given({ stubs: { curl: exits(6), sleep: exits(0) } }).call('logs_to_events', 'task', 'retrycmd_if_failure', '2', '1', '10', 'curl');

    expect(run).toExit(1);
    expect(run).toHaveCalledInOrder([['curl'], ['sleep', '1'], ['curl']]);
    expect(run).toPrint('Executed "curl" 2 times; giving up (last exit status: 6).\n', { on: 'stderr' });
    expect(run).toEmit({ TaskName: 'task' });
  });

  it('waits for a service', async () => {
    const run = await strict.given({ stubs: { systemctl: returns('active\n') } }).call('checkServiceHealth', 'x');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('systemctl', 1, 'show', rest);
  });
});
