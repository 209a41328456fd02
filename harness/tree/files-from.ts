import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileFrom, directory, symlink, type EntrySpec, type FileSpecs } from './entry.js';

/**
 * All that lies in a folder of the host, to be given: what a program brings besides itself, for instance
 * `files: { ...filesFrom('/usr/share/app') }`. Modes are the host's, owners are root:root, links stay links.
 * @param hostFolder its path on the host.
 * @param at its path in the sandbox; default the same.
 * @throws the file system's error when something cannot be read; Error for what is neither file, directory nor link.
 */
export function filesFrom(hostFolder: string, at: string = resolve(hostFolder)): FileSpecs {
  const specs: Record<string, EntrySpec> = { [at]: directory({ mode: lstatSync(hostFolder).mode & 0o7777 }) };
  for (const name of readdirSync(hostFolder)) {
    const [from, to] = [join(hostFolder, name), join(at, name)];
    const stats = lstatSync(from);
    const mode = stats.mode & 0o7777;
    if (stats.isDirectory()) Object.assign(specs, filesFrom(from, to));
    else if (stats.isSymbolicLink()) specs[to] = symlink(readlinkSync(from));
    else if (stats.isFile()) specs[to] = fileFrom(from, { mode });
    else throw new Error(`filesFrom: ${from} is neither a file, a directory nor a link`);
  }
  return specs;
}
