import { describe, expect, it } from 'vitest';
import { defineShell } from 'shellrig';
import helpers from '#node/cse_helpers.sh';

const FUNCTIONS = ['isUbuntu', 'isFlatcar', 'isMariner', 'isACL', 'isAzureLinux', 'isMarinerOrAzureLinux', 'isAzureLinuxOSGuard'] as const;
type Function = (typeof FUNCTIONS)[number];

/** Which functions say yes to an operating system and its variant. */
const SYSTEMS: readonly (readonly [os: string, variant: string, yes: readonly Function[]])[] = [
  ['UBUNTU', '', ['isUbuntu']],
  ['FLATCAR', '', ['isFlatcar']],
  ['MARINER', '', ['isMariner', 'isMarinerOrAzureLinux']],
  ['MARINERKATA', '', ['isMariner', 'isMarinerOrAzureLinux']],
  ['AZURELINUX', '', ['isAzureLinux', 'isMarinerOrAzureLinux']],
  ['AZURELINUXKATA', '', ['isAzureLinux', 'isMarinerOrAzureLinux']],
  ['AZURELINUX', 'OSGUARD', ['isAzureLinux', 'isMarinerOrAzureLinux', 'isAzureLinuxOSGuard']],
  ['AZURELINUX', 'AZURECONTAINERLINUX', ['isACL']],
  ['AZURECONTAINERLINUX', '', ['isACL']],
  ['UBUNTU', 'OSGUARD', ['isUbuntu']],
  ['AZURELINUXKATA', 'AZURECONTAINERLINUX', ['isAzureLinux', 'isMarinerOrAzureLinux']],
  ['DEBIAN', '', []],
  ['', '', []],
];

const shell = defineShell({ source: [helpers] });

/** Prints the names of those functions that say yes, when they get these arguments. */
const ASKING = `for name in ${FUNCTIONS.join(' ')}; do "$name" ARGUMENTS && echo "$name"; done; :`;

describe.each(SYSTEMS)('%j with variant %j', (os, variant, yes) => {
  it(`is told by: ${yes.join(', ') || 'none'}`, async () => {
    const run = await shell.call('eval', ASKING.replace('ARGUMENTS', `'${os}' '${variant}'`));

    expect(run).toSucceed();
    expect(run.stdout.split('\n').filter(Boolean)).toEqual(yes);
  });

  it('is told of this machine where no other is asked for', async () => {
    const run = await shell.given({ vars: { OS: os, OS_VARIANT: variant } }).call('eval', ASKING.replace('ARGUMENTS', ''));

    expect(run).toSucceed();
    expect(run.stdout.split('\n').filter(Boolean)).toEqual(yes);
  });
});

describe('the operating system of this machine', () => {
  it.each([
    ['Ubuntu', { '/etc/os-release': 'NAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\n' }, ['UBUNTU', '22.04', '']],
    ['Azure Linux', { '/etc/os-release': "ID=azurelinux\nVERSION_ID='3.0'\nVARIANT_ID=osguard\n" }, ['AZURELINUX', '3.0', 'OSGUARD']],
    ['a file beside os-release', { '/etc/lsb-release': 'DISTRIB_ID=Ubuntu\n', '/etc/os-release': 'ID=ubuntu\n' }, ['UBUNTU', '', '']],
    ['none', {}, ['', '', '']],
  ])('is read from %s', async (_, files, expected) => {
    const run = await shell.given({ files, vars: { OS: 'of the caller' } }).source(helpers);

    expect(run).toSucceed();
    expect(['OS', 'OS_VERSION', 'OS_VARIANT'].map((name) => run.variable(name))).toEqual(expected);
  });
});
