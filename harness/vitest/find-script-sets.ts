import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { didYouMean } from '../diagnostics/suggest.js';
import type { ScriptSet } from '../shell/script-sets.js';
import { PluginError } from './plugin-error.js';
import { scriptsBelow } from './scripts-below.js';

/** The environment variable through which the command line tells the plugin of `--scripts`; JSON, name to folder. */
export const REPLACEMENTS_VARIABLE = 'SHELLRIG_SCRIPTS';

/**
 * The script sets of a project: the entries of `imports` in its package.json that name a folder with scripts
 * (`"#node/*": "./artifacts/node/*"` is the set `node`).
 * @param root directory from which the nearest package.json counts, and relative folders.
 * @param replacements folders to use instead, by name of the set.
 * @returns inner folders first, so that the first set that holds a path is the nearest.
 * @throws PluginError for a name that is no set, with the nearest one, and for a folder that does not exist.
 */
export function findScriptSets(root: string, replacements: Readonly<Record<string, string>> = {}): readonly ScriptSet[] {
  const declared = declaredSets(root);
  for (const name of Object.keys(replacements)) {
    if (!declared.has(name)) throw new PluginError(unknownSet(name, [...declared.keys()]));
  }
  const sets = [...declared].map(([name, directory]) => {
    const replacement = replacements[name];
    return { name, directory, use: replacement === undefined ? directory : folderFor(name, resolve(root, replacement)) };
  });
  return sets.sort((one, other) => other.directory.length - one.directory.length);
}

/** Why a project has no script set, and how one is made. @param name one that it could have. */
export function noScriptSet(name: string): string {
  return `package.json declares none (an entry of "imports" such as "#${name}/*": "./scripts/*" does)`;
}

/** What `shellrig test --scripts NAME=DIR` asked for. */
export function replacementsFromEnvironment(): Readonly<Record<string, string>> {
  return JSON.parse(process.env[REPLACEMENTS_VARIABLE] ?? '{}') as Record<string, string>;
}

/** Set names to absolute folders. */
function declaredSets(root: string): Map<string, string> {
  const manifest = nearestManifest(resolve(root));
  if (manifest === undefined) return new Map();
  const { imports = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { imports?: Record<string, unknown> };
  const folders = Object.entries(imports).flatMap(([key, value]): [string, string][] => {
    const name = /^#(.+)\/\*$/.exec(key)?.[1];
    const target = typeof value === 'string' ? /^(\.\/.+)\/\*$/.exec(value)?.[1] : undefined;
    if (name === undefined || target === undefined) return [];
    const folder = join(dirname(manifest), target);
    return existsSync(folder) && scriptsBelow(folder).length > 0 ? [[name, realpathSync(folder)]] : [];
  });
  return new Map(folders);
}

function nearestManifest(directory: string): string | undefined {
  const manifest = join(directory, 'package.json');
  if (existsSync(manifest)) return manifest;
  return dirname(directory) === directory ? undefined : nearestManifest(dirname(directory));
}

function folderFor(name: string, directory: string): string {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new PluginError(`script set '${name}': there is no folder ${directory}`);
  }
  return realpathSync(directory);
}

function unknownSet(name: string, names: readonly string[]): string {
  if (names.length === 0) return `there is no script set '${name}': ${noScriptSet(name)}`;
  const near = didYouMean(name, names);
  return `there is no script set '${name}'.${near === '' ? ` There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}` : near}`;
}
