import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Filters of spec files as vitest is to be given them, whose paths count from the project's root: one that names what
 * lies here becomes absolute. A slash at its end stays, since by it vitest tells a folder from a part of a name.
 */
export function specFilters(words: readonly string[]): string[] {
  return words.map((word) => {
    const path = resolve(word);
    if (!existsSync(path)) return word;
    return word.endsWith('/') && path !== '/' ? `${path}/` : path;
  });
}
