import { isInstant, isStart, STARTS } from '../clock/clock.js';
import { aString, listOf, mapOf, notOf, oneOf, optionsOf, shape, textOrBytes, trueOr, type Shape } from '../diagnostics/shape.js';
import { DEFAULT_LIMITS, limitNumbers, type Limits } from '../sandbox/limits.js';
import { isPlaceholder } from '../stubs/placeholder-mark.js';
import { entrySpec } from '../tree/entry.js';

const paths = listOf('paths', aString);
const variables = mapOf('variables', shape('text, a number, a boolean, a list of texts or a map of texts', isShellValue));
const environment = mapOf('variables', aString);
const allowed = (what: string) => trueOr(listOf(what, aString));

const limitNames = optionsOf(Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, anything])));
// Every line contains the empty text, and what is not absolute is the path of no change.
const aPart = shape('a text that is not empty', (value) => typeof value === 'string' && value !== '');
const aPartOrPattern = shape('a text that is not empty, or a RegExp', (value) => (typeof value === 'string' && value !== '') || value instanceof RegExp);
const aPathGlob = shape("an absolute glob, such as '/var/log/**'", (value) => typeof value === 'string' && /^[/*?{([@+]/.test(value));
const aCall = shape("a name, or a name and arguments, such as ['systemctl', 'restart', any]", (value) => typeof (Array.isArray(value) ? value[0] : value) === 'string');

const unasserted = trueOr(optionsOf({
  calls: trueOr(listOf('names or calls', aCall)),
  changes: trueOr(listOf('globs', aPathGlob)),
  stderr: trueOr(listOf('texts or patterns', aPartOrPattern)),
  stdout: shape('true', (value) => value === true),
}));
const allow = optionsOf({ commands: allowed('names'), leftovers: allowed('names'), shellErrors: trueOr(listOf('texts', aPart)), realTime: allowed('names'), broken: allowed('names'), unasserted });
/** Invariants that a shell, a given or a sweep declares. */
export const invariants: Shape = listOf('invariants', shape('an invariant, such as noLeftovers()', (value) => typeof value === 'object' && value !== null && 'check' in value));

const aClock = shape("'virtual', 'real' or { start: '2030-01-01T00:00:00Z' }", (value) => value === 'virtual' || value === 'real' || isBegun(value));
const aStart = shape(`from ${STARTS.join(' to ')}`, (value) => isStart(String(value)));

/** What `defineShell` and `shell.with` take. */
export const shellOptions: Shape = optionsOf({
  source: paths,
  files, stubs,
  tools: listOf('names', aString),
  env: environment,
  limits, allow,
  clock,
  events: shape("what eventsFrom('/a/glob/*.json') gives", (value) => typeof value === 'object' && value !== null && 'read' in value && typeof value.read === 'function'),
  invariants,
});

const givenShape = optionsOf({ vars: variables, env: environment, files, tree: shape('a tree: run.record.after', (value) => typeof value === 'object' && value !== null && 'get' in value && 'has' in value), invariants, actors: listOf('actors', shape("an actor, such as at('2s', ...) gives", (value) => typeof value === 'object' && value !== null && 'act' in value)), stubs, cwd: aString, stdin: textOrBytes, process: oneOf('fresh', 'fork'), limits, allow });

/** What `shell.given` takes. */
export const givenOptions: Shape = (where, given) => {
  givenShape(where, given);
  const { vars = {}, env = {} } = given as { vars?: object; env?: object };
  for (const name of Object.keys({ ...vars, ...env })) {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`${where}: ${JSON.stringify(name)} is no name of a shell variable: letters, digits and _, not a digit first`);
  }
};

/** The words of a run: the verb, then what it runs and its arguments. */
export function runWords(verb: string, [first, ...args]: readonly unknown[]): void {
  aString(`what .${verb}() runs`, first);
  args.forEach((word, index) => aString(`argument ${index + 1} of ${verb}`, word));
}

/** Values that are judged elsewhere. */
function anything(): void {}

function limits(where: string, value: unknown): void {
  limitNames(where, value);
  limitNumbers({ ...DEFAULT_LIMITS, ...(value as Partial<Limits>) }, where);
}

function clock(where: string, value: unknown): void {
  aClock(where, value);
  if (isBegun(value)) aStart(`${where}.start`, value.start);
}

function isBegun(value: unknown): value is { readonly start: string } {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'start' && isInstant((value as { start: unknown }).start);
}

function files(where: string, value: unknown): void {
  // A memfs volume, or its fs.
  if (typeof value === 'object' && value !== null && 'readdirSync' in value) return;
  mapOf('files', entrySpec)(where, value);
}

function stubs(where: string, value: unknown): void {
  mapOf('stubs', (one, stub) => {
    if (typeof stub !== 'object' || stub === null || !('parts' in stub || isPlaceholder(stub))) throw notOf(one, "a stub, such as exits(0) or returns('text')", stub);
  })(where, value);
  for (const name of Object.keys(value as object)) {
    if (!/^(?:[^\s\0/-][^\s\0/]*|(?:\/[^\s\0/]+)+)$/.test(name) || name.split('/').some((part) => part === '.' || part === '..')) {
      throw new Error(`${where}: ${JSON.stringify(name)} can be no stub's name: a stub has the bare name of a command or function, or the absolute path of a command ('tool', '/opt/bin/tool')${advice(name)}`);
    }
  }
}

/** A relative path is one way or the other. */
function advice(name: string): string {
  const bare = name.split('/').at(-1) ?? '';
  return name.startsWith('/') || !name.includes('/') || /^(?:\.*|-.*)$/.test(bare) || /\s/.test(bare) ? '' : `. Did you mean '${bare}', which is met wherever the script finds it?`;
}

function isShellValue(value: unknown): boolean {
  if (isPlaceholder(value)) return true;
  if (['string', 'number', 'boolean'].includes(typeof value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string' || isPlaceholder(one));
}
