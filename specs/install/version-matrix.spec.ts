import { describe, expect, it } from 'vitest';
import { removed, returns } from 'shellrig';
import { mariner } from '../support/azure-linux.js';
import { lesson } from '../support/lesson.js';
import { imageBinary, installed } from '../support/packages.js';
import { ubuntu } from '../support/ubuntu.js';

/**
 * What is wanted, what is there (R stands for a package's release), and whether that is it: as a package, and as the
 * binary of that name that an image carries, which has no release in its name.
 */
const MATRIX: readonly (readonly [wanted: string, there: string, package_: boolean, binary: boolean, why: string])[] = [
  ['1.34.1', '1.34.1', true, true, 'the same'],
  ['1.34.1', '1.34.1-R', true, false, 'a release of it'],
  ['v1.34.1', '1.34.1-R', true, false, 'a release of it, wanted with a leading v'],
  ['v1.34.1', '1.34.1', true, true, 'wanted with a leading v'],
  ['1.34.1', 'v1.34.1-R', true, false, 'a release with a leading v'],
  ['1.34.1', '1:1.34.1-R', true, false, 'a release behind an epoch'],
  ['1.34.1', '1%3a1.34.1-R', true, false, 'a release behind an epoch as file names spell it'],
  ['1:1.34.1-R', '1.34.1-R', true, true, 'wanted with an epoch, which file names leave out'],
  ['1:1.34.1-R', '1.34.1', false, true, 'wanted with an epoch and a release'],
  ['1.34.1-R', '1.34.1-R', true, true, 'the same release'],
  ['1.34.1-R', '1.34.1-R0', false, false, 'the wanted release is the beginning of another'],
  ['1.34.1-R', '1.34.1-2R', false, false, 'the wanted release is the end of another'],
  ['1.34.1-1', '1.34.1-1.R', false, false, 'a release is wanted whole'],
  ['1.34.1-R', '1.34.1', false, true, 'a release is wanted, and none is told'],
  ['1.34.1', '1.34.2-1.34.1', false, false, 'the wanted one is a release of another'],
  ['1.34.1', '1.34.10', false, false, 'the wanted one is its prefix'],
  ['1.34.1', '1.34.10-R', false, false, 'the wanted one is the prefix of its version'],
  ['1.34.10', '1.34.1', false, false, 'it is a prefix of the wanted one'],
  ['1.34.10', '1.34.1-R', false, false, 'its version is a prefix of the wanted one'],
  ['1.34.10-R', '1.34.1', false, false, 'it is a prefix of the wanted one, of which a release is wanted'],
  ['1.34', '1.34.1', false, false, 'a number is missing in the wanted one'],
  ['1.34.1', '1.34.1.1-R', false, false, 'it has one more number'],
  ['1.34.1', '11.34.1-R', false, false, 'the wanted one is its end'],
  ['1.34.1', '11.34.1', false, false, 'the wanted one is the end of its name'],
  ['1.34.1', '1x34x1-R', false, false, 'other characters in place of the dots'],
  ['1.34.1', '1x34x1', false, false, 'other characters in place of the dots of its name'],
  ['1x34x1', '1.34.1-R', false, false, 'other characters in place of the dots of the wanted one'],
  ['1x34x1', '1.34.1', false, false, 'other characters where its name has dots'],
  ['1.35.0', '1.35.0~beta.1-R', false, false, 'a pre-release of it'],
  ['1.35.0', '1.35.0~beta.1', false, false, 'a pre-release of it, without a release'],
  ['1.35.0', '1.35.0-beta.1', false, false, 'a pre-release of it as Kubernetes spells it'],
  ['1.35.0~beta.1', '1.35.0~beta.1-R', true, false, 'a release of the pre-release'],
  ['1.35.0~beta.1', '1.35.0~beta.1', true, true, 'the same pre-release'],
  ['1.35.0~beta.1', '1.35.0-R', false, false, 'the release of the wanted pre-release'],
  ['1.35.0~beta.1', '1.35.0', false, false, 'what the wanted pre-release has become'],
  ['1.35.0~beta.1', '1.35.0~beta.10-R', false, false, 'a later pre-release'],
  ['1.35.0-beta.1', '1.35.0~beta.1-R', true, false, 'the wanted pre-release, spelled as packages do'],
  ['1.35.0-beta.1', '1.35.0-beta.1', true, true, 'the same pre-release as Kubernetes spells it'],
  ['1.35.0-beta.1', '1.35.0-R', false, false, 'no pre-release, though the wanted one is spelled like a release of it'],
  ['1.35.0-beta.1', '1.35.0', false, false, 'no pre-release, and none of its releases is wanted'],
  ['1.34.1', '1.34.1+azure-R', false, false, 'a build of its own'],
  ['1.34.1', '1.34.1+azure', false, false, 'a build of its own, without a release'],
  ['1.34.1+azure', '1.34.1+azure-R', true, false, 'a release of the build that is wanted'],
  ['1.34.1+azure', '1.34.1+azure', true, true, 'the build that is wanted'],
  ['1.34.1+azure', '1.34.1-R', false, false, 'not the build that is wanted'],
  ['1.34.1+azure', '1.34.1', false, false, 'no build of its own, and one is wanted'],
  ['1.*', '1.34.1-R', false, false, 'a pattern is no version'],
  ['*', '1.34.1', false, false, 'a pattern is no name'],
  ['1.34.1 1.34.2', '1.34.2-R', false, false, 'two words are no version'],
  ['', '1.34.1', false, false, 'nothing is no version'],
];

