import { describe, expect, it } from 'vitest';
import { bash, directory, exits, file, rest, returns, symlink, type Given } from 'shellrig';
import { configuring } from '../support/configuring.js';

const MARINER = { OS: 'AZURELINUX', OS_VERSION: '3.0' };

describe('the index of manual pages', () => {
  const FLAG = '/var/lib/man-db/auto-update';

  it('is not made anew while a node is provisioned, and is afterwards', async () => {
    const removed = await configuring.given({ files: { [FLAG]: '' } }).call('removeManDbAutoUpdateFlagFile');
    expect(removed).toSucceed();
    expect(removed.fs.existsSync(FLAG)).toBe(false);

    const run = await configuring.given({ tree: removed.record.after }).call('createManDbAutoUpdateFlagFile');
    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [FLAG]: file('') });
  });
});

describe('names', () => {
  const SERVERS = '/run/systemd/resolve/resolv.conf';

  it.each([
    ['are looked up by the servers that the network tells', {}, { [SERVERS]: 'nameserver 10.0.0.53\n' }, { '/etc/resolv.conf': symlink(SERVERS) }],
    ['are looked up as before where those are not known', {}, {}, {}],
    ['are looked up as before on other systems', MARINER, { [SERVERS]: '' }, {}],
  ])('%s', async (_, vars, files, changed) => {
    const run = await configuring.given({ vars, files: { ...files, '/etc/resolv.conf': 'nameserver 127.0.0.53\n' } }).call('eval', 'disableSystemdResolved || :');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly(changed);
  });

  it('are searched in the domains that the network tells', async () => {
    const run = await configuring.call('configureSystemdUseDomains');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/etc/systemd/networkd.conf.d/80-use-domains.conf': file('[DHCPv4]\nUseDomains=true\n[DHCPv6]\nUseDomains=true\n') });
    expect(run).toHaveCalledTimes('systemctl', 1, 'restart', 'systemd-networkd');
  });
});

describe('the network\'s devices', () => {
  it('are set as the image says', async () => {
    const run = await configuring.given({ files: { '/etc/udev/rules.d/99-azure-network.rules': '' }, stubs: { udevadm: exits(0) } }).call('ensureAzureNetworkConfig');

    expect(run).toSucceed();
    expect(run.calls('udevadm').map(({ args }) => args.join(' '))).toEqual(['control --reload-rules', 'trigger --subsystem-match=net --action=add']);
  });

  it('are left alone where it says nothing', async () => {
    const run = await configuring.call('ensureAzureNetworkConfig');

    expect(run).toSucceed();
    expect(run.stdout).toBe('the image says nothing of the network\'s devices\n');
  });
});

describe('IPv6', () => {
  it('ends the boot where its module is missing', async () => {
    const run = await configuring.given({ stubs: { retrycmd_if_failure: exits(1), systemctlEnableAndStart: exits(0) } }).call('ensureDHCPv6');

    expect(run).toExit(49);
    expect(run).toHaveCalledTimes('systemctlEnableAndStart', 1, 'dhcpv6', '30');
    expect(run).toHaveCalledTimes('retrycmd_if_failure', 1, '120', '5', '25', 'modprobe', 'ip6_tables');
  });
});

describe('huge pages', () => {
  const KERNEL = '/sys/kernel/mm/transparent_hugepage';

  it('are used as the cluster says, now and after a later boot', async () => {
    const run = await configuring
      .given({ vars: { THP_ENABLED: 'never', THP_DEFRAG: 'defer' }, files: { [`${KERNEL}/enabled`]: 'always\n', [`${KERNEL}/defrag`]: 'always\n' } })
      .call('configureTransparentHugePage');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      [`${KERNEL}/enabled`]: file('never\n'), [`${KERNEL}/defrag`]: file('defer\n'),
      '/etc/sysfs.d/99-aks-huge-pages.conf': file('kernel/mm/transparent_hugepage/enabled=never\nkernel/mm/transparent_hugepage/defrag=defer\n'),
    });
  });

  it('are used as before where it says nothing, and where the kernel refuses', async () => {
    const silent = await configuring.call('configureTransparentHugePage');
    expect(silent).toSucceed();
    expect(silent).not.toHaveChanged();

    const run = await configuring.given({ vars: { THP_ENABLED: 'never' }, files: { [`${KERNEL}/enabled`]: directory() } }).call('configureTransparentHugePage');
    expect(run).toSucceed();
    expect(run.stdout).toBe('the kernel takes no never for huge pages\' enabled\n');
    expect(run.stderr).toMatch(/Is a directory/);
    expect(run).toHaveFile('/etc/sysfs.d/99-aks-huge-pages.conf');
  });
});

