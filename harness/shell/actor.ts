import { owners } from '../sandbox/owners.js';
import { HOST } from '../sandbox/places.js';
import { packTar } from '../tree/tar.js';
import type { HandledCall } from '../stubs/stub.js';
import type { Session } from './session.js';
import { members } from './stub-set.js';

/** What the outside world may do to a sandbox while a run goes on. */
export function actorOn(session: Session): Pick<HandledCall, 'write' | 'rename' | 'remove'> {
  return {
    // What enters a sandbox is not under its filter, by which a chown that cannot be is none.
    write: (files) => session.act([`${HOST}/bin/tar`, '-xmpf', '-', '-C', '/', '--numeric-owner', '--keep-directory-symlink', ...(owners().kind === 'single' ? ['--no-same-owner'] : [])], packTar(members(files))),
    rename: (from, to) => session.act([`${HOST}/bin/mv`, '-fT', '--', from, to]),
    remove: (path) => session.act([`${HOST}/bin/rm`, '-rf', '--', path]),
  };
}
