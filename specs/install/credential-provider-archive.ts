import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { handle } from 'shellrig';
import { dir as temporaryFolder } from 'tmp-promise';
import { binary, type ReleaseName } from '../../fixtures/packages/index.js';

const NAME = 'azure-acr-credential-provider';

/** What an archive holds beside the program, or in its place; each would reach a file of the machine. */
const HOSTILE = {
  'outside': 'files with `..` in their paths and with absolute ones',
  'linked-folder': 'a link to /opt/victims, and a file behind it',
  'symlink': 'a link to /opt/victim in place of the program',
} as const;

/** What is wrong with an archive. */
export type HostileArchive = keyof typeof HOSTILE;

/** Every fault with some words on it. */
export const hostileArchives: readonly (readonly [words: string, HostileArchive])[] = (Object.keys(HOSTILE) as HostileArchive[]).map((fault) => [HOSTILE[fault], fault]);

/**
 * The archive that the credential provider's URL gives: its program, set-uid and owned by whoever built it.
 *
 * @param fault what else it holds, by default nothing
 */
export async function credentialProviderArchive(release: ReleaseName, fault?: HostileArchive): Promise<Uint8Array> {
  const folder = await temporaryFolder({ unsafeCleanup: true });
  const inside = (name: string) => join(folder.path, name);
  try {
    await writeFile(inside(NAME), binary(NAME, release), { mode: 0o700 });
    const others = await addHostile(inside, fault);
    const transforms = ['s,^up$,../../../../opt/escaped,', 's,^absolute$,/opt/escaped,', 's,^behind$,link/escaped,'].map((one) => `--transform=${one}`);
    const { stdout } = await execa('tar', ['-czP', '--owner=1001', '--group=1001', '--mode=u+s', ...transforms, '-C', folder.path, ...others, NAME], { encoding: 'buffer' });
    return stdout;
  } finally {
    await folder.cleanup();
  }
}

/** @returns the members that come before the program. */
async function addHostile(inside: (name: string) => string, fault: HostileArchive | undefined): Promise<readonly string[]> {
  switch (fault) {
    case 'outside':
      await writeFile(inside('up'), 'escaped');
      await writeFile(inside('absolute'), 'escaped');
      return ['up', 'absolute'];
    case 'linked-folder':
      await symlink('/opt/victims', inside('link'));
      await writeFile(inside('behind'), 'escaped');
      return ['link', 'behind'];
    case 'symlink':
      await rename(inside(NAME), inside('aside'));
      await symlink('/opt/victim', inside(NAME));
      return [];
    case undefined: return [];
  }
}

/** `curl -fsSL URL -o FILE` of a server that gives this archive, whatever it is asked for. */
export function serverWith(content: Uint8Array) {
  return handle(({ args, write }) => write({ [args[args.indexOf('-o') + 1] ?? '']: { spec: 'file', content } }));
}
