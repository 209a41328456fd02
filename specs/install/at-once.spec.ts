import { describe, expect, it } from 'vitest';
import { cachedDebs, imageBinary, installed } from '../support/packages.js';
import { packageSources } from '../support/package-sources.js';
import { ubuntu, ubuntuOptions } from '../support/ubuntu.js';
import type { Given } from 'shellrig';

const observed = ubuntu.with({ source: [...ubuntuOptions.source, './around-an-install.sh'] });

const SOURCES: readonly (readonly [string, Given])[] = [
  ['a binary of the image', { files: imageBinary('kubelet', '1.34.1') }],
  ['a cached package', { files: cachedDebs('kubelet', '1.34.1') }],
  ['a package of the sources', { stubs: packageSources('kubelet', ['1.34.1']) }],
];

describe.each(SOURCES)('two installs at once from %s', (_, given) => {
  it('both succeed, and one whole program is there', async () => {
    const run = await observed.given(given).call('twice_at_once', 'installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toPrint('first ended with 0\n');
    expect(run).toPrint('second ended with 0\n');
    expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
    expect(run.fs.readdirSync('/opt/bin')).toEqual(['kubelet']);
  });
});

describe('two installs of different versions at once', () => {
  it('both succeed, and one of the two is there, whole', async () => {
    const run = await observed
      .given({ files: { ...cachedDebs('kubelet', '1.34.1'), ...cachedDebs('kubelet', '1.34.4') } })
      .call('twice_at_once', 'installPkgWithAptGet', 'kubelet', '1.34.1');

    expect(run).toPrint('first ended with 0\n');
    expect(run).toPrint('second ended with 0\n');
    expect(run).toHaveFile('/opt/bin/kubelet', installed('kubelet', '1.34.1'));
  });
});
