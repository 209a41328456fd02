import { describe, expect, it } from 'vitest';
import { directory, exits, fileFrom, handle, rest, takes } from 'shellrig';
import { rpm } from '../../fixtures/packages/index.js';
import { RPM_DISTROS } from '../support/distros.js';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { imageBinary, installed } from '../support/packages.js';
import { type Offered, rpmSources } from '../support/package-sources.js';

const MANAGER = { 'Azure Linux': 'dnf', 'OS Guard': 'tdnf' } as const;

describe.each(RPM_DISTROS)('a package that only the repositories have, on %s', (distro, { shell, install, lists, downloads, downloaded, sources }) => {
  const manager = MANAGER[distro as keyof typeof MANAGER];

  it('is downloaded, has its binary taken out, and leaves no package behind', async () => {
    const run = await shell.given({ stubs: sources('kubelet', ['1.34.1']) }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toPrint('Did not find cached rpm file, downloading kubelet version 1.34.1-1.azl3\n');
    expect(run).toPrint('Succeeded to download kubelet version 1.34.1-1.azl3\n');
    expect(run).toHaveCalled(...downloads('kubelet', '1.34.1'));
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), ...downloaded('kubelet', '1.34.1'), ...eventFiles(run) });
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['AKS.CSE.installkubelet.extractBinaryFromRPM']);
  });

  it('is asked for in this order: list, download, open; nothing installs it', lesson('B4'), async () => {
    const run = await shell.given({ stubs: sources('kubelet', ['1.34.1']) }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([[...lists('kubelet')], [...downloads('kubelet', '1.34.1')], ['rpm2cpio', '/opt/kubelet/downloads/kubelet-1.34.1-1.azl3.x86_64.rpm']]);
    expect(run).toHaveCalledTimes(manager, 2);
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), ...downloaded('kubelet', '1.34.1'), ...eventFiles(run) });
  });

  it('of a long name is found in a listing that breaks its line in two', async () => {
    const run = await shell.given({ stubs: sources('azure-acr-credential-provider', ['1.34.1']) }).call(install, 'azure-acr-credential-provider', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...downloads('azure-acr-credential-provider', '1.34.1'));
    expect(run).toHaveChangedOnly({
      '/opt/bin/azure-acr-credential-provider': installed('azure-acr-credential-provider', '1.34.1'),
      ...downloaded('azure-acr-credential-provider', '1.34.1'),
      ...eventFiles(run),
    });
  });

  it('has an epoch that its file name leaves out', lesson('C25'), async () => {
    const run = await shell.given({ stubs: sources('kubelet', ['1.34.2']) }).call(install, 'kubelet', '1.34.2');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...downloads('kubelet', '1.34.2'));
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.2'), ...downloaded('kubelet', '1.34.2'), ...eventFiles(run) });
  });

  it('leaves the variables of the caller alone', lesson('C25'), async () => {
    const vars = { packageName: 'mine', packageVersion: 'mine', downloadDir: 'mine', version: 'mine', package: 'mine', rpm: 'mine', stage: 'mine', path: 'mine' };
    const run = await shell.given({ vars, stubs: sources('kubelet', ['1.34.1']) }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...downloads('kubelet', '1.34.1'));
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), ...downloaded('kubelet', '1.34.1'), ...eventFiles(run) });
    expect(Object.fromEntries(Object.keys(vars).map((name) => [name, run.variable(name)]))).toEqual(vars);
  });

  it('is the one for this machine, though another architecture has a newer release', lesson('C28'), async () => {
    const arm: Offered = { version: '1.34.1-9.azl3', architecture: 'aarch64', path: rpm('kubelet', '1.34.10') };
    const run = await shell.given({ stubs: rpmSources(manager, 'kubelet', [arm, '1.34.1']) }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...downloads('kubelet', '1.34.1'));
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), ...downloaded('kubelet', '1.34.1'), ...eventFiles(run) });
  });

  it('is of the highest release of that version, and of no other version', lesson('B6', 'C3'), async () => {
    const run = await shell.given({ stubs: rpmSources(manager, 'kubelet', ['1.34.1-10.azl3', '1.34.1-2.azl3', '1.34.1', '1.34.10']) }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled('rpm2cpio', '/opt/kubelet/downloads/kubelet-1.34.1-10.azl3.x86_64.rpm');
    const [name, ...words] = downloads('kubelet', '1.34.1');
    expect(run).toHaveCalled(name, ...words.slice(0, -1), /^kubelet\W1\.34\.1-10\.azl3$/);
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1-10.azl3'), ...downloaded('kubelet', '1.34.1'), ...eventFiles(run) });
  });

  it('brings what it depends on, which goes with it', lesson('B4'), async () => {
    const stubs = rpmSources(manager, 'kubelet', ['1.34.1'], async ({ write }, into) => {
      await write({ [`${into}/conntrack-tools-1.4.8-1.azl3.x86_64.rpm`]: 'a dependency' });
      return undefined;
    });
    const run = await shell.given({ stubs }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled(...downloads('kubelet', '1.34.1'));
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/kubelet': directory(), ...eventFiles(run) });
  });
});

