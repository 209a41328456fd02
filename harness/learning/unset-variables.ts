import { readFileSync } from 'node:fs';
import type { Run } from '../shell/run.js';
import { readsOf, writesOf } from '../syntax/variables.js';
import type { Learned } from './learn.js';
import { OWN_VARIABLES } from './shell-variables.js';

/**
 * Variables that the commands which a run executed read, and that nobody has set: a function of a library takes much
 * from whoever sources it, and without `set -u` its want is silent.
 * @returns in the order in which they stand.
 */
export function unsetVariables({ question, needs, run }: Learned): readonly string[] {
  const { steps, context } = run.record;
  const files = [...new Set(steps.map(({ file }) => file))].flatMap((file) => {
    const host = context.hostPaths.get(file);
    return host === undefined ? [] : [{ source: readFileSync(host, 'utf8'), lines: new Set(steps.filter((step) => step.file === file).map(({ line }) => line)) }];
  });
  const given = new Set([...Object.keys(question.env), ...Object.keys(question.vars), ...needs.environment, ...needs.variables]);
  const written = files.map(({ source }) => writesOf(source));
  const names = new Set(files.flatMap(({ source, lines }) => readsOf(source).filter(({ line, commandLine }) => lines.has(line) || lines.has(commandLine)).map(({ name }) => name)));
  return [...names].filter((name) => !OWN_VARIABLES.test(name) && !given.has(name) && !written.some((set) => set.has(name)) && !isSet(run, name));
}

/** A run that keeps nothing of its variables has not said so. */
function isSet(run: Run, name: string): boolean {
  try {
    return run.variable(name) !== undefined;
  } catch {
    return false;
  }
}
