import { describe, expect, it } from 'vitest';
import { exits, file } from 'shellrig';
import { badDeb, deb, POSTINST_MARK, type Fault } from '../../fixtures/packages/index.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { cachedFile, installed } from '../support/packages.js';
import { ubuntu } from '../support/ubuntu.js';

const VICTIM = { '/opt/victim': file('precious', { mode: 0o600, owner: '1001:1001' }) };
const NAME = 'kubelet_1.34.1-ubuntu22.04u1_amd64.deb';

/** Packages whose program must not come into place, with the row and the words that say why. */
const REFUSED: readonly (readonly [Fault, string, RegExp])[] = [
  ['missing-binary', 'C8', /^Failed to locate usr\/bin\/kubelet in \/opt\/kubelet\/downloads\/kubelet_1\.34\.1/m],
  ['symlink', 'C6', /^usr\/bin\/kubelet in .*\.deb is not a regular file$/m],
  ['truncated', 'C29', /dpkg-deb: error/],
  ['empty-binary', 'B9', /^usr\/bin\/kubelet in .*\.deb is not .*empty$/m],
  ['truncated-binary', 'B9', /^usr\/bin\/kubelet in .*\.deb is not .*cut/m],
  ['no-program', 'B9', /^usr\/bin\/kubelet in .*\.deb is not .*/m],
  ['other-version', 'B9', /^usr\/bin\/kubelet in .*\.deb should be version 1\.34\.1.*v1\.34\.3/m],
  ['other-architecture', 'B9', /^usr\/bin\/kubelet in .*\.deb /m],
];

describe.each(REFUSED)('a package that is bad (%s)', (fault, row, reason) => {
  it('fails and says why; the program that was in place stays', lesson(row), async () => {
    const run = await ubuntu
      .given({ files: { '/opt/bin/kubelet': installed('kubelet', '1.34.2'), ...VICTIM, ...cachedFile('kubelet', badDeb(fault), NAME) } })
      .call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).toPrint(reason);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('brings nothing into place where nothing was', lesson(row), async () => {
    const run = await ubuntu.given({ files: { ...VICTIM, ...cachedFile('kubelet', badDeb(fault), NAME) } }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).not.toHaveFile('/opt/bin/kubelet');
    expect(run).toHaveFile('/opt/victim', VICTIM['/opt/victim']);
    expect(run).not.toHaveFile(POSTINST_MARK);
  });
});

describe('a machine on which a binary cannot be made root\'s', () => {
  it('gets no binary', lesson('C29'), async () => {
    const run = await ubuntu.given({ files: cachedFile('kubelet', deb('kubelet', '1.34.1')), stubs: { chown: exits(1) } }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).not.toHaveFile('/opt/bin/kubelet');
  });
});

describe('a package that is odd, and good', () => {
  it('whose binary belongs to another user and is set-uid: it becomes root\'s, and is not', lesson('A4'), async () => {
    const run = await ubuntu.given({ files: cachedFile('kubelet', badDeb('foreign-owner')) }).call('installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
  });

  it('whose binary is a program of another version, in a package with a name that tells none: it is taken', async () => {
    const path = '/opt/elsewhere/some.deb';
    const source = cachedFile('kubelet', badDeb('other-version'), NAME)[`/opt/kubelet/downloads/${NAME}`]!;
    const run = await ubuntu.given({ files: { [path]: source } }).call('extractDebBinaryFromFile', path, 'kubelet');

    expect(run).toSucceed();
    expect(run).toHaveFile('/opt/bin/kubelet');
  });
});
