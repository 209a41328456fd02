import { posix } from 'node:path';
import { DEFAULT_PATH, RIG } from '../sandbox/places.js';
import type { Tree } from '../tree/entry.js';
import { canonicalPath } from '../tree/specs.js';
import type { TarMember } from '../tree/tar.js';

/**
 * The programs that files put into a tree: executable files, and links. A stub of such a name takes their place, since
 * scripts would find them and not it; a spy lets them work.
 */
export class TreePrograms {
  private constructor(
    private readonly byPath: ReadonlyMap<string, TarMember>,
    private readonly tree: Tree,
  ) {}

  /**
   * @param members files, at their canonical paths.
   * @param tree what they are put into.
   * @param below programs that were there before; those at other paths are still there.
   */
  static of(members: readonly TarMember[], tree: Tree, below?: TreePrograms): TreePrograms {
    const programs = members.filter(isProgram).map((member) => [member.path, member] as const);
    return new TreePrograms(new Map([...(below?.byPath ?? []), ...programs]), tree);
  }

  /**
   * Those that a stub takes the place of, in the order in which scripts find them.
   * @param name of the stub: bare, or an absolute path. @param path PATH of the scripts.
   */
  behind(name: string, path: string = DEFAULT_PATH): TarMember[] {
    if (this.byPath.size === 0) return [];
    const places = name.startsWith('/') ? [name] : path.split(':').filter((directory) => directory.startsWith('/')).map((directory) => `${directory}/${name}`);
    return [...new Set(places.map((place) => canonicalPath(place, this.tree)))].flatMap((place) => this.byPath.get(place) ?? []);
  }
}

/** The same program at another path, from where it works as at its own. */
export function movedTo(path: string, program: TarMember): TarMember {
  if (program.type !== 'symlink') return { ...program, path };
  return { ...program, path, target: posix.resolve(posix.dirname(program.path), program.target ?? '') };
}

function isProgram(member: TarMember): boolean {
  if (member.type === 'symlink') return !member.target?.startsWith(`${RIG}/`);
  return member.type === 'file' && (member.mode & 0o111) !== 0;
}
