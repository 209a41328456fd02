import { mentionsOf } from './calls.js';
import type { FunctionDefinition } from './functions.js';

/**
 * The functions that a call can reach, those it starts with included. It errs on the side of too many: a function
 * counts as reached where its name is an argument or a value (`retry 3 install`), and every definition of a name
 * counts. Names that the script puts together (`"install_$os"`) are not seen.
 *
 * @param entry - The function that is called, or all words of the call: an argument can name a function too.
 * @param functions - All that the shell has, of every script that it sourced.
 */
export function reachableFrom(entry: string | readonly string[], functions: readonly FunctionDefinition[]): Set<string> {
  return new Set(Array.from(reached(entry, functions), (definition) => definition.name));
}

/**
 * The definitions that a call can reach, nearest first; each is parsed only when it is asked for.
 *
 * @internal
 */
export function* reached<Definition extends FunctionDefinition>(
  entry: string | readonly string[],
  functions: readonly Definition[],
): Generator<Definition, void> {
  const byName = new Map<string, Definition[]>();
  for (const definition of functions) byName.set(definition.name, [...(byName.get(definition.name) ?? []), definition]);
  const seen = new Set<string>();
  const waiting = typeof entry === 'string' ? [entry] : [...entry];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const definition of byName.get(name) ?? []) {
      yield definition;
      for (const mention of mentionsOf(definition.text)) {
        if (byName.has(mention) && !seen.has(mention)) waiting.push(mention);
      }
    }
  }
}