describe('the swap file', () => {
  const df = (free: number) => returns(`Filesystem 1048576-blocks Used Available Capacity Mounted on\n/dev/sdb1 100000 1 ${free} 1% /mnt\n`);
  const swap = (given: Given) => configuring.given({ vars: { SWAP_FILE_SIZE_MB: '1500' } }).given(given).call('configureSwapFile');
  const makes = { fallocate: bash('truncate -s 8 "$3"'), mkswap: exits(0), swapon: exits(0) };

  it.each([
    ['the temporary disk', exits(0), '/mnt/swapfile'],
    ['the disk of the system, where there is no other', exits(1), '/swapfile'],
  ])('is made on %s, and used now and at later boots', async (_, mountpoint, path) => {
    const run = await swap({ files: { '/mnt/file': '' }, stubs: { mountpoint, df: df(1501), ...makes } });

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('mountpoint', 1, '-q', '/mnt');
    expect(run).toHaveCalledTimes('df', 1, '-Pm', path.replace(/\/?swapfile$/, '') || '/');
    expect(run).toHaveCalledInOrder([['fallocate', '-l', '1500M', path], ['mkswap', path], ['swapon', path]]);
    expect(run).toHaveChangedOnly({ [path]: file(expect.anything(), { mode: 0o600 }), '/etc/fstab': file(`${path} none swap sw 0 0\n`) });
  });

  it('is not made where it would fill the disk', async () => {
    const run = await swap({ stubs: { mountpoint: exits(1), df: df(1500) }, allow: { unasserted: { calls: ['mountpoint', 'df'] } } });

    expect(run).toExit(131);
    expect(run.stdout).toBe('there are 1500 MB free in /, too few for a swap file of 1500 MB\n');
    expect(run).not.toHaveChanged();
  });

  it.each([
    ['cannot be made', { mkswap: exits(1) }, 2, {}],
    ['cannot be used', { swapon: exits(255) }, 3, { '/swapfile': file(/^\0*$/, { mode: 0o600 }) }],
  ])('ends the boot where it %s', async (_, failing, steps, left) => {
    const run = await swap({ stubs: { mountpoint: exits(1), df: df(9999), ...Object.fromEntries(Object.entries(makes).slice(0, steps)), ...failing }, allow: { unasserted: { calls: ['mountpoint', 'df', 'fallocate', 'mkswap', 'swapon'] } } });

    expect(run).toExit(130);
    expect(run).toHaveChangedOnly(left);
  });
});

describe('updates at night', () => {
  it('are enabled on Ubuntu', async () => {
    const run = await configuring.call('enableUnattendedUpgrades');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/etc/apt/apt.conf.d/99periodic': file(/Unattended-Upgrade "1";\n$/) });
    expect(run).toHaveCalledInOrder([['systemctl', 'unmask', rest], ['systemctl', 'enable', '--now', 'apt-daily.timer', 'apt-daily-upgrade.timer']]);
  });

  it('are enabled on Azure Linux, where they are more than notices', async () => {
    const run = await configuring.given({ vars: MARINER }).call('enableUnattendedUpgrades');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([['systemctl', 'disable', '--now', 'dnf-automatic-notifyonly.timer'], ['systemctl', 'restart', 'dnf-automatic-install.timer'], ['systemctl', 'enable', 'dnf-automatic-install.timer']]);
    expect(run).not.toHaveChanged();
  });
});
