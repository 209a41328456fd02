import { callsOf, mentionsOf } from './calls.js';
import { functionsOf } from './functions.js';
import { reached } from './reachable.js';

/**
 * Whether scripts read the clock while they are sourced, at file level or by a function that is called there: what they keep
 * of that is the hour at which this shell was made. It errs on the side of yes.
 */
export function readsClockWhenSourced(scripts: readonly string[]): boolean {
  if (!scripts.some((text) => MENTION.test(text))) return false;
  const atFileLevel = scripts.map(withoutFunctions);
  const called = Array.from(reached(atFileLevel.flatMap((text) => [...mentionsOf(text)]), scripts.flatMap(functionsOf)), ({ text }) => text);
  return [...atFileLevel, ...called].some((text) => MENTION.test(text) && (VARIABLE.test(text) || callsOf(text).has('date')));
}

/** `SECONDS` is not among them: it counts from where each run begins. */
const VARIABLE = /EPOCHSECONDS|EPOCHREALTIME|%\([^)]*\)T/;
const MENTION = new RegExp(`${VARIABLE.source}|\\bdate\\b`);

function withoutFunctions(script: string): string {
  return functionsOf(script).reduce((text, { text: definition }) => text.replace(definition, () => ''), script);
}
