import { RunView } from '../shell/run-view.js';
import type { Run } from '../shell/run.js';
import type { Fact } from './host-facts.js';
import { keyLiteral, objectLiteral, stringLiteral } from './literals.js';
import { settledText } from './settled-text.js';
import { OWN_VARIABLES } from './shell-variables.js';

/** Variables that a person reads; of a function that sets more, the other names are told in a comment. */
const MOST = 12;

/** The shell variables that two runs left other than they were, as expectations that both meet. */
export function variableExpectations(run: Run, again: Run, idle: Run, facts: readonly Fact[]): string[] {
  const names = (one: Run) => (one instanceof RunView ? one.variableNames : undefined) ?? [];
  // A run that says nothing of its variables is not one that unset them all.
  if (names(run).length === 0 || names(again).length === 0) return [];
  const changed = [...new Set([...names(idle), ...names(run)])].filter((name) => isTelling(name) && JSON.stringify(run.variable(name)) !== JSON.stringify(idle.variable(name)));
  const telling = changed.filter((name) => !isPassing(name));
  const told = telling.slice(0, MOST).map((name) => expectation(name, run.variable(name), again.variable(name), facts));
  const more = [...telling.slice(MOST), ...changed.filter(isPassing)];
  return more.length > 0 ? [...told, `// It also set: ${more.join(', ')}.`] : told;
}

/** What a loop leaves behind: `i`. */
function isPassing(name: string): boolean {
  return /^[a-z]{1,2}$/.test(name);
}

/** What a person would look at: not what bash and the harness set. */
function isTelling(name: string): boolean {
  return !OWN_VARIABLES.test(name) && !name.startsWith('_rig');
}

type Value = ReturnType<Run['variable']>;

function expectation(name: string, value: Value, again: Value, facts: readonly Fact[]): string {
  const received = `expect(run.variable('${name}'))`;
  if (value === undefined && again === undefined) return `${received}.toBeUndefined();`;
  if (typeof value === 'string' && typeof again === 'string') {
    const settled = settledText(value, again, facts);
    if (settled === undefined) return `${received}.toBeDefined(); // it differs from run to run`;
    return typeof settled === 'string' ? `${received}.toBe(${stringLiteral(settled)});` : `${received}.toMatch(${String(settled)});`;
  }
  if (typeof value !== 'object' || JSON.stringify(value) !== JSON.stringify(again)) return `${received}.toBeDefined(); // it differs from run to run`;
  const literal = Array.isArray(value) ? `[${value.map((element: string) => stringLiteral(element)).join(', ')}]` : objectLiteral(Object.entries(value).map(([key, element]) => `${keyLiteral(key)}: ${stringLiteral(element)}`), '', received.length + 10);
  return `${received}.toEqual(${literal});`;
}
