import type { TestModule } from 'vitest/node';
import { indented } from '../diagnostics/where.js';

/** What `--unasserted` says at the end of a run that failed: expectations that were never reached cover nothing yet. */
export const UNASSERTED_UNTOLD = '\nUnasserted effects: not listed, because the run failed; they are when all is green\n\n';

/** What a green run with `--unasserted` says at its end: of each test, and of the hooks of a file, what nobody looked at. */
export function unassertedList(modules: readonly TestModule[]): string {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const left = modules.flatMap((module) => [
    ...Object.entries(module.meta().unassertedInHooks ?? {}).flatMap(([hook, runs]) => texts(hookName(module.relativeModuleId, hook), runs)),
    ...[...module.children.allTests()].flatMap((test) => texts(`${module.relativeModuleId} > ${test.fullName}`, test.meta().unasserted)),
  ]);
  if (left.length === 0) return '\nUnasserted effects: none\n\n';
  const count = tests.filter((test) => test.meta().unasserted).length;
  return ['', `Unasserted effects: ${count} of ${tests.length} tests did what no expectation covers`, ...left.map(indented), '', ''].join('\n');
}

/** The file's own hooks have no suite's name. */
function hookName(file: string, hook: string): string {
  if (hook === '') return file;
  return hook.startsWith('(') ? `${file} ${hook}` : `${file} > ${hook}`;
}

function texts(name: string, unasserted: readonly string[] | undefined): string[] {
  return unasserted ? [[name, ...unasserted.map(indented)].join('\n')] : [];
}
