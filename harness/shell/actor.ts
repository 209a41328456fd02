import { getSystemErrorName } from 'node:util';
import { ExecaError } from 'execa';
import type { ActorWorld } from '../clock/actors.js';
import { constants } from 'node:os';
import { HOST } from '../sandbox/places.js';
import { owners } from '../sandbox/owners.js';
import { packTar, type TarMember } from '../tree/tar.js';
import type { World } from '../stubs/world.js';
import type { Session } from './session.js';
import { members } from './stub-set.js';

/**
 * What the outside world may do to a sandbox while a run goes on.
 * @param unpack has the stub that asked write an archive's files, where it can: a tenth of what entering costs.
 */
export function worldOf(session: Session, unpack?: (archive: Buffer) => Promise<boolean>): World {
  return {
    write: async (files) => {
      // As new as it is when it is written, by either way.
      const written = members(files);
      const archive = packTar(written, 'unpacked');
      if (await unpack?.(archive)) return;
      // What enters a sandbox is not under its filter, by which a chown that cannot be is none.
      // The mode of a directory is set by way of /proc, which shows processes of the sandbox alone.
      const where = written.some(({ type }) => type === 'directory') ? 'among its processes' : 'beside';
      const program = [`${HOST}/bin/tar`, '-xmpf', '-', '-C', '/', '--numeric-owner', '--keep-directory-symlink', ...(owners().kind === 'single' ? ['--no-same-owner'] : [])];
      await told('write()', session.act(program, archive, where));
    },
    rename: (from, to) => told(`rename('${from}', '${to}')`, session.act([`${HOST}/bin/mv`, '-fT', '--', from, to])),
    remove: (path) => told(`remove('${path}')`, session.act([`${HOST}/bin/rm`, '-rf', '--', path])),
    signal: async (signal, name) => {
      const pids = session.pidsOf(name);
      if (pids.length === 0) throw new Error(`signal('${signal}', '${name}'): there is no process of that name`);
      if (!(`SIG${signal}` in constants.signals)) throw new Error(`signal('${signal}', '${name}'): there is no such signal; one is named 'TERM' or 'HUP'`);
      await told(`signal('${signal}', '${name}')`, session.act([`${HOST}/bin/bash`, '-p', '-c', 'builtin kill -s "$@"', 'kill', signal, ...pids.map(String)], undefined, 'among its processes'));
    },
  };
}

/**
 * Has a failure tell what was asked for and what the program said of it, and not how it was run.
 * @throws Error `rename('/a', '/b'): cannot stat '/a': No such file or directory`.
 */
async function told(what: string, acting: Promise<void>): Promise<void> {
  try {
    await acting;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const { stderr, exitCode, signal }: { readonly stderr: unknown; readonly exitCode?: number | undefined; readonly signal?: string | undefined } = error;
    const said = (typeof stderr === 'string' ? stderr : '').split('\n').map((line) => line.replace(/^\S*\/bin\/\w+: (?:line \d+: )?/, '')).filter((line) => line !== '' && !line.startsWith('Exiting with failure status'));
    // eslint-disable-next-line preserve-caught-error -- the cause would show how the harness enters a sandbox
    throw new Error(`${what}: ${said.join('; ') || (signal === undefined ? `failed with exit code ${exitCode}` : `was ended by ${signal}`)}`);
  }
}

/** The same, for who acts while a run's time stands: what is simple, process 1 does. */
export function actingWorldOf(session: Session): World {
  const world = worldOf(session);
  const carryOut = async (fields: readonly string[], content?: Uint8Array) => (await session.talk?.carryOut(fields, content)) === true;
  return {
    write: async (files) => {
      const written = members(files);
      const isSimple = written.every(({ type, mtime }) => type === 'file' && mtime === undefined);
      let at = 0;
      while (isSimple && at < written.length && (await carryOut(fileFields(written[at]!), written[at]!.content))) at += 1;
      if (at < written.length) await world.write(files);
    },
    rename: async (from, to) => { if (!(await carryOut(['rename', from, to]))) await world.rename(from, to); },
    remove: async (path) => { if (!(await carryOut(['remove', path]))) await world.remove(path); },
    signal: async (signal, name) => {
      const number = constants.signals[`SIG${signal}` as NodeJS.Signals] as number | undefined;
      const pids = session.pidsOf(name);
      if (number === undefined || pids.length === 0 || !(await carryOut(['signal', String(number), ...pids.map(String)]))) await world.signal(signal, name);
    },
  };
}

function fileFields({ path, mode, uid, gid }: TarMember): string[] {
  return ['write', path, String(mode), String(uid), String(gid)];
}

/** @throws Error for a session with the real clock, and where nobody can listen there. */
export async function listen(session: Session, where: Parameters<ActorWorld['listen']>[0], reply: string | Uint8Array = ''): Promise<void> {
  const text = 'path' in where ? `unix ${where.path}` : `tcp ${where.port}`;
  const error = await session.talk?.listen(text, Buffer.from(reply as Uint8Array));
  if (error === undefined) throw new Error("listen(): only by a virtual clock, and this shell has clock: 'real'");
  if (error !== 0) throw new Error(`listen(${JSON.stringify(where)}): ${getSystemErrorName(-error)}`);
}
