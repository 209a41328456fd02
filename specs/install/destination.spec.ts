import { describe, expect, it } from 'vitest';
import { directory, file, fileFrom, removed, symlink, type FileSpecs } from 'shellrig';
import { KINDS } from '../support/distros.js';
import { eventFiles } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { imageBinary, installed } from '../support/packages.js';

const PRECIOUS = file('precious', { mode: 0o600, owner: '1001:1001' });
const NEW = installed('kubelet', '1.34.1');

describe.each(KINDS)('on %s', (_, { kind, shell, options, install, cached }) => {
  const observed = shell.with({ source: [...(options.source ?? []), './around-an-install.sh'] });

  /** Both ways to a program: from the image, which is the same way everywhere, and out of a package. */
  const SOURCES: readonly (readonly [string, FileSpecs, FileSpecs])[] = [
    ...(kind === 'deb' ? [
      ['the image', imageBinary('kubelet', '1.34.1'), { '/opt/bin/kubelet-1.34.1': removed }],
      ['the image, which has it with the mode and owner of one', { '/opt/bin/kubelet-1.34.1': NEW }, { '/opt/bin/kubelet-1.34.1': removed }],
    ] as const : []),
    ['a package', cached('kubelet', '1.34.1'), { '/opt/kubelet/downloads': removed }],
  ];

  describe.each(SOURCES)('a program from %s', (_, source, gone) => {
    const put = (files: FileSpecs) => shell.given({ files: { ...source, ...files } }).call(install, 'kubelet', '1.34.1');

    it('goes where nothing is', async () => {
      const run = await put({});

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': NEW, ...gone, ...eventFiles(run) });
    });

    it('replaces an older one, whatever its mode and owner', lesson('A4'), async () => {
      const run = await put({ '/opt/bin/kubelet': file('older', { mode: 0o4711, owner: '1001:1001' }) });

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': NEW, ...gone, ...eventFiles(run) });
    });

    it('replaces a link to a file, and not the file', lesson('A3'), async () => {
      const run = await put({ '/opt/bin/kubelet': symlink('/opt/elsewhere/kubelet'), '/opt/elsewhere/kubelet': PRECIOUS });

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': NEW, ...gone, ...eventFiles(run) });
    });

    it('replaces a link to a directory, and puts nothing into the directory', lesson('A3'), async () => {
      const run = await put({ '/opt/bin/kubelet': symlink('/opt/elsewhere'), '/opt/elsewhere': directory({ mode: 0o700 }) });

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': NEW, ...gone, ...eventFiles(run) });
    });

    it('replaces a link that leads nowhere, and makes nothing there', lesson('A3'), async () => {
      const run = await put({ '/opt/bin/kubelet': symlink('/opt/elsewhere/kubelet') });

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': NEW, ...gone, ...eventFiles(run) });
    });

    it('is refused by a directory: the install fails, and what it would come from stays as it is', lesson('C29'), async () => {
      const run = await put({ '/opt/bin/kubelet': directory({ mode: 0o750 }), '/opt/bin/kubelet/file': PRECIOUS });

      expect(run).toExit(1);
      expect(run).toHaveChangedOnly(eventFiles(run));
      expect(run).toPrint("mv: cannot overwrite directory '/opt/bin/kubelet' with non-directory\n", { on: 'stderr' });
      for (const path of Object.keys(source)) expect(run).toHaveFile(path);
      expect(run.fs.readdirSync('/opt/bin')).toEqual(['kubelet', ...inBin(source)]);
    });

    it('goes into a directory that is not there yet', lesson('C29'), async () => {
      const run = await shell.given({ files: source }).call(install, 'kubelet', '1.34.1', '/opt/missing/bin/kubelet');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/opt/missing/bin/kubelet': NEW, ...gone, ...eventFiles(run) });
    });

    it('fails where the directory cannot be made', lesson('C29'), async () => {
      const run = await shell
        .given({ files: { ...source, '/opt/file': PRECIOUS } })
        .call(install, 'kubelet', '1.34.1', '/opt/file/kubelet');

      expect(run).toExit(1);
      expect(run).toPrint('mkdir: cannot create directory', { on: 'stderr' });
      expect(run).toHaveChangedOnly(eventFiles(run));
    });

    it('replaces a running program, which runs on', async () => {
      const run = await observed
        .given({ files: { ...source, '/opt/bin/kubelet': fileFrom('/usr/bin/sleep', { mode: 0o755 }) } })
        .call('while_the_target_runs', '/opt/bin/kubelet', install, 'kubelet', '1.34.1');

      expect(run).toSucceed();
      expect(run).not.toPrint('install failed');
      expect(run).toPrint('still runs: /opt/bin/kubelet (deleted)\n');
      expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': NEW, ...gone, ...eventFiles(run) });
    });

    it('goes to another file system', async () => {
      const run = await shell.given({ files: source }).call(install, 'kubelet', '1.34.1', '/dev/shm/bin/kubelet');

      expect(run).toSucceed();
      expect(run).toHaveChangedOnly({ '/dev/shm/bin/kubelet': NEW, ...gone, ...eventFiles(run) });
    });
  });
});

/** The names of what is given in /opt/bin. */
function inBin(source: FileSpecs): string[] {
  return Object.keys(source).filter((path) => path.startsWith('/opt/bin/')).map((path) => path.slice('/opt/bin/'.length));
}
