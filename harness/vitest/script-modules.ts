import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { didYouMean } from '../diagnostics/suggest.js';
import type { ScriptSet } from '../shell/script-sets.js';
import { PluginError } from './plugin-error.js';
import { scriptDependencies } from './script-dependencies.js';
import { scriptsBelow } from './scripts-below.js';

/** Whether an import, or a module's id, names a script. With a query (`./x.sh?raw`) it is asked for as something else. */
export function isScript(source: string): boolean {
  return /\.(?:sh|bash)$/.test(source);
}

/**
 * Scripts as modules: what an import names, and what the module says. A module is the file that is used, so with
 * `--scripts` the copy is what vite watches; its value is the path as the importer meant it, which does not change.
 */
export class ScriptModules {
  constructor(private readonly root: string, private readonly sets: readonly ScriptSet[]) {}

  /**
   * The script that an import names.
   * @param source as written: relative, absolute, or `#set/...`. @param importer the importing file.
   * @returns undefined for what is not of our kind: an import of a package, or of nothing that we know.
   * @throws PluginError for a script that does not exist.
   */
  resolve(source: string, importer: string | undefined): string | undefined {
    if (source.startsWith('#')) return this.resolveInSet(source, importer);
    if (isAbsolute(source)) {
      // vite names modules by their path below its root.
      return [source, join(this.root, source)].map((path) => this.used(path)).find((path) => existsSync(path));
    }
    if (!source.startsWith('.') || importer === undefined) return undefined;
    const folder = dirname(importer.replace(/\?.*$/, ''));
    const path = this.used(resolve(folder, source));
    if (existsSync(path)) return path;
    throw missing(source, importer, nearTo(folder, source));
  }

  /** The module: names the scripts that this one may run, so that their changes count as its own, and gives the path. */
  code(id: string): string {
    const set = this.sets.find(({ use }) => id.startsWith(`${use}/`));
    const named = set ? join(set.directory, relative(set.use, id)) : id;
    const dependencies = scriptDependencies(id, set?.use ?? dirname(id));
    return [...dependencies.map((path) => `import ${JSON.stringify(path)};`), `export default ${JSON.stringify(named)};`, ''].join('\n');
  }

  private resolveInSet(source: string, importer: string | undefined): string | undefined {
    const set = this.sets.find(({ name }) => source.startsWith(`#${name}/`));
    // Another entry of package.json's imports, or an error that vite words.
    if (!set) return undefined;
    const path = join(set.use, source.slice(set.name.length + 2));
    if (existsSync(path)) return path;
    throw missing(source, importer, scriptsBelow(set.use).map((script) => `#${set.name}/${relative(set.use, script)}`));
  }

  /** Where a script lies that the project names so: elsewhere, when `--scripts` replaced its set. */
  private used(path: string): string {
    const set = this.sets.find(({ directory }) => path.startsWith(`${directory}/`));
    return set ? join(set.use, relative(set.directory, path)) : path;
  }
}

function missing(source: string, importer: string | undefined, candidates: readonly string[]): PluginError {
  const where = importer === undefined ? '' : `, which ${relative(process.cwd(), importer)} imports`;
  return new PluginError(`there is no script '${source}'${where}.${didYouMean(source, candidates)}`);
}

/** Scripts near a path that does not exist, spelled as the import spelled it. */
function nearTo(folder: string, source: string): readonly string[] {
  const directory = resolve(folder, dirname(source));
  if (!existsSync(directory)) return [];
  const prefix = source.slice(0, source.lastIndexOf('/') + 1);
  return scriptsBelow(directory).map((path) => prefix + relative(directory, path));
}
