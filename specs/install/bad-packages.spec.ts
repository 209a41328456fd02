import { describe, expect, it } from 'vitest';
import { directory, evaluates, exits, file, fileFrom, removed, type FileSpecs } from 'shellrig';
import { badRpm, type Fault, POSTINST_MARK, type RpmFault } from '../../fixtures/packages/index.js';
import { KINDS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedFile, installed } from '../support/packages.js';
import { OPENERS_COMPLAIN } from '../support/routine.js';
import { ubuntu } from '../support/ubuntu.js';
import { hostileDeb, hostileDebs } from './hostile-deb.js';

const RPM_KIND = KINDS.filter(([, { kind }]) => kind === 'rpm');

const VICTIM = { '/opt/victim': file('precious', { mode: 0o600, owner: '1001:1001' }), '/opt/victims': directory({ mode: 0o700, owner: '1001:1001' }) };
const OLDER = { '/opt/bin/kubelet': installed('kubelet', '1.34.2') };

/** The name under which every bad package lies, which is that of a good one for this machine. */
const NAME = { deb: 'kubelet_1.34.1-ubuntu22.04u1_amd64.deb', rpm: 'kubelet-1.34.1-1.azl3.x86_64.rpm' };

/** Packages whose program must not come into place, with the row and the words that say why. */
const REFUSED: readonly (readonly [Fault, string, { deb: RegExp; rpm: RegExp }])[] = [
  ['missing-binary', 'C8', { deb: /^Failed to locate usr\/bin\/kubelet in \/opt\/kubelet\/downloads\/kubelet_1\.34\.1/m, rpm: /^Failed to locate kubelet binary in \/opt\/kubelet\/downloads\/kubelet-1\.34\.1/m }],
  ['symlink', 'C6', both(/^usr\/bin\/kubelet in .*\.(deb|rpm) is not a regular file$/m)],
  ['truncated', 'C29', { deb: /dpkg-deb: error/, rpm: /^Failed to unpack \/opt\/kubelet\/downloads\/kubelet-1\.34\.1/m }],
  ['empty-binary', 'B9', both(/^usr\/bin\/kubelet in .*\.(deb|rpm) is not .*empty$/m)],
  ['truncated-binary', 'B9', both(/^usr\/bin\/kubelet in .*\.(deb|rpm) is not .*cut/m)],
  ['no-program', 'B9', both(/^usr\/bin\/kubelet in .*\.(deb|rpm) is not .*/m)],
  ['other-version', 'B9', both(/^usr\/bin\/kubelet in .*\.(deb|rpm) should be version 1\.34\.1.*v1\.34\.3/m)],
  ['other-architecture', 'B9', both(/^usr\/bin\/kubelet in .*\.(deb|rpm) is not .*architecture/m)],
];

/** How a program that was unpacked comes into its place. */
const UNPACKED = /^\/opt\/bin\/\.kubelet\.\w+\/usr\/bin\/kubelet$/;
const IN_PLACE: readonly [name: string, words: readonly (string | RegExp)[]][] = [['chown', ['root:root', UNPACKED]], ['chmod', ['0755', UNPACKED]], ['mv', ['-fT', UNPACKED, '/opt/bin/kubelet']]];

describe.each(KINDS)('on %s', (_, { shell, install, cached, bad, kind }) => {
  describe.each(REFUSED)('a package that is bad (%s)', (fault, row, reason) => {
    const package_ = cachedFile('kubelet', bad(fault), NAME[kind]);

    it('fails and says why; the program that was in place stays', lesson(row), async () => {
      const run = await shell.given({ files: { ...OLDER, ...VICTIM, ...package_ }, allow: OPENERS_COMPLAIN }).call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect(run).toPrint(reason[kind]);
      expect(run).toHaveChangedOnly(eventFiles(run));
    });

    it('brings nothing into place where nothing was', lesson(row), async () => {
      const run = await shell.given({ files: { ...VICTIM, ...package_ }, allow: OPENERS_COMPLAIN }).call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect(run).toHaveChangedOnly({ '/opt/bin': directory(), ...eventFiles(run) });
      expect(run).not.toHaveFile(POSTINST_MARK);
    });
  });

  describe('a machine on which a binary cannot be made root\'s, or a program', () => {
    it.each(IN_PLACE)('gets no binary: %s fails', lesson('C29'), async (name, words) => {
      const run = await shell.given({ files: cached('kubelet', '1.34.1'), stubs: { [name]: exits(1), ...(name === 'mv' ? { logs_to_events: evaluates({ command: 1 }) } : {}) } }).call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect(run).toHaveCalled(name, ...words);
      expect(run).toHaveChangedOnly({ '/opt/bin': directory(), ...eventFiles(run) });
    });
  });

  describe('a package that is odd, and good', () => {
    it('whose binary belongs to another user and is set-uid: it becomes root\'s, and is not', lesson('A4'), async () => {
      const run = await shell.given({ files: cachedFile('kubelet', bad('foreign-owner')) }).call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/kubelet/downloads': removed, ...eventFiles(run) });
    });
  });
});

