import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { any, bash, defineShell, directory, exits, file, fileFrom, real, removed, rest, returns, symlink, when } from 'shellrig';
import { debianProgram } from './debian-program.fixture.js';

const dkms = await debianProgram('dkms', '/usr/sbin/dkms', /^3\.0\.1[01]-/);

const KERNEL = '6.1.0-9-amd64';
const TREE = '/var/lib/dkms';
const MODULES = `/lib/modules/${KERNEL}`;
const BUILT = `${TREE}/hello/1.0/${KERNEL}/x86_64`;
const ON_KERNEL = ['-k', `${KERNEL}/x86_64`, '-j', '2'];

const shell = defineShell({
  files: {
    '/etc/os-release': 'ID=debian\n',
    ...source('hello', '1.0'),
    [`${MODULES}/build/include`]: directory(),
    [TREE]: directory(),
    '/usr/bin/make': fileFrom(join(import.meta.dirname, 'testdata/make.sh'), { mode: 0o755 }),
  },
  stubs: { make: real(), depmod: exits(0), modinfo: returns('version: 1.0\nsrcversion: A\n'), strip: exits(0), uname: when(['-r']).returns(`${KERNEL}\n`).when(['-s']).returns('Linux\n').when(['-m']).returns('x86_64\n') },
  limits: { time: '60s', background: '20s' },
  // Asked for on every distribution, to find out whether this is one of .rpm packages.
  allow: { commands: ['rpm'] },
});
const built = shell.given({ files: { ...added('hello', '1.0'), [`${BUILT}/module/hello.ko`]: 'int hello;\n', [`${BUILT}/log/make.log`]: '' } });
const installed = built.given({ files: { [`${TREE}/hello/kernel-${KERNEL}-x86_64`]: symlink(`1.0/${KERNEL}/x86_64`), [`${MODULES}/updates/dkms/hello.ko`]: 'int hello;\n' } });