describe.each(RPM_DISTROS)('a download that goes wrong on %s', (distro, { shell, install, sources, downloads }) => {
  const manager = MANAGER[distro as keyof typeof MANAGER];
  const offers = sources('kubelet', ['1.34.1'])[manager] ?? exits(1);
  const [, download = ''] = downloads('kubelet', '1.34.1');

  it('is tried again, with lists that are fetched anew', async () => {
    let tries = 0;
    const stubs = rpmSources(manager, 'kubelet', ['1.34.1'], () => (++tries < 3 ? 1 : undefined));
    const run = await shell.given({ stubs }).call(install, 'kubelet', '1.34.1');

    expect(run).toSucceed();
    expect(run.calls(manager).map(({ args }) => args[0])).toEqual(['list', download, 'makecache', download, 'makecache', download]);
    expect(run).toHaveSleptTimes('1s', 2);
    expect(run.stderr).toBe('');
    expect(run).toPrint(/^Executed "t?dnf .*" 3 times\.$/m);
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': installed('kubelet', '1.34.1'), '/opt/kubelet': directory(), ...eventFiles(run) });
  });

  it('ends provisioning with 9 after the last try, and leaves nothing behind', async () => {
    const stubs = { [manager]: offers, retryWithMakecache: exits(1) };
    const run = await shell.given({ files: imageBinary('kubelet', '1.34.10'), stubs }).call(install, 'kubelet', '1.34.1');

    expect(run).toExit(9);
    expect(run).toHaveCalledTimes('retryWithMakecache', 1, manager, '30', '1', '600', ...downloads('kubelet', '1.34.1').slice(1));
    expect(run).toHaveChangedOnly({ '/opt/kubelet': directory() });
  });

  it('has a last try, after which it says nothing more to the repositories', async () => {
    const run = await shell.given({ stubs: { [manager]: exits(1) } }).call('retryWithMakecache', manager, '2', '7', '60', 'some', 'words');

    expect(run).toExit(1);
    expect(run.stderr).toBe(`Executed "${manager} some words" 2 times; giving up (last exit status: 1).\n`);
    expect(run.allCalls.map(({ name, args }) => [name, ...args])).toEqual([[manager, 'some', 'words'], [manager, 'makecache'], [manager, 'some', 'words']]);
    expect(run).toHaveSleptTimes('7s', 1);
  });

  it('leaves no half of a package where others look for one', async () => {
    const half = handle(async ({ args, write }) => {
      await write({ [`${args[3]}/kubelet-1.34.1-1.azl3.x86_64.rpm`]: 'half' });
      return 1;
    });
    const run = await shell.given({ stubs: { [manager]: offers, [`${manager}_download`]: half } }).call(install, 'kubelet', '1.34.1');

    expect(run).toExit(9);
    expect(run).toHaveCalledTimes(`${manager}_download`, 1);
    expect(run).toHaveChangedOnly({ '/opt/kubelet': directory() });
  });

  it('that is said to have succeeded and brought nothing fails, after two more tries', async () => {
    const run = await shell.given({ stubs: rpmSources(manager, 'kubelet', ['1.34.1'], () => 0) }).call(install, 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).toPrint('Failed to locate kubelet rpm\n');
    expect(run).toHaveChangedOnly({ '/opt/kubelet': directory() });
    expect(run.calls(manager).map(({ args }) => args[0])).toEqual(['list', download, 'list', download, 'list', download]);
  });

  it('ends when provisioning has no time left', async () => {
    const run = await shell
      .given({ vars: { CSE_STARTTIME_SECONDS: '1' }, stubs: { [manager]: offers } })
      .call(install, 'kubelet', '1.34.1');

    expect(run).toExit(9);
    expect(run).toHaveCalledTimes(manager, 1);
    expect(run).not.toHaveSlept();
    expect(run.stderr).toMatch(/^Error: CSE has been running for \d+ seconds, exceeding the limit of 780 seconds\.\nCSE timeout approaching, exiting early\.\nExecuted ".*" 0 times; giving up \(no time is left\)\.\n$/);
    expect(run).toHaveChangedOnly({ '/opt/kubelet': directory() });
  });

  it('goes into another directory, where the caller names one', async () => {
    const run = await shell.given({ stubs: { [manager]: offers } }).call('downloadPkgFromVersion', 'kubelet', '1.34.1-1.azl3', '/opt/there');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes(manager, 1, download, rest);
    expect(run).toHaveChangedOnly({ '/opt/there/kubelet-1.34.1-1.azl3.x86_64.rpm': fileFrom(rpm('kubelet', '1.34.1')) });
  });

  it('is looked for in a listing that is ended after five minutes', async () => {
    const run = await shell.given({ stubs: { [manager]: takes('1h') } }).call(install, 'kubelet', '1.34.1');

    expect(run).toExit(1);
    expect(run).toPrint('Failed to find valid kubelet version for 1.34.1\n');
    expect(run).toHaveCalledTimes(manager, 1, 'list', 'kubelet', rest);
    expect(run.duration).toBe(300_000);
    expect(run).not.toHaveChanged();
  });

  it('fails where the directory cannot be made', async () => {
    const run = await shell.given({ files: { '/opt/there': 'a file' }, stubs: { [manager]: offers } }).call('downloadPkgFromVersion', 'kubelet', '1.34.1-1.azl3', '/opt/there');

    expect(run).toExit(9);
    expect(run).toHaveCalledTimes(manager, 1, download, rest);
    expect(run.stderr).toMatch(/^(mkdir: cannot create directory .*\n)+$/);
    expect(run).not.toHaveChanged();
  });
});
