import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { Vitest } from 'vitest/node';
import type { FailingSpecs } from '../shell/unasserted-setting.js';
import { PluginError } from './plugin-error.js';

/**
 * The spec files that `failUnasserted` means: globs and directories, from the root or absolute; `!` takes away again.
 * @throws PluginError for what is no list of globs, and for a glob below a folder that does not exist: it would never fail
 * anything.
 */
export function failingSpecs(root: string, option: unknown): FailingSpecs {
  const from = resolve(root);
  if (option === true) return { root: from, globs: ['**'], except: [] };
  if (option === undefined || option === false) return { root: from, globs: [], except: [] };
  if (typeof option === 'string') throw new PluginError(`failUnasserted takes a list of globs, or \`true\` for all specs: failUnasserted: ['${option}']`);
  const all = Array.isArray(option) ? option as readonly unknown[] : [option];
  const given = all.filter((glob) => typeof glob === 'string' && glob !== '' && glob !== '!') as readonly string[];
  if (!Array.isArray(option) || given.length < all.length) throw new PluginError("failUnasserted takes a list of globs, such as ['specs/install/**'], or `true` for all specs");
  const except = given.filter((glob) => glob.startsWith('!'));
  const globs = given.filter((glob) => !glob.startsWith('!'));
  if (globs.length === 0 && except.length > 0) throw new PluginError(`failUnasserted: '${except[0]}' takes away from nothing. All others: failUnasserted: ['**', ${except.map((glob) => `'${glob}'`).join(', ')}]`);
  for (const glob of globs) {
    const place = resolve(from, picomatch.scan(glob).base);
    if (!existsSync(place)) throw new PluginError(`failUnasserted: there is no ${place}, so '${glob}' matches no spec`);
  }
  return { root: from, globs: globs.map((glob) => fromRoot(from, glob)), except: except.map((glob) => fromRoot(from, glob.slice(1))) };
}

/**
 * Has each glob match a spec, where all specs are known: a run may be of one project, or leave some out.
 * @throws PluginError for one that matches none.
 */
export async function checkFailingSpecs({ root, globs, except }: FailingSpecs, vitest: Vitest): Promise<void> {
  const { project, dir, cliExclude = [] } = vitest.config;
  const isNarrowed = vitest.vite.config.plugins.some(({ api }) => (api as { leavesOutProjects?: boolean } | undefined)?.leavesOutProjects === true);
  if (globs.length === 0 || isNarrowed || [project].flat().length > 0 || dir !== undefined || cliExclude.length > 0) return;
  const specs = (await Promise.all(vitest.projects.map((one) => one.globTestFiles()))).flatMap(({ testFiles }) => testFiles).map((file) => relative(root, file));
  for (const glob of globs) {
    const matches = picomatch(glob, { dot: true, ignore: [...except] });
    if (specs.some((spec) => matches(spec))) continue;
    throw new PluginError(`failUnasserted: '${glob}' matches no spec${specs[0] === undefined ? '' : `; there is ${specs[0]}, from ${root}`}`);
  }
}

/** What specs are matched by: their paths from the root. A directory means all in it. */
function fromRoot(root: string, glob: string): string {
  const path = resolve(root, glob);
  const own = relative(root, path);
  const isDirectory = !picomatch.scan(glob).isGlob && existsSync(path) && statSync(path).isDirectory();
  if (!isDirectory) return own;
  return own === '' ? '**' : `${own}/**`;
}
