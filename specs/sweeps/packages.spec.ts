import { describe } from 'vitest';
import { directory, type Given } from 'shellrig';
import { KINDS } from '../support/distros.js';
import { imageBinary } from '../support/packages.js';
import { OLDER, sweepInstall, sweepLongInstall } from '../support/sweep-install.js';

describe.each(KINDS)('on %s', (_, { shell, install, cached, sources }) => {
  const put = (given: Given) => () => shell.given(given).call(install, 'kubelet', '1.34.1');

  sweepInstall('kubelet from the image', put({ files: { ...OLDER, ...imageBinary('kubelet', '1.34.1'), ...imageBinary('kubelet', '1.34.10') } }), '/opt/bin/kubelet');
  sweepInstall('kubelet from a cached package', put({ files: { ...OLDER, ...cached('kubelet', '1.34.1'), ...imageBinary('kubelet', '1.34.10') } }), '/opt/bin/kubelet');
  sweepLongInstall('kubelet from a downloaded package', put({ files: OLDER, stubs: sources('kubelet', ['1.34.1']) }), '/opt/bin/kubelet');
  sweepInstall('kubelet where none is', put({ files: { '/opt/bin/': directory(), ...cached('kubelet', '1.34.1') } }), '/opt/bin/kubelet');
});
