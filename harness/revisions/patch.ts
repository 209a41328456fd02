import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { applyPatch, parsePatch, type StructuredPatch } from 'diff';
import type { ScriptSet } from '../shell/script-sets.js';
import { noScriptSet } from '../vitest/find-script-sets.js';

/** A patch that cannot be used; the message says which, and why. */
export class PatchError extends Error {
  readonly code = 'SHELLRIG_PATCH';
  override readonly name = 'PatchError';
}

/** What a patch does to one file of a script set. */
export interface FilePatch {
  readonly set: ScriptSet;
  /** Path within the set. */
  readonly path: string;
  readonly hunks: StructuredPatch;
  readonly kind: 'change' | 'create' | 'remove';
}

/**
 * Reads a unified diff of scripts.
 * @param text its paths count from the project's root, or from a script set's folder; with `a/` and `b/` or without.
 * @param name what the patch is called in messages.
 * @throws PatchError for a text that is no diff, and for a file that lies in no script set.
 */
export function readPatch(text: string, name: string, root: string, sets: readonly ScriptSet[]): FilePatch[] {
  const parts = parsed(text, name).filter(({ hunks }) => hunks.length > 0);
  if (parts.length === 0) throw new PatchError(`${name} holds no change: expected a unified diff, as \`git diff\` prints it`);
  return parts.map((hunks) => {
    const kind = hunks.newFileName === '/dev/null' ? 'remove' : hunks.oldFileName === '/dev/null' ? 'create' : 'change';
    const names = namesIn(hunks);
    const found = names.map((named) => placeOf(named, root, sets)).find((place) => place !== undefined);
    if (!found) throw new PatchError(`${name} changes ${(names[0] ?? '').replace(/^[ab]\//, '')}, which lies in no script set${setsText(root, sets)}`);
    return { ...found, hunks, kind };
  });
}

/**
 * Applies what {@link readPatch} read, all of it, to copies of the script sets.
 * @param copies folders by set name. @throws PatchError when a hunk does not fit the script as it is now.
 */
export async function applyTo(copies: ReadonlyMap<string, string>, patches: readonly FilePatch[], name: string): Promise<void> {
  for (const { set, path, hunks, kind } of patches) {
    const file = join(copies.get(set.name) ?? '', path);
    const source = kind === 'create' ? '' : await readFile(file, 'utf8').catch(() => undefined);
    const patched = source === undefined ? false : applyPatch(source, hunks);
    if (patched === false) throw new PatchError(`${name} does not apply any more: ${set.name}/${path} ${source === undefined ? 'is not there' : 'has changed where it should apply'}`);
    if (kind === 'remove') {
      await rm(file);
    } else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, patched);
    }
  }
}

function parsed(text: string, name: string): StructuredPatch[] {
  try {
    return parsePatch(text);
  } catch (error) {
    throw new PatchError(`${name} is no unified diff: ${(error as Error).message}`);
  }
}

/** `diff -u` names two files wherever they lie, of which one is the script; that of `git diff` is the latter. */
function namesIn({ oldFileName, newFileName }: StructuredPatch): string[] {
  return [newFileName, oldFileName].filter((name) => name !== undefined && name !== '/dev/null') as string[];
}

function setsText(root: string, sets: readonly ScriptSet[]): string {
  if (sets.length > 0) return `; there are ${sets.map((set) => `${set.name} (${relative(root, set.directory)})`).join(', ')}`;
  return `: ${noScriptSet('scripts')}`;
}

/** The set in which a file of a diff lies: by its path from the root, else one that has such a file. */
function placeOf(named: string, root: string, sets: readonly ScriptSet[]): { set: ScriptSet; path: string } | undefined {
  const spellings = [named, named.replace(/^[^/]+\//, '')].map((path) => join(root, path));
  for (const absolute of spellings) {
    const set = sets.find(({ directory }) => absolute.startsWith(`${directory}/`));
    if (set) return { set, path: relative(set.directory, absolute) };
  }
  const inSet = sets.flatMap((set) => [named, named.replace(/^[^/]+\//, '')].filter((path) => existsSync(join(set.directory, path))).map((path) => ({ set, path })));
  return inSet[0];
}