describe(`${dkms.title}: a script that builds, installs and keeps account of it`, () => {
  beforeEach(({ skip }) => skip(dkms.missing !== undefined, dkms.missing));

  it('registers a source tree by a link', async () => {
    const run = await shell.exec(dkms.path, 'add', 'hello/1.0');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [`${TREE}/hello/1.0/source`]: symlink('/usr/src/hello-1.0'), [`${TREE}/hello/1.0/build`]: directory() });
    expect(run).not.toHaveCalled('make', rest);
  });

  it.each([
    ['that is not there', ['add', 'other/2.0'], 2, 'Could not find module source directory.'],
    ['that is registered', ['add', 'hello/1.0'], 3, 'You cannot add the same module/version combo more than once.'],
    ['that has no version', ['add', 'hello'], 1, 'Arguments <module> and <module-version> are not specified.'],
  ])('refuses a module %s', async (_, words, exitCode, message) => {
    const run = await shell.given({ files: added('hello', '1.0') }).exec(dkms.path, ...words);

    expect(run).toExit(exitCode);
    expect(run.stderr).toContain(message);
    expect(run).toHaveChangedOnly({});
  });

  it('builds for a kernel, in a copy of the source that is gone afterwards', async () => {
    const run = await shell.given({ files: added('hello', '1.0') }).exec(dkms.path, 'build', 'hello/1.0', ...ON_KERNEL);

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      [`${TREE}/hello/1.0/build`]: removed,
      [`${BUILT}/module/hello.ko`]: file('int hello;\n', { mode: 0o644 }),
      [`${BUILT}/log/make.log`]: file(/^DKMS make.log for hello-1.0 for kernel 6.1.0-9-amd64 \(x86_64\)\n(.*\n)+  LD \[M\]  .*hello\.ko\n$/),
    });
    const make = ['-C', `${MODULES}/build`, `M=${TREE}/hello/1.0/build`];
    expect(run).toHaveCalledInOrder([
      ['make', ...make, 'clean'],
      ['make', '-j2', `KERNELRELEASE=${KERNEL}`, ...make],
      ['strip', '-g', `${TREE}/hello/1.0/build/hello.ko`],
      ['make', ...make, 'clean'],
    ]);
  });

  it('keeps the log of a build that failed, and installs nothing', async () => {
    const make = bash('[[ $* == *clean ]] || { echo "hello.c:1: error" >&2; exit 2; }');
    const run = await shell.given({ stubs: { make } }).exec(dkms.path, 'install', 'hello/1.0', ...ON_KERNEL);

    expect(run).toExit(10);
    expect(run.stderr).toContain(`Consult ${TREE}/hello/1.0/build/make.log for more information.`);
    expect(run).toHaveFile(`${TREE}/hello/1.0/build/make.log`, file(/^hello\.c:1: error$/m));
    expect(run.file(`${TREE}/hello/1.0/build/make.log`).text).not.toContain('LD [M]');
    expect(run.fs.existsSync(`${MODULES}/updates`)).toBe(false);
    expect(run).not.toHaveCalled('depmod', rest);
  });

  it('does not build where the module says that it is not for the kernel', async () => {
    const run = await shell
      .given({ files: source('hello', '1.0', 'BUILD_EXCLUSIVE_KERNEL="^5\\."\n') })
      .exec(dkms.path, 'build', 'hello/1.0', ...ON_KERNEL);

    expect(run).toExit(77);
    expect(run).not.toHaveCalled('make', rest);
  });

  it('installs what was built, and runs the module\'s own scripts', async () => {
    const run = await built.given({
      files: {
        ...source('hello', '1.0', 'PRE_INSTALL=before.sh\nPOST_INSTALL="after.sh loud"\n'),
        '/usr/src/hello-1.0/before.sh': file('#!/bin/sh\n[ ! -e /lib/modules/*/updates/dkms/hello.ko ]\n', { mode: 0o755 }),
        '/usr/src/hello-1.0/after.sh': file('#!/bin/sh\necho "$1: $PWD" >/srv/after\n', { mode: 0o755 }),
      },
    }).exec(dkms.path, 'install', 'hello/1.0', ...ON_KERNEL);

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      [`${MODULES}/updates/dkms/hello.ko`]: 'int hello;\n',
      [`${TREE}/hello/kernel-${KERNEL}-x86_64`]: symlink(`1.0/${KERNEL}/x86_64`),
      '/srv/after': `loud: ${TREE}/hello/1.0/source\n`,
    });
    expect(run).toHaveCalledTimes('depmod', 1);
    expect(run).not.toHaveCalled('make', rest);
  });

  it('takes the module back when the kernel\'s index cannot be made', async () => {
    const run = await built.given({ stubs: { depmod: exits(1) } }).exec(dkms.path, 'install', 'hello/1.0', ...ON_KERNEL);

    expect(run).toExit(6);
    expect(run.stderr).toContain('Module rolled back to built state.');
    expect(run).toHaveChangedOnly({});
    expect(run.calls('depmod').map(({ args, exitCode }) => [args, exitCode])).toEqual([[['-a', KERNEL], 1], [['-a', KERNEL], 1]]);
  });

  it('puts no older module in the place of a newer one', async () => {
    const modinfo = bash('case $1 in */var/lib/dkms/*) echo "version: 1.0" ;; *) echo "version: 1.10" ;; esac');
    const run = await built
      .given({ files: { [`${MODULES}/kernel/hello.ko`]: 'of the kernel\n' }, stubs: { modinfo } })
      .exec(dkms.path, 'install', 'hello/1.0', ...ON_KERNEL);

    expect(run.stderr).toContain('is not newer than what is already found in kernel');
    expect(run).not.toHaveChanged({ [`${MODULES}/updates/dkms/hello.ko`]: file() });
    expect(run).toHaveFile(`${MODULES}/kernel/hello.ko`, 'of the kernel\n');
  });

  it('removes a module from the kernel and from its own account', async () => {
    const run = await installed.exec(dkms.path, 'remove', 'hello/1.0', ...ON_KERNEL);

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [`${MODULES}/updates`]: removed, [`${TREE}/hello`]: removed });
    expect(run).toHaveCalled('depmod', '-a', KERNEL);
  });

  it('tells what is registered, built and installed', async () => {
    const run = await installed
      .given({ files: { ...source('other', '2.0'), ...added('other', '2.0') } })
      .exec(dkms.path, 'status');

    expect(run).toSucceed();
    expect(run.stdout).toBe(`hello/1.0, ${KERNEL}, x86_64: installed\nother/2.0: added\n`);
    expect(run).toHaveChangedOnly({});
  });

  it('installs for a new kernel the newest version of each module, those first that others are built on', async () => {
    const run = await shell
      .given({ files: { ...added('hello', '1.0'), ...source('base', '1.9'), ...added('base', '1.9'), ...source('base', '1.10', '', 'basement'), ...added('base', '1.10'), ...source('hello', '1.0', 'BUILD_DEPENDS[0]=zbase\n'), ...source('zbase', '3'), ...added('zbase', '3') } })
      .exec(dkms.path, 'autoinstall', ...ON_KERNEL);

    expect(run).toSucceed();
    const made = run.calls('make').filter(({ args }) => !args.includes('clean')).map(({ args }) => args.find((word) => word.startsWith('M=')));
    expect(made).toEqual([`M=${TREE}/base/1.10/build`, `M=${TREE}/zbase/3/build`, `M=${TREE}/hello/1.0/build`]);
    expect(run).toHaveCalledInOrder([['depmod', '-a', any], ['depmod', '-a', any], ['depmod', '-a', any]]);
  });

  it('installs nothing for one who is not root', async () => {
    const run = await built.given({ stubs: { id: returns('1000\n') } }).exec(dkms.path, 'install', 'hello/1.0', ...ON_KERNEL);

    expect(run).toExit(1);
    expect(run.stderr).toBe('Error! You must be root to use this command.\n');
    expect(run).toHaveChangedOnly({});
  });
});

/** A module's source tree, where dkms looks for it. @param settings further lines of its configuration. */
function source(name: string, version: string, settings = '', module = name) {
  return {
    [`/usr/src/${name}-${version}/dkms.conf`]: `PACKAGE_NAME="${name}"\nPACKAGE_VERSION="${version}"\nBUILT_MODULE_NAME[0]="${module}"\nDEST_MODULE_LOCATION[0]="/updates"\nAUTOINSTALL="yes"\n${settings}`,
    [`/usr/src/${name}-${version}/${module}.c`]: `int ${name};\n`,
  };
}

/** What `dkms add` leaves. */
function added(name: string, version: string) {
  return { [`${TREE}/${name}/${version}/source`]: symlink(`/usr/src/${name}-${version}`), [`${TREE}/${name}/${version}/build`]: directory() };
}
