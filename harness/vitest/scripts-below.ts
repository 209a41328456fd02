import { readdirSync } from 'node:fs';

const SKIPPED = new Set(['node_modules', '.git', 'dist', 'coverage']);

/** More than any folder of scripts has: whoever puts a script beside a whole file system is not kept waiting. */
const MOST = 2000;

/** Absolute paths of the scripts in a folder and below it, sorted. */
export function scriptsBelow(folder: string): readonly string[] {
  const found: string[] = [];
  const visit = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (found.length >= MOST) return;
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path);
      else if (/\.(?:sh|bash)$/.test(entry.name)) found.push(path);
    }
  };
  visit(folder);
  return found.sort();
}
