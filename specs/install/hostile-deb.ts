import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { dir as temporaryFolder } from 'tmp-promise';
import { ar } from '../../fixtures/packages/ar.mjs';
import { binary, deb } from '../../fixtures/packages/index.js';

const PROGRAM = 'usr/bin/kubelet';
/** Becomes the program's path in the archive, where a link lies at its folder. */
const BEHIND = 'behind';
const VICTIM = '/opt/victim';

/** What the archive of files in a .deb can hold that dpkg-deb's own builder never writes; each would reach the machine. */
const HOSTILE = {
  'parent-path': 'beside its program a file ../../../opt/escaped',
  'absolute-path': 'beside its program a file /opt/escaped',
  'linked-folder': 'usr/bin as a link to /opt/victims, and its program behind it',
  'hard-link': 'its program as another name of /opt/victim',
} as const;

/** What is wrong with a package. */
export type HostileDeb = keyof typeof HOSTILE;

/** Every fault with some words on it. */
export const hostileDebs = Object.entries(HOSTILE) as [HostileDeb, string][];

/** A package that calls itself kubelet 1.34.1 and is hostile: dpkg-deb takes it for a good one until it unpacks it. */
export async function hostileDeb(fault: HostileDeb): Promise<Buffer> {
  const folder = await temporaryFolder({ unsafeCleanup: true });
  try {
    const { members, transform } = await lay(folder.path, fault);
    const archive = join(folder.path, 'data.tar');
    await execa('tar', ['-cP', '--owner=0', '--group=0', `--transform=${transform}`, '-f', archive, '-C', folder.path, ...members]);
    // What is left is a link to a file that the archive does not hold.
    if (fault === 'hard-link') await execa('tar', ['-P', '--delete', '-f', archive, VICTIM]);
    const data = await readFile(archive);
    const { stdout: control } = await execa('dpkg-deb', ['--ctrl-tarfile', deb('kubelet', '1.34.1')], { encoding: 'buffer' });
    return ar({ 'debian-binary': Buffer.from('2.0\n'), 'control.tar.gz': gzipSync(control), 'data.tar.gz': gzipSync(data) }, 0);
  } finally {
    await folder.cleanup();
  }
}

/** @returns what goes into the archive, in this order, and how its names are changed. */
async function lay(root: string, fault: HostileDeb): Promise<{ members: readonly string[]; transform: string }> {
  const put = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { mode: 0o755 });
  };
  await put(fault === 'linked-folder' ? BEHIND : PROGRAM, binary('kubelet', '1.34.1'));
  await put('other', 'escaped');
  switch (fault) {
    case 'parent-path': return { members: ['other', PROGRAM], transform: 's,^other$,../../../opt/escaped,' };
    case 'absolute-path': return { members: ['other', PROGRAM], transform: 's,^other$,/opt/escaped,' };
    case 'linked-folder':
      await mkdir(join(root, 'usr'));
      await symlink('/opt/victims', join(root, 'usr/bin'));
      return { members: ['usr', BEHIND], transform: `s,^${BEHIND}$,${PROGRAM},` };
    case 'hard-link':
      // tar writes the second name of a file as a link to the first.
      await execa('ln', ['-f', join(root, 'other'), join(root, PROGRAM)]);
      return { members: ['other', PROGRAM], transform: `s,^other$,${VICTIM},` };
  }
}
