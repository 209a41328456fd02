import { notOf } from '../diagnostics/shape.js';
import type { AsymmetricMatcher } from '../tree/entry.js';

/** Stands for exactly one argument, whatever it is. */
export const any: unique symbol = Symbol('any');

/** Stands, as the last pattern, for all further arguments, none included. */
export const rest: unique symbol = Symbol('rest');

/** One argument of a call: its whole text, a RegExp found in it, an asymmetric matcher, `any`, or (last) `rest`. */
export type ArgumentPattern = string | RegExp | AsymmetricMatcher | typeof any | typeof rest;

/** @throws Error for what is no list of patterns, and for `rest` before the last place. */
export function checkPatterns(where: string, patterns: unknown): void {
  if (!Array.isArray(patterns)) throw notOf(where, 'a list of arguments', patterns);
  patterns.forEach((pattern: unknown, index) => {
    if (pattern === rest && index < patterns.length - 1) throw new Error(`${where}: \`rest\` stands for all further arguments, so nothing may follow it; \`any\` stands for one`);
    if (!isPattern(pattern)) throw notOf(`${where}[${index}]`, 'text, a RegExp, an asymmetric matcher, any or rest', pattern);
  });
}

/** @param of who takes them: `called`. @throws Error for what is no name of a command, with what {@link checkPatterns} says of its arguments. */
export function checkCallPattern(of: string, name: unknown, args: readonly unknown[]): void {
  if (typeof name !== 'string' || name === '') throw notOf(`${of}(): the name of a command`, 'a text that is not empty', name);
  checkPatterns(`${of}('${name}'): args`, args);
}

/** Whether a value is one argument of a call, or what stands for some. */
export function isPattern(value: unknown): boolean {
  return value === any || value === rest || typeof value === 'string' || value instanceof RegExp || (typeof value === 'object' && value !== null && 'asymmetricMatch' in value);
}

/** Whether a call's arguments fit the patterns, one by one and none more. */
export function fits(patterns: readonly ArgumentPattern[], args: readonly string[]): boolean {
  const open = patterns.at(-1) === rest;
  const fixed = open ? patterns.slice(0, -1) : patterns;
  return (open ? args.length >= fixed.length : args.length === fixed.length) && fixed.every((pattern, index) => fitsArgument(pattern, args[index] as string));
}

/** @throws TypeError for `rest`, which stands for no single argument. */
export function fitsArgument(pattern: ArgumentPattern, argument: string): boolean {
  if (pattern === any) return true;
  if (pattern === rest) throw new TypeError('`rest` must be the last argument of a pattern.');
  if (typeof pattern === 'string') return pattern === argument;
  // A RegExp with g or y remembers where it was.
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(argument);
  return pattern.asymmetricMatch(argument);
}
