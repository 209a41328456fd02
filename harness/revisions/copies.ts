import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScriptSet } from '../shell/script-sets.js';
import { applyTo, type FilePatch } from './patch.js';

/**
 * Copies script sets into a folder; nothing of the project is touched.
 * @param folder empty or not there. @returns the same sets, each to be used from its copy.
 */
export async function copySets(sets: readonly ScriptSet[], folder: string): Promise<ScriptSet[]> {
  return Promise.all(sets.map(async (set) => {
    const use = join(folder, set.name);
    await cp(set.directory, use, { recursive: true });
    return { ...set, use };
  }));
}

/**
 * Copies script sets and applies a patch to the copies.
 * @param name what the patch is called in messages. @throws PatchError when it does not apply.
 */
export async function patchedSets(sets: readonly ScriptSet[], folder: string, patches: readonly FilePatch[], name: string): Promise<ScriptSet[]> {
  const copies = await copySets(sets, folder);
  await applyTo(new Map(copies.map((set) => [set.name, set.use])), patches, name);
  return copies;
}
