import { dirname } from 'node:path';
import type { UndeclaredCall } from '../diagnostics/strict-messages.js';
import type { MissingCommand } from '../steps/missing-command.js';
import type { Tree } from '../tree/entry.js';
import { canonicalPath } from '../tree/specs.js';
import type { RunContext } from './run.js';
import type { SessionOptions } from './session-work.js';

/** Where stubs and tools of a bare name lie. */
const PLACES = ['/usr/bin', '/usr/sbin'];

/**
 * A command that was called and not found, with the reason when it is one that the shell declares.
 * @param trees before the run, with what was given to it, and after.
 */
export function notFound(call: MissingCommand, context: RunContext, trees: { readonly before: Tree; readonly after: Tree }): UndeclaredCall {
  const reason = reasonOf(call, context, trees);
  return reason === undefined ? call : { ...call, reason };
}

/**
 * The same for one that a script calls while it is sourced, when there are no trees yet to compare.
 * @param options of the session, which hold the declared programs.
 */
export function notFoundInSourcing(call: MissingCommand, { stubPrograms, tools }: Pick<SessionOptions, 'stubPrograms' | 'tools'>): UndeclaredCall {
  const { name, searchPath } = call;
  const declared = new Set([...stubPrograms, ...tools].map(({ path }) => path));
  const place = (name.includes('/') ? [name] : PLACES.map((directory) => `${directory}/${name}`)).find((path) => declared.has(path));
  if (place === undefined) return call;
  const isOnPath = name.includes('/') || searchPath?.split(':').includes(dirname(place)) === true;
  return { ...call, reason: isOnPath ? `the script removed ${place}` : offPath(place, searchPath) };
}

function offPath(place: string, searchPath: string | undefined): string {
  return searchPath === undefined ? `it is ${place}, and the PATH of its caller does not lead there` : `it is ${place}, and PATH is '${searchPath}'`;
}

function reasonOf({ name, searchPath }: MissingCommand, { stubNames, toolNames }: RunContext, { before, after }: { readonly before: Tree; readonly after: Tree }): string | undefined {
  const isBare = !name.includes('/');
  if (!isBare && !name.startsWith('/')) return undefined;
  if (isBare && !stubNames.has(name) && !toolNames.has(name)) return undefined;
  const place = isBare ? PLACES.map((directory) => `${directory}/${name}`).find((path) => before.has(path)) : canonicalPath(name, before);
  if (place === undefined) return `it stands for a function of the scripts, which the shell that called it does not have`;
  if (before.has(place) && !after.has(place)) return `the script removed ${place}`;
  return isBare ? offPath(place, searchPath) : undefined;
}
