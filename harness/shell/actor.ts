import { owners } from '../sandbox/owners.js';
import { HOST } from '../sandbox/places.js';
import { packTar } from '../tree/tar.js';
import type { HandledCall } from '../stubs/stub.js';
import type { Session } from './session.js';
import { members } from './stub-set.js';

/**
 * What the outside world may do to a sandbox while a run goes on.
 * @param unpack has the stub that asked write an archive's files, where it can: a tenth of what entering costs.
 */
export function actorOn(session: Session, unpack: (archive: Buffer) => Promise<boolean>): Pick<HandledCall, 'write' | 'rename' | 'remove'> {
  return {
    write: async (files) => {
      const archive = packTar(members(files));
      if (await unpack(archive)) return;
      // What enters a sandbox is not under its filter, by which a chown that cannot be is none.
      await session.act([`${HOST}/bin/tar`, '-xpf', '-', '-C', '/', '--numeric-owner', '--keep-directory-symlink', ...(owners().kind === 'single' ? ['--no-same-owner'] : [])], archive);
    },
    rename: (from, to) => session.act([`${HOST}/bin/mv`, '-fT', '--', from, to]),
    remove: (path) => session.act([`${HOST}/bin/rm`, '-rf', '--', path]),
  };
}
