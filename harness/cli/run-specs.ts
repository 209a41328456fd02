import { existsSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type { Vitest } from 'vitest/node';
import { TRACE_VARIABLE } from '../diagnostics/trace.js';
import { LIST_UNASSERTED_VARIABLE } from '../shell/unasserted-setting.js';
import { REPLACEMENTS_VARIABLE } from '../vitest/find-script-sets.js';
import { MOST_VARIABLE, SEED_VARIABLE, VALUE_VARIABLE } from '../sweeps/values.js';
import { KNOWN_DEFECTS_VARIABLE } from '../vitest/known-defects.js';
import { specFilters } from './filters.js';
import { knownDefectsText } from './known-defects-text.js';
import { nearest } from './nearest.js';
import { checkPlugin, specsPlugins, vitestOf } from './project.js';
import { unassertedList, UNASSERTED_UNTOLD } from './unasserted-list.js';
import { UsageError } from './usage-error.js';

/** What `shellrig test` was asked for. */
export interface SpecsRequest {
  /** Parts of spec file paths; empty for all. */
  readonly filters: readonly string[];
  /** A regular expression on full test names. */
  readonly namePattern: string | undefined;
  /** Folders that stand in for script sets, absolute, by the set's name. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly watch: boolean;
  readonly trace: boolean;
  /** Ids of defects that are expected. */
  readonly knownDefects: readonly string[] | undefined;
  /** Whether to list the effects that no expectation covered. */
  readonly unasserted: boolean;
  /** Whether the vitest project of sweeps is run too, where there is one. */
  readonly sweeps: boolean;
  /** The one value that sweeps try. */
  readonly value: string | undefined;
  /** What sweeps draw their samples by. */
  readonly seed: string | undefined;
  /** How many values sweeps try at most that do not try all. */
  readonly most: number | undefined;
  /** Failures after which to stop. */
  readonly bail: number | undefined;
}

/**
 * Runs a project's specs. Fails closed: no spec, or none whose tests ran, is a failure.
 * @param root the project's directory. @returns the exit code; in watch mode once the user leaves.
 * @throws UsageError when the project does not use the plugin, or vitest is not installed.
 */
export async function runSpecs(root: string, request: SpecsRequest): Promise<number> {
  const { createVitest, registerConsoleShortcuts } = await vitestOf('test');
  process.env[REPLACEMENTS_VARIABLE] = JSON.stringify(request.scripts);
  if (request.trace) process.env[TRACE_VARIABLE] = '1';
  if (request.unasserted) process.env[LIST_UNASSERTED_VARIABLE] = '1';
  if (request.value !== undefined) process.env[VALUE_VARIABLE] = request.value;
  if (request.seed !== undefined) process.env[SEED_VARIABLE] = request.seed;
  if (request.most !== undefined) process.env[MOST_VARIABLE] = String(request.most);
  if (request.knownDefects) process.env[KNOWN_DEFECTS_VARIABLE] = JSON.stringify(request.knownDefects);
  const vitest = await createVitest(
    'test',
    {
      root, watch: request.watch, passWithNoTests: false,
      ...(request.namePattern === undefined ? {} : { testNamePattern: request.namePattern }),
      ...(request.bail === undefined ? {} : { bail: request.bail }),
    },
    { plugins: specsPlugins(root, wantsSweeps(request)) },
  );
  try {
    const filters = specFilters(request.filters);
    checkPlugin(vitest, root, 'test');
    if (!(await hasSpecs(vitest, root, filters))) return 1;
    if (!request.watch) {
      await vitest.start(filters);
      return verdict(vitest, request);
    }
    if (process.stdin.isTTY) registerConsoleShortcuts(vitest, process.stdin, process.stdout);
    // Whoever leaves watch mode has seen the verdicts; vitest ends the process by itself.
    vitest.onClose(() => {
      process.exitCode = 0;
    });
    await vitest.start(filters);
    await new Promise((resolve) => vitest.onClose(() => resolve(undefined)));
    return 0;
  } finally {
    await vitest.close();
  }
}

/** Sweeps take long: they run where they are asked for, by an option or by their file. */
function wantsSweeps({ sweeps, value, filters }: SpecsRequest): boolean {
  return sweeps || value !== undefined || filters.some((filter) => existsSync(filter));
}

/** vitest would run what some filters match and say nothing of the others. */
async function hasSpecs(vitest: Vitest, root: string, filters: readonly string[]): Promise<boolean> {
  const all = (await vitest.globTestSpecifications()).map(({ moduleId }) => relative(root, moduleId));
  if (all.length === 0) {
    const includes = [...new Set(vitest.projects.flatMap(({ config }) => config.include))];
    process.stderr.write(`shellrig: there is no spec in ${root}: no file matches ${includes.join(', ')}\n`);
    return false;
  }
  for (const filter of filters) {
    if ((await vitest.globTestSpecifications([filter])).length > 0) continue;
    const asked = isAbsolute(filter) ? relative(root, filter) : filter;
    throw new UsageError(`test: no spec's path contains '${asked}'. Nearest: ${nearest(asked, all).join(', ')}`);
  }
  return true;
}

/** The exit code after a run, and what vitest's own report does not tell. */
function verdict(vitest: Vitest, request: SpecsRequest): number {
  const modules = vitest.state.getTestModules();
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  if (request.knownDefects) process.stdout.write(knownDefectsText(tests, request.knownDefects));
  const ran = tests.filter((test) => ['passed', 'failed'].includes(test.result().state) || test.meta().knownDefect);
  if (Number(process.exitCode ?? 0) !== 0) {
    if (request.unasserted) process.stdout.write(UNASSERTED_UNTOLD);
    return Number(process.exitCode);
  }
  if (ran.length > 0) {
    if (request.unasserted) process.stdout.write(unassertedList(modules));
    return 0;
  }
  if (request.namePattern === undefined) {
    process.stderr.write(`shellrig: no test ran: all ${tests.length} are skipped\n`);
    return 1;
  }
  const [near = ''] = nearest(request.namePattern, tests.map((test) => test.fullName.replaceAll(' > ', ' ')));
  throw new UsageError(`test: no test's full name matches '${request.namePattern}'. Nearest: '${near}'`);
}
