import { describe, expect, it } from 'vitest';
import { defineShell } from 'shellrig';
import aclHelpers from '#node/acl/cse_helpers_acl.sh';
import aclInstall from '#node/acl/cse_install_acl.sh';
import config from '#node/cse_config.sh';
import helpers from '#node/cse_helpers.sh';
import install from '#node/cse_install.sh';
import flatcarHelpers from '#node/flatcar/cse_helpers_flatcar.sh';
import flatcarInstall from '#node/flatcar/cse_install_flatcar.sh';

describe('sourcing', () => {
  const strict = defineShell({ source: ['./strict.sh'] });

  it.each([
    ['the helpers of Flatcar', flatcarHelpers, 'Sourcing cse_helpers_distro.sh for Flatcar\n'],
    ['the installs of Flatcar', flatcarInstall, ''],
    ['the helpers of Azure Container Linux', aclHelpers, 'Sourcing cse_helpers_distro.sh for ACL\n'],
    ['the installs of Azure Container Linux', aclInstall, 'Sourcing cse_install_distro.sh for ACL\n'],
    ['the choice of sources', config, ''],
  ])('%s prints what others look for, needs nothing, and changes nothing', async (_, script, printed) => {
    const run = await strict.source(script);

    expect(run).toSucceed();
    expect(run.stdout).toBe(printed);
    expect(run).not.toHaveChanged();
  });

  it.each([
    ['Flatcar', [helpers, flatcarHelpers, install, flatcarInstall]],
    ['Azure Container Linux', [helpers, aclHelpers, install, aclInstall]],
  ])('all of %s lets its own installs win over the shared ones', async (_, source) => {
    const run = await defineShell({ source }).call('declare', '-f', 'installKubeletKubectlFromBootstrapProfileRegistry');

    expect(run).toSucceed();
    expect(run.stdout).toContain('installKubeletKubectlFromPkg');
  });
});
