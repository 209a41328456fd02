import { durationOf } from '../clock/duration.js';
import { aString, listOf, notOf, optionsOf, shape, type Shape } from '../diagnostics/shape.js';
import { invariants } from '../shell/option-shapes.js';

const aName = shape('the name of a scenario: a text that is not empty', (value) => typeof value === 'string' && value.trim() !== '');
const aFunction = shape('a function', (value) => typeof value === 'function');
const paths = listOf('paths or globs', shape("an absolute path or glob, such as '/var/log/**'", (value) => typeof value === 'string' && value.startsWith('/')));
const anAct = shape('a function: (world) => world.write({ ... })', (value) => typeof value === 'function');
const atLeast = (least: number) => shape(`a whole number from ${least}`, (value) => Number.isSafeInteger(value) && (value as number) >= least);
const aDuration: Shape = (where, value) => void durationOf(where, value);
const isBoolean = shape('true or false', (value) => typeof value === 'boolean');

/** What every sweep takes. */
const common = {
  invariants,
  meta: shape("an object, as vitest's own `meta`", (value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  timeout: shape('milliseconds, a number from 0', (value) => typeof value === 'number' && value >= 0),
};

/** What `sweepKills` takes. */
export const killOptions: Shape = optionsOf({ ...common, except: paths, converges: aFunction, steps: atLeast(0), changes: atLeast(1), most: atLeast(1), marks: paths });

/** What `sweepFailingCalls` takes. */
export const failingCallsOptions: Shape = optionsOf({ ...common, bounded: listOf('names', aString) });

/** What `sweepTwice` takes. */
export const twiceOptions: Shape = optionsOf({ ...common, except: paths, times: atLeast(1) });

const momentShape = optionsOf({ ...common, act: anAct, heldFor: aDuration, never: isBoolean, expect: aFunction, most: atLeast(1) });

/** What `sweepMoments` takes. */
export const momentOptions: Shape = (where, options) => {
  momentShape(where, options);
  const { act, never } = options as { act?: unknown; never?: unknown };
  if (never === true && act === undefined) throw new Error(`${where}: \`never\` tries the scenario with nobody acting, beside an \`act\`, and there is none`);
};

/**
 * What a sweep is declared with, looked at before anything runs.
 * @param sweep its name: `sweepKills`.
 * @throws Error naming what is not as it must be.
 */
export function checkSweep(sweep: string, name: unknown, scenario: unknown, options: Shape, given: unknown): void {
  aName(`${sweep}: its first argument`, name);
  const where = `${sweep}('${name as string}')`;
  if (typeof scenario !== 'function') throw notOf(`${where}: the scenario`, "a function that asks for one run: () => shell.call('install')", scenario);
  options(where, given);
}
