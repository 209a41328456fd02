import { createFsFromVolume, Volume, type IFs } from 'memfs';
import type { EntrySpec, Tree } from './entry.js';
import { comparePaths } from './compare.js';

/** What memfs gives a node whose mode nobody set. */
const MEMFS_FILE_MODE = 0o666;
const MEMFS_DIRECTORY_MODE = 0o777;

/**
 * A tree as a memfs file system: the reading face, with node's whole `fs` API. Directories, files and symbolic
 * links carry their modes and owners. FIFOs, sockets and devices are left out, because memfs has none; names
 * are as the tree spells them. What is written to it changes nothing but itself. Costs some 10 µs an entry:
 * make it when it is asked for.
 */
export function volumeOf(tree: Tree): IFs {
  const volume = new Volume();
  for (const path of [...tree.keys()].sort(comparePaths)) {
    const entry = tree.get(path)!;
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (parent !== '' && !tree.has(parent)) volume.mkdirSync(parent, { recursive: true });
    if (entry.kind === 'directory') volume.mkdirSync(path, { recursive: true });
    else if (entry.kind === 'file') volume.writeFileSync(path, entry.content);
    else if (entry.kind === 'symlink') volume.symlinkSync(entry.target, path);
    else continue;
    const [uid, gid] = entry.owner.split(':').map(Number);
    volume.lchownSync(path, uid!, gid!);
  }
  // Modes come last, and reading must not depend on them: memfs holds them against the runner's own uid, so
  // that a file of mode 0600 would be readable to one person and not to another.
  for (const node of Object.values(volume._core.inodes)) {
    if (node !== undefined) Object.assign(node, { canRead: () => true, canWrite: () => true, canExecute: () => true });
  }
  for (const [path, entry] of tree) {
    if (entry.kind === 'directory' || entry.kind === 'file') volume.chmodSync(path, entry.mode);
  }
  return createFsFromVolume(volume);
}

/**
 * The files of a memfs volume as a spec's `files`: for trees that are easier to edit as a file system.
 * memfs's own defaults stand for "not said": mode 0666 or 0777, and the runner as owner, become the defaults
 * of given files (0644, 0755, root:root).
 */
export function filesFromVolume(volume: Volume | IFs): Record<string, EntrySpec> {
  const files: Record<string, EntrySpec> = {};
  const visit = (directory: string): void => {
    for (const name of (volume.readdirSync(directory) as string[]).sort()) {
      const path = `${directory === '/' ? '' : directory}/${name}`;
      const stats = volume.lstatSync(path);
      const mode = stats.mode & 0o7777;
      const attributes = {
        ...(mode === (stats.isDirectory() ? MEMFS_DIRECTORY_MODE : MEMFS_FILE_MODE) ? {} : { mode }),
        ...(stats.uid === process.getuid?.() && stats.gid === process.getgid?.() ? {} : { owner: `${stats.uid}:${stats.gid}` }),
      };
      if (stats.isSymbolicLink()) files[path] = { spec: 'symlink', target: String(volume.readlinkSync(path)) };
      else if (stats.isDirectory()) files[path] = { spec: 'directory', ...attributes };
      else files[path] = { spec: 'file', content: volume.readFileSync(path) as Buffer, ...attributes };
      if (stats.isDirectory()) visit(path);
    }
  };
  visit('/');
  return files;
}
