import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { dir as temporaryFolder } from 'tmp-promise';
import { binary, type ReleaseName } from '../../fixtures/packages/index.js';

const NAME = 'azure-acr-credential-provider';

/** The archive that the credential provider's URL gives: its program and nothing else, owned by whoever built it. */
export async function credentialProviderArchive(release: ReleaseName): Promise<Uint8Array> {
  const folder = await temporaryFolder({ unsafeCleanup: true });
  try {
    await writeFile(join(folder.path, NAME), binary(NAME, release), { mode: 0o700 });
    const { stdout } = await execa('tar', ['-cz', '--owner=1001', '--group=1001', '-C', folder.path, NAME], { encoding: 'buffer' });
    return stdout;
  } finally {
    await folder.cleanup();
  }
}
