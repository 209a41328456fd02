import { callPatternText } from '../diagnostics/call-text.js';
import { printed } from '../diagnostics/printed.js';
import { absolutePath, notOf } from '../diagnostics/shape.js';
import { checkCallPattern, fits, rest, type ArgumentPattern } from '../stubs/arguments.js';
import type { Selector } from './happening.js';

/** The end of a call of a stub or spy, with these arguments if any are given: `ended('install_agent')`. @throws Error for what is no name or no argument. */
export function ended(name: string, ...args: readonly ArgumentPattern[]): Selector {
  checkCallPattern('ended', name, args);
  const pattern: readonly ArgumentPattern[] = args.length === 0 ? [rest] : args;
  return { what: `the end of ${callPatternText(name, args)}`, at: 'end', command: name, selects: ({ call }) => call?.name === name && fits(pattern, call.args) };
}

/** An event that matches, as `toEmit` has it: what is left out of an object does not matter. Its instant is that at which its file was changed last. @throws Error where none is given: an event may be anything, `undefined` too. */
export function emitted(...given: readonly [event: unknown]): Selector {
  if (given.length < 1) throw new Error("emitted(): there is no event to look for; emitted({ task: 'install' }) names the first that has all of this");
  const [event] = given;
  return { what: `event ${printed(event)}`, at: 'start', selects: (happening) => happening.event !== undefined && isLike(happening.event.value, event) };
}

/** The last change of what lies at a path at the end: of its content, its name or its mode. @throws Error for a path that is not absolute. */
export function changed(path: string): Selector {
  absolutePath('changed(): the path', path);
  return { what: `change of ${path}`, at: 'start', selects: (happening) => happening.path === path };
}

/** What an actor did: `acted('serverStarts')`, by the name of its function, or by what it did: `acted('write /run/app.pid')`. @throws Error for what is no such text. */
export function acted(what: string): Selector {
  if (typeof what !== 'string' || what === '') throw notOf('acted(): what an actor did', "the name of its function or a text such as 'write /run/app.pid'", what);
  return { what: `act ${what}`, at: 'start', selects: ({ deed }) => deed !== undefined && (deed.actor === what || deed.did === what) };
}

/** Whether a value has all that is expected, in objects and lists as deep as they go. */
function isLike(value: unknown, expected: unknown): boolean {
  if (expected instanceof RegExp) return typeof value === 'string' && new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).test(value);
  if (typeof expected !== 'object' || expected === null) return Object.is(value, expected);
  if ('asymmetricMatch' in expected && typeof expected.asymmetricMatch === 'function') return Boolean(expected.asymmetricMatch(value));
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(expected)) return Array.isArray(value) && value.length === expected.length && expected.every((item, index) => isLike(value[index], item));
  return Object.entries(expected).every(([key, item]) => key in value && isLike((value as Record<string, unknown>)[key], item));
}
