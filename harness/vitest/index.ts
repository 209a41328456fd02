import { fileURLToPath } from 'node:url';
import type { TestError } from 'vitest';
import type { Plugin } from 'vitest/config';
import { isOwnFrame } from '../diagnostics/spec-place.js';
import { SCRIPT_SETS_VARIABLE, type ScriptSet } from '../shell/script-sets.js';
import { FAIL_UNASSERTED_VARIABLE, type FailingSpecs } from '../shell/unasserted-setting.js';
import { checkFailingSpecs, failingSpecs } from './failing-specs.js';
import { KNOWN_DEFECTS_VARIABLE } from './known-defects.js';
import { PLAN_VARIABLE } from '../revisions/plan.js';
import { findScriptSets, replacementsFromEnvironment } from './find-script-sets.js';
import { PluginError } from './plugin-error.js';
import { isScript, ScriptModules } from './script-modules.js';
// Makes `import x from './x.sh'` type-check.
import './scripts.mjs';

export type { ScriptSet } from '../shell/script-sets.js';

/** Options of the vitest plugin. */
export interface ShellrigOptions {
  /**
   * Folders that stand in for script sets, by the set's name: `{ node: '../candidate/node' }`, relative to vite's
   * root. Default: none; `shellrig test --scripts NAME=DIR` wins over this.
   */
  readonly scripts?: Readonly<Record<string, string>>;
  /**
   * Spec files in which an effect that no expectation covered fails its test: globs and directories, relative to vite's
   * root or absolute; one that begins with `!` takes away again. `true`: all. Default: none.
   */
  readonly failUnasserted?: readonly string[] | boolean;
}

/** Milliseconds; a limit of shellrig ends a run long before, with a better message. */
const TEST_TIMEOUT = 30_000;

/**
 * The vitest plugin: `plugins: [shellrig()]` in vitest.config.ts. Lets specs import scripts (`import lib from './lib.sh'`
 * gives the script's absolute path, and watch mode knows who uses it), teaches `expect` the matchers of runs, and sets
 * what sandboxes need of vitest. It applies to each project of the configuration by itself.
 * @throws PluginError when vitest starts, for a script set or a folder that does not exist, for a glob of `failUnasserted` that
 * matches no spec and for a pool of threads.
 */
export function shellrig(options: ShellrigOptions = {}): Plugin {
  let sets: readonly ScriptSet[] = [];
  let modules = new ScriptModules('/', []);
  let failing: FailingSpecs = failingSpecs('/', undefined);

  return {
    name: 'shellrig',
    enforce: 'pre',

    config(config) {
      const root = config.root ?? process.cwd();
      sets = findScriptSets(root, { ...options.scripts, ...replacementsFromEnvironment() });
      modules = new ScriptModules(root, sets);
      failing = failingSpecs(root, options.failUnasserted);
      const { test = {} } = config;
      const setup = beside('./setup');
      return {
        test: {
          pool: test.pool ?? 'forks',
          testTimeout: test.testTimeout ?? TEST_TIMEOUT,
          hookTimeout: test.hookTimeout ?? TEST_TIMEOUT,
          setupFiles: [test.setupFiles ?? []].flat().includes(setup) ? [] : [setup],
          env: { [SCRIPT_SETS_VARIABLE]: JSON.stringify(sets), ...(failing.globs.length === 0 ? {} : { [FAIL_UNASSERTED_VARIABLE]: JSON.stringify(failing) }) },
          ...(process.env[KNOWN_DEFECTS_VARIABLE] === undefined ? {} : { runner: beside('./known-defects-runner') }),
          ...(process.env[PLAN_VARIABLE] === undefined ? {} : { runner: beside('../revisions/runner') }),
          // A message of shellrig's tells the spec's line; its own frames only tell of bugs.
          onStackTrace: (error, frame) => (test.onStackTrace?.(error, frame) ?? true) && (isBug(error) || !isOwnFrame(frame.file)),
          // A script in a package would be given to Node as it is.
          server: { deps: { inline: [/\.(?:sh|bash)$/] } },
        },
      };
    },

    // eslint-disable-next-line typescript/no-misused-promises -- vitest waits for it
    async configureVitest({ project, vitest }) {
      const { pool } = project.config;
      if (pool !== 'forks') {
        throw new PluginError(`shellrig needs vitest's pool 'forks', not '${pool}': a sandbox ends with the process that started it, never with a thread. Remove \`pool\` from the configuration, or --pool from the command line.`);
      }
      // Projects have no watcher of their own, and vite adds what lies outside its root to theirs.
      const elsewhere = sets.filter(({ directory, use }) => directory !== use).map(({ use }) => use);
      if (vitest.config.watch && elsewhere.length > 0) vitest.vite.watcher.add(elsewhere);
      await checkFailingSpecs(failing, vitest);
    },

    resolveId(source, importer) {
      return isScript(source) ? modules.resolve(source, importer) : undefined;
    },

    load(id) {
      return isScript(id) ? { code: modules.code(id), map: null } : undefined;
    },
  };
}

/** Whether an error is not shellrig's word to the reader but a fault in its code, which its stack leads to. */
function isBug({ name = 'Error', message }: TestError): boolean {
  return message.startsWith('shellrig bug') || (/^(?:Type|Reference|Syntax)Error$/.test(name) && !message.startsWith('expect(run).'));
}

/** A module of this folder that vitest loads by its path: TypeScript in the clone, what tsc made of it elsewhere. */
function beside(name: string): string {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`${name}.${ending}`, import.meta.url));
}
