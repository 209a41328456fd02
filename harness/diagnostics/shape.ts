import { inspect } from 'node:util';
import { isPlaceholder } from '../stubs/placeholder-mark.js';
import { printed } from './printed.js';
import { didYouMean } from './suggest.js';

/**
 * What a value that a spec gives must be, whatever its types say: a spec in JavaScript, or one with a cast, is told at
 * the call that gives it, and not by a TypeError from within.
 * @param where the value's name in the message: `given: stdin`.
 * The placeholder `_` has any shape.
 * @throws Error naming the value, what it must be, and what it is.
 */
export type Shape = (where: string, value: unknown) => void;

/** @param what to be read after "must be". */
export function shape(what: string, fits: (value: unknown) => boolean): Shape {
  return (where, value) => {
    if (!isPlaceholder(value) && !fits(value)) throw notOf(where, what, value);
  };
}

/** Any text. */
export const aString: Shape = shape('a string', (value) => typeof value === 'string');

/** Text, or bytes as they are. */
export const textOrBytes: Shape = shape('text or bytes', (value) => typeof value === 'string' || value instanceof Uint8Array);

/** One of some words; the nearest is suggested. */
export function oneOf(...words: readonly string[]): Shape {
  return (where, value) => {
    if (typeof value !== 'string' || !words.includes(value)) throw notOf(where, words.map((word) => `'${word}'`).join(' or '), value, typeof value === 'string' ? didYouMean(value, words) : '');
  };
}

/** An absolute path in the sandbox. Who asks for one needs it at once, so not even a placeholder may stand for it. */
export function absolutePath(where: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || !value.startsWith('/')) throw notOf(where, "an absolute path in the sandbox, such as '/run/app.pid'", value);
}

/** A list, each element of one shape. */
export function listOf(what: string, element: Shape): Shape {
  return (where, value) => {
    if (!Array.isArray(value)) throw notOf(where, `a list of ${what}`, value);
    value.forEach((one, index) => element(`${where}[${index}]`, one));
  };
}

/** `true`, or else as the other shape says. */
export function trueOr(other: Shape): Shape {
  return (where, value) => {
    if (value !== true) other(where, value);
  };
}

/** An object by names that the spec chooses: `{ A: '1' }`. */
export function mapOf(what: string, element: Shape): Shape {
  return (where, value) => {
    if (isPlaceholder(value)) return;
    if (!isPlain(value)) throw notOf(where, `an object of ${what}`, value);
    for (const [key, one] of Object.entries(value)) element(`${where}${/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `['${key}']`}`, one);
  };
}

/** An object of options that exist; one that is undefined counts as not given. */
export function optionsOf(known: Readonly<Record<string, Shape>>): Shape {
  const names = Object.keys(known);
  return (where, value) => {
    if (!isPlain(value)) throw notOf(where, `an object of options (${names.join(', ')})`, value);
    for (const [key, one] of Object.entries(value)) {
      const own = Object.hasOwn(known, key) ? known[key] : undefined;
      if (!own) throw new Error(`${where}: there is no option \`${key}\`.${didYouMean(key, names)} There are: ${names.join(', ')}`);
      if (one !== undefined) own(`${where}: ${key}`, one);
    }
  };
}

/** A value that is not as it must be. @param what to be read after "must be". @param advice follows, with its leading blank. */
export function notOf(where: string, what: string, value: unknown, advice = ''): Error {
  return new Error(`${where} must be ${what}, is ${shown(value)}.${advice}`);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Texts beyond this say no more of what was meant. */
const LONGEST = 60;

function shown(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'string') return `string '${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}'`;
  if (typeof value === 'function') return `a function${value.name === '' ? '' : ` (${value.name})`}`;
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof RegExp) return `pattern ${String(value)}`;
  if (typeof value === 'object' && 'asymmetricMatch' in value) return `an asymmetric matcher (${printed(value)})`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an object' : `an object of ${Object.keys(value).slice(0, 4).join(', ')}`;
  return `${typeof value} ${inspect(value)}`;
}