describe.each(RPM_KIND)('on %s', (_distro, { shell, install }) => {
  /** Faults that only an archive of any names can have, as that of an .rpm is. */
  const HOSTILE: readonly (readonly [RpmFault, string, RegExp])[] = [
    ['failing-producer', 'C7', /^Failed to unpack \/opt\/kubelet\/downloads\/kubelet-1\.34\.1/m],
    ['program-above', 'B12', /^Failed to locate kubelet binary in /m],
    ['linked-twice', 'C6', /^usr\/bin\/kubelet in .*\.rpm is not a regular file$/m],
  ];

  describe.each(HOSTILE)('a package that is bad (%s)', (fault, row, reason) => {
    it('fails and says why; nothing changes', lesson(row), async () => {
      const run = await shell.given({ files: { ...OLDER, ...VICTIM, ...cachedFile('kubelet', badRpm(fault)) }, allow: OPENERS_COMPLAIN }).call(install, 'kubelet', '1.34.1');

      expect(run).toExit(1);
      expect(run).toPrint(reason);
      expect(run).toHaveChangedOnly(eventFiles(run));
    });
  });

  describe.each(['parent-path', 'absolute-path', 'linked-folder'] as const)('a package that would write elsewhere (%s)', (fault) => {
    it.each([['where something is', VICTIM], ['where nothing is', {}]])('has only its program taken: it writes nothing %s', lesson('B12'), async (_, files: FileSpecs) => {
      const run = await shell.given({ files: { ...files, ...cachedFile('kubelet', badRpm(fault)) } }).call(install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/kubelet/downloads': removed, ...eventFiles(run) });
    });
  });

  it('a file that is no package fails', lesson('B9'), async () => {
    const run = await shell.given({ files: { ...OLDER, [`/opt/kubelet/downloads/${NAME.rpm}`]: '<html>502</html>' }, allow: OPENERS_COMPLAIN }).call(install, 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).toPrint('Failed to unpack ');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });
});

describe('a .deb that would write elsewhere', () => {
  it.each(hostileDebs)('writes nothing there (%s): it holds %s', lesson('B12', 'C6'), async (fault) => {
    const package_ = { [`/opt/kubelet/downloads/${NAME.deb}`]: file(await hostileDeb(fault)) };
    const run = await ubuntu.given({ files: { ...OLDER, ...VICTIM, ...package_ }, allow: OPENERS_COMPLAIN }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    // An absolute path counts from where the package is unpacked: only the program is taken from there.
    const isTaken = fault === 'absolute-path';
    expect(run).toExit(isTaken ? 0 : 1);
    expect(run).toHaveChangedOnly({
      ...(isTaken ? { '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/kubelet/downloads': removed } : {}),
      ...eventFiles(run),
    });
  });
});

describe('a program of another version, in a package with a name that tells none', () => {
  it.each(KINDS)('is taken on %s', async (_, { shell, extractor, kind, bad }) => {
    const path = `/opt/elsewhere/some.${kind}`;
    const run = await shell.given({ files: { [path]: fileFrom(bad('other-version')) } }).call(extractor, path, 'kubelet');

    expect(run).toSucceed();
    expect(run).toHaveFile('/opt/bin/kubelet');
  });
});

/** The same words for both kinds of packages. */
function both(reason: RegExp) {
  return { deb: reason, rpm: reason };
}
