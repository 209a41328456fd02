import { describe, expect, it } from 'vitest';
import { exits, file } from 'shellrig';
import { configuring } from '../support/configuring.js';
import { lesson } from '../support/lesson.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const MODULES = { '/etc/modules-load.d/br_netfilter.conf': file('br_netfilter'), '/etc/modules-load.d/nf_conntrack.conf': file('nf_conntrack') };
const LIST = '/etc/cni/net.d/10-azure.conflist';

describe('the modules of the kernel for containers\' networks', () => {
  it('are loaded, both at once, and at each boot', lesson('A21'), async () => {
    const run = await configuring.call('configureCNI');

    expect(run).toSucceed();
    expect(run.calls('modprobe').map(({ args }) => args)).toEqual([['-a', 'br_netfilter', 'nf_conntrack']]);
    expect(run).toHaveChangedOnly(MODULES);
  });

  it('end the boot when they cannot be loaded', async () => {
    const run = await configuring.given({ stubs: { retrycmd_if_failure: exits(1) } }).call('configureCNI');

    expect(run).toExit(49);
    expect(run).toHaveCalledTimes('retrycmd_if_failure', 1, '120', '5', '25', 'modprobe', '-a', 'br_netfilter', 'nf_conntrack');
    expect(run).not.toHaveChanged();
  });
});

describe('the network of Azure', () => {
  const azure = configuring.given({ vars: { NETWORK_PLUGIN: 'azure' }, stubs: { '/sbin/ebtables': exits(0) } });
  const text = '{"plugins":[{"type":"azure-vnet","mode":"bridge"}]}';

  it.each([
    ['bridge', {}],
    ['bridge', { NETWORK_POLICY: 'cilium', NETWORK_MODE: 'transparent' }],
    ['transparent', { NETWORK_POLICY: 'calico' }],
    ['transparent', { NETWORK_POLICY: 'none', NETWORK_MODE: 'transparent' }],
    ['transparent', { NETWORK_MODE: 'transparent' }],
  ])('is configured from what its programs brought: %s with %j', async (mode, vars) => {
    const run = await azure.given({ vars, files: { '/opt/cni/bin/10-azure.conflist': text } }).call('configureCNIIPTables');

    expect(run).toSucceed();
    expect(run).toHaveFile(LIST, file(text.replace('bridge', mode), { mode: 0o600 }));
    expect(run.fs.existsSync('/opt/cni/bin/10-azure.conflist')).toBe(false);
    expect(run).toHaveCalledTimes('/sbin/ebtables', 1, '-t', 'nat', '--list');
  });

  it('keeps what an earlier run configured', async () => {
    const run = await azure.given({ vars: { NETWORK_POLICY: 'calico' }, files: { [LIST]: file(text, { mode: 0o600 }) } }).call('configureCNIIPTables');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [LIST]: file(text.replace('bridge', 'transparent'), { mode: 0o600 }) });
    expect(run).toHaveCalledTimes('/sbin/ebtables', 1);
  });
});

describe('the settings of the kernel that the cluster wants', () => {
  const vars = { SYSCTL_CONTENT: base64('net.core.somaxconn = 16384\n') };
  const FILE = '/etc/sysctl.d/999-sysctl-aks.conf';

  it('are written, and the kernel reads that file and no other', lesson('A16'), async () => {
    const run = await configuring.given({ vars }).call('ensureSysctl');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [FILE]: file('net.core.somaxconn = 16384\n', { mode: 0o644 }) });
    expect(run.calls('sysctl').map(({ args }) => args)).toEqual([['-p', FILE]]);
  });

  it('are tried 24 times, five seconds apart, and then it fails', async () => {
    const run = await configuring.given({ vars, stubs: { sysctl: exits(255) } }).call('ensureSysctl');

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('sysctl', 24, '-p', FILE);
    expect(run).toHaveSleptTimes('5s', 23);
    expect(run).toHaveFile(FILE);
    expect(run).toPrint('24 times; giving up (last exit status: 255).\n', { on: 'stderr' });
  });

  it('are not taken where they cannot be read', async () => {
    const run = await configuring.given({ vars: { SYSCTL_CONTENT: 'no base64' }, files: { [FILE]: 'of an earlier run' } }).call('ensureSysctl');

    expect(run).toExit(1);
    expect(run).toPrint(`What should be written to ${FILE} is no base64\n`, { on: 'stderr' });
    expect(run).not.toHaveChanged();
    expect(run).not.toHaveCalled('sysctl');
  });
});