const find = 'findPackageFile kubelet "$WANTED" /opt/kubelet/downloads; listPackageVersions kubelet | latestMatchingVersion "$WANTED"';

describe('the wanted version, and a .deb in a directory and in the sources', () => {
  it.each(MATRIX)('%s: %s %s (binary %s; %s)', lesson('B5', 'C3'), async (wanted, there, same) => {
    const version = there.replace('R', 'ubuntu22.04u1');
    const path = `/opt/kubelet/downloads/kubelet_${version}_amd64.deb`;
    const run = await ubuntu
      .given({ vars: { WANTED: wanted.replace('R', 'ubuntu22.04u1') }, files: { [path]: '' }, stubs: { apt: returns(`Listing...\nkubelet/jammy ${version} amd64\n`) } })
      .call('eval', find);

    expect(run).toSucceed();
    expect(run.stdout).toBe(same ? `${path}\n${version}\n` : '');
  });
});

describe('the wanted version, and an .rpm in a directory and in the repositories', () => {
  // An .rpm always has a release.
  it.each(MATRIX.filter(([, there]) => there.includes('-')))('%s: %s %s (binary %s; %s)', lesson('B6', 'C3'), async (wanted, there, same) => {
    const version = there.replace('R', '1.azl3');
    const path = `/opt/kubelet/downloads/kubelet-${version}.x86_64.rpm`;
    const run = await mariner
      .given({ vars: { WANTED: wanted.replace('R', '1.azl3') }, files: { [path]: '' }, stubs: { dnf: returns(`Available Packages\nkubelet.x86_64   ${version}   azurelinux\n`) } })
      .call('eval', find);

    expect(run).toSucceed();
    expect(run.stdout).toBe(same ? `${path}\n${version}\n` : '');
  });
});

describe('the wanted version, and a binary that the image carries', () => {
  it.each(MATRIX)('%s: %s (package %s) %s (%s)', lesson('B3'), async (wanted, there, _, same) => {
    const version = there.replace('R', 'ubuntu22.04u1');
    const run = await ubuntu.given({ files: imageBinary('kubelet', '1.34.1', version) }).call('fallbackToKubeBinaryInstall', 'kubelet', wanted.replace('R', 'ubuntu22.04u1'));

    expect(run).toExit(same ? 0 : 1);
    expect(run).toHaveChangedOnly(same ? { '/opt/bin/kubelet': installed('kubelet', '1.34.1'), [`/opt/bin/kubelet-${version}`]: removed } : {});
  });
});
