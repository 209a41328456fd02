import { describe, expect, it } from 'vitest';
import { defineShell, directory, exits, file, type FileSpecs, type Run } from 'shellrig';
import { eventFiles } from '../support/events.js';
import { installed } from '../support/packages.js';
import { packageSources } from '../support/package-sources.js';
import { ubuntu, ubuntuOptions } from '../support/ubuntu.js';

describe('the sources of packages', () => {
  const bare = defineShell({ ...ubuntuOptions, files: {} });

  it('of a pre-release are those for testing too, where the machine has them', async () => {
    const files = { '/etc/apt/sources.list.d/microsoft-prod-testing.list': 'deb https://packages.example/testing jammy main\n' };
    const run = await ubuntu.given({ files, stubs: packageSources('kubelet', ['1.35.0~beta.1']) }).call('installPkgWithAptGet', 'kubelet', '1.35.0~beta.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled('curl', '-fLJO', 'https://packages.example/ubuntu/pool/kubelet_1.35.0~beta.1-ubuntu22.04u1_amd64.deb');
    expect(run).toHaveChangedOnly({
      '/opt/bin/kubelet': installed('kubelet', '1.35.0~beta.1'), '/opt/kubelet': directory(), '/var/cache/apt/archives/kubelet_1.35.0~beta.1-ubuntu22.04u1_amd64.deb': file(), ...eventFiles(run),
    });
    expect(updated(run)).toEqual(['microsoft-prod.list', 'microsoft-prod-testing.list']);
  });

  it.each([
    ['a release', '1.34.1', { '/etc/apt/sources.list.d/microsoft-prod-testing.list': '' }],
    ['a pre-release on a machine without those for testing', '1.35.0~beta.1', {}],
  ])('of %s are those for production', async (_, version, files: FileSpecs) => {
    const run = await ubuntu.given({ files }).call('updatePMCRepository', version);

    expect(run).toSucceed();
    expect(updated(run)).toEqual(['microsoft-prod.list']);
  });

  it('may be in the newer form', async () => {
    const files = { '/etc/apt/sources.list.d/microsoft-prod.sources': 'Types: deb\n' };
    const run = await bare.given({ files }).call('updatePMCRepository', '1.34.1');

    expect(run).toSucceed();
    expect(updated(run)).toEqual(['microsoft-prod.sources']);
  });

  it('must be there: without them provisioning ends with 99', async () => {
    const run = await bare.call('updatePMCRepository', '1.34.1');

    expect(run).toExit(99);
    expect(run).toPrint('Neither microsoft-prod.list nor microsoft-prod.sources is in /etc/apt/sources.list.d');
  });

  it('must answer: without their lists provisioning ends with 99', async () => {
    const run = await ubuntu.given({ stubs: { 'apt-get': exits(100) } }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(99);
    expect(run).toHaveCalledTimes('apt-get', 10);
    expect(run).toPrint('apt-get update failed 10 times; giving up.\n', { on: 'stderr' });
    expect(run).toHaveSleptTimes('5s', 9);
  });
});

/** The names of the sources whose lists a run updated, in order. */
function updated(run: Run): (string | undefined)[] {
  return run.calls('apt-get').map(({ args }) => /^Dir::Etc::sourcelist=.*\/(.*)$/.exec(args.find((word) => word.startsWith('Dir::Etc::sourcelist=')) ?? '')?.[1]).filter((name) => name !== undefined);
}
