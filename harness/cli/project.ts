import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vitest/config';
import type { Vitest } from 'vitest/node';
import { shellrig } from '../vitest/index.js';
import { onlyProjects } from './only-projects.js';
import { UsageError } from './usage-error.js';

/** The vitest projects that hold specs, and specs that sweep, where a configuration has several. */
const SPECS = 'specs';
const SWEEPS = 'sweeps';

/** The directory of the nearest package.json, or the directory itself. */
export function projectRoot(directory: string): string {
  const parent = dirname(directory);
  if (existsSync(join(directory, 'package.json'))) return directory;
  return parent === directory ? process.cwd() : projectRoot(parent);
}

/** The vitest of the project. @param command the command that needs it, for the message. @throws UsageError without one. */
export async function vitestOf(command: string): Promise<typeof import('vitest/node')> {
  try {
    return await import('vitest/node');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError(`${command}: vitest is not installed here: npm install --save-dev vitest`);
  }
}

/**
 * What is added to a project's configuration: its specs alone are run, and without a configuration the plugin is there.
 * @param withSweeps whether those that sweep are run too.
 */
export function specsPlugins(root: string, withSweeps = true): Plugin[] {
  return [onlyProjects(withSweeps ? [SPECS, SWEEPS] : [SPECS]), ...(configFile(root) === undefined ? [shellrig()] : [])];
}

/** Without the plugin imports of scripts fail in ways that tell nobody why. @throws UsageError then. */
export function checkPlugin(vitest: Vitest, root: string, command: string): void {
  const uses = vitest.projects.some(({ vite }) => vite.config.plugins.some(({ name }) => name === 'shellrig'));
  if (!uses) throw new UsageError(`${command}: ${configFile(root)} does not use the plugin: add \`plugins: [shellrig()]\`, and \`import { shellrig } from 'shellrig/vitest'\``);
}

/**
 * Where a project looks for its specs, when that is not where a file lies.
 * @param file absolute. @returns the patterns that the file's path does not match; undefined when it is found.
 */
export async function patternsWithout(root: string, file: string): Promise<readonly string[] | undefined> {
  const { createVitest } = await vitestOf('record');
  const vitest = await createVitest('test', { root, watch: false }, { plugins: specsPlugins(root) });
  try {
    const found = (await vitest.globTestSpecifications([file])).some(({ moduleId }) => moduleId === file);
    return found ? undefined : [...new Set(vitest.projects.flatMap(({ config }) => config.include))];
  } finally {
    await vitest.close();
  }
}

function configFile(root: string): string | undefined {
  const names = ['vitest', 'vite'].flatMap((tool) => ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((ending) => `${tool}.config.${ending}`));
  return names.find((name) => existsSync(join(root, name)));
}
