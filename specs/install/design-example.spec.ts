import { describe, expect, it } from 'vitest';
import { defineShell, exits, file, real, removed, spy } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import install from '#node/cse_install.sh';
import ubuntuInstall from '#node/ubuntu/cse_install_ubuntu.sh';

const ubuntu = defineShell({
  source: [helpers, install, ubuntuInstall],
  files: { '/etc/os-release': 'ID=ubuntu\nVERSION_ID="22.04"\n' },   // there while sourcing
  stubs: { 'apt-get': exits(100), 'dpkg-deb': real(), logs_to_events: spy() },
});

describe('installPkgWithAptGet', () => {
  it('moves the versioned binary into place when the image carries it', async () => {
    const run = await ubuntu
      .given({ files: { '/opt/bin/kubelet-1.34.0': file('kubelet v1.34.0', { mode: 0o600, owner: '1001:1001' }) } })
      .call('installPkgWithAptGet', 'kubelet', '1.34.0');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      '/opt/bin/kubelet': file('kubelet v1.34.0', { mode: 0o755, owner: 'root:root' }),
      '/opt/bin/kubelet-1.34.0': removed,
    });
    expect(run).not.toHaveCalled('dpkg-deb');
  });
});
