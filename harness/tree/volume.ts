import { constants } from 'node:fs';
import { createFsFromVolume, Volume, type IFs } from 'memfs';
import type { EntrySpec, FileSpecs, Tree } from './entry.js';
import { comparePaths } from './compare.js';

/** What memfs gives a node whose mode nobody set. */
const MEMFS_FILE_MODE = 0o666;
const MEMFS_DIRECTORY_MODE = 0o777;

/** What memfs can hold, with the type bits of its modes. */
const FILE_TYPES = { file: constants.S_IFREG, directory: constants.S_IFDIR, symlink: constants.S_IFLNK } as const;

type Link = Volume['_core']['root'];

/**
 * A tree as a memfs file system: the reading face, with node's whole `fs` API. Directories, files and symbolic
 * links carry their modes and owners. FIFOs, sockets and devices are left out, because memfs has none; names
 * are as the tree spells them. What is written to it changes nothing but itself. Costs some 15 µs an entry:
 * make it when it is asked for.
 */
export function volumeOf(tree: Tree): IFs {
  const volume = new Volume();
  const core = volume._core;
  // Nodes are hung in directly: through memfs's own fs calls, each of which walks the path, it takes four times as long.
  const links = new Map([['', core.root]]);
  const directoryAt = (path: string): Link => {
    const found = links.get(path);
    if (found !== undefined) return found;
    const made = core.createLink(directoryAt(parentOf(path)), nameOf(path), true, 0o755);
    links.set(path, made);
    return made;
  };
  for (const path of [...tree.keys()].sort(comparePaths)) {
    const entry = tree.get(path)!;
    if (!(entry.kind in FILE_TYPES)) continue;
    const type = FILE_TYPES[entry.kind as keyof typeof FILE_TYPES];
    const link = core.createLink(directoryAt(parentOf(path)), nameOf(path), entry.kind === 'directory', type | entry.mode);
    const node = link.getNode();
    if (entry.kind === 'directory') links.set(path, link);
    else if (entry.kind === 'file') node.setBuffer(entry.content);
    else if (entry.kind === 'symlink') node.symlink = entry.target;
    [node.uid = 0, node.gid = 0] = entry.owner.split(':').map(Number);
    // Reading must not depend on modes: memfs holds them against the runner's own uid, so that a file of mode
    // 0600 would be readable to one person and not to another.
    node.canRead = node.canWrite = node.canExecute = () => true;
  }
  return createFsFromVolume(volume);
}

/** Files as a spec gives them: path to entry, or a memfs volume (or its `fs`) edited with node's own calls. */
export type GivenFiles = FileSpecs | Volume | IFs;

/** Given files in the one form that the tree works with. */
export function fileSpecs(files: GivenFiles | undefined): FileSpecs {
  if (files === undefined) return {};
  return 'readdirSync' in files && typeof files.readdirSync === 'function' ? filesFromVolume(files as Volume | IFs) : (files as FileSpecs);
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

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
