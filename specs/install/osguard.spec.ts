import { describe, expect, it } from 'vitest';
import { removed, returns } from 'shellrig';
import { badRpm } from '../../fixtures/packages/index.js';
import { osguard } from '../support/azure-linux.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedFile, cachedRpms, imageBinary, installed } from '../support/packages.js';
import { OPENERS_COMPLAIN } from '../support/routine.js';

describe('OS Guard', () => {
  it.each(['installDeps', 'installCriCtlPackage', 'installStandaloneContainerd', 'ensureRunc', 'removeNvidiaRepos'])('has nothing to do for %s, and says so', async (name) => {
    const run = await osguard.call(name);

    expect(run).toSucceed();
    expect(run.stdout).toBe(`${name} stub\n`);
    expect(run).not.toHaveChanged();
  });

  it('installs no tool from what a registry gave', async () => {
    const run = await osguard.given({ files: cachedRpms('kubelet', '1.34.1') }).call('installToolFromLocalRepo', 'kubelet', '/opt/kubelet/downloads', '1.34.1', '/opt/bin/kubelet');

    expect(run).toExit(1);
    expect(run.stdout).toBe('installToolFromLocalRepo stub\n');
    expect(run).not.toHaveChanged();
  });

  it.each(['kubelet', 'kubectl', 'azure-acr-credential-provider'] as const)('installs %s and says how', async (name) => {
    const run = await osguard.given({ files: cachedRpms(name, '1.34.1') }).call('installRPMPackageFromFile', name, '1.34.1');

    expect(run).toSucceed();
    expect(run).toPrint(`installing ${name} version 1.34.1 by manually unpacking the RPM\n`);
    expect(run).toHaveChangedOnly({ [`/opt/bin/${name}`]: installed(name, '1.34.1'), [`/opt/${name}/downloads`]: removed, ...eventFiles(run) });
  });

  it.each(['missing-binary', 'empty-binary', 'truncated', 'failing-producer'] as const)('puts nothing in place when the package is bad: %s', lesson('B9'), async (fault) => {
    const files = { '/opt/bin/kubelet': installed('kubelet', '1.34.2'), ...cachedFile('kubelet', badRpm(fault)) };
    const run = await osguard.given({ files, allow: OPENERS_COMPLAIN }).call('installRPMPackageFromFile', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it.each(['containerd', 'kubelet-extras', '', '*'])('ends provisioning when it is asked for another package: %j', async (name) => {
    const run = await osguard.given({ files: imageBinary('kubelet', '1.34.1') }).call('installRPMPackageFromFile', name, '1.34.1');

    expect(run).toExit(1);
    expect(run).toPrint(`Error: Unsupported package ${name}: only kubelet, kubectl and azure-acr-credential-provider can be installed\n`);
    expect(run).not.toHaveCalled('tdnf');
    expect(run).not.toHaveChanged();
  });

  it('ends the shell for it, so that nothing goes on as if it were there', async () => {
    const run = await osguard.given({ stubs: { installProgramFromPackage: returns('') } }).call('eval', 'installRPMPackageFromFile kubelet 1.34.1; installRPMPackageFromFile containerd 1.0; echo went on');

    expect(run).toExit(1);
    expect(run).not.toPrint('went on');
    expect(run).toHaveCalledTimes('installProgramFromPackage', 1, 'kubelet', '1.34.1', '/opt/bin/kubelet');
  });
});
