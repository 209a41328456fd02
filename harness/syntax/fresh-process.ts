import type { FunctionDefinition } from './functions.js';
import { mentionsProcessIdentity, processIdentityUses } from './process-identity.js';
import { reached } from './reachable.js';

/** Why a call cannot run in a fork of the shell that sourced the scripts. */
export interface FreshProcessNeed<Definition extends FunctionDefinition = FunctionDefinition> {
  /** To be read after "because it": `uses $$`. */
  readonly reason: string;
  /** In the script that defines the function, counted from 1. */
  readonly line: number;
  /** The function's name. */
  readonly function: string;
  /** The element of `functions` that it is, with whatever the caller put in it (a path, say). */
  readonly definition: Definition;
}

/**
 * Whether what a call reaches would mean something else in a fork (DESIGN R3). In the common case, where no
 * function mentions anything of the kind, nothing is parsed.
 *
 * @param entry - The function that is called, or all words of the call; add what the shell's traps run.
 * @param functions - All that the shell has, of every script that it sourced (see `functionsOf`).
 * @returns The nearest reason, or undefined: a fork will do.
 */
export function needsFreshProcess<Definition extends FunctionDefinition>(
  entry: string | readonly string[],
  functions: readonly Definition[],
): FreshProcessNeed<Definition> | undefined {
  if (!functions.some((definition) => mentionsProcessIdentity(definition.text))) return undefined;
  for (const definition of reached(entry, functions)) {
    const use = processIdentityUses(definition.text)[0];
    if (use !== undefined) {
      return { reason: use.reason, line: definition.line + use.line - 1, function: definition.name, definition };
    }
  }
  return undefined;
}
