import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Question } from './learn.js';
import { definedFunctions } from '../shell/scripts.js';

/** Files that are read, and how large one may be; more lie in no folder of scripts. */
const MOST_FILES = 500;
const MOST_BYTES = 500_000;

const SKIPPED = new Set(['node_modules', '.git', 'dist', 'coverage']);

/**
 * Which of some commands are functions that files near a script define.
 * @returns name of the function to absolute path of the file.
 */
export function knownFunctions({ script, before }: Pick<Question, 'script' | 'before'>, names: ReadonlySet<string>): ReadonlyMap<string, string> {
  const known = new Set([script, ...before]);
  const found = new Map<string, string>();
  if (names.size === 0) return found;
  let count = 0;
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (count >= MOST_FILES) return;
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path);
      if (!entry.isFile() || known.has(path) || statSync(path).size > MOST_BYTES) continue;
      count += 1;
      const content = readFileSync(path);
      if (content.includes(0)) continue;
      for (const name of definedFunctions(content.toString())) if (names.has(name) && !found.has(name)) found.set(name, path);
    }
  };
  visit(dirname(script));
  return found;
}

