import type { Actor } from '../clock/actors.js';
import { StrictError } from '../diagnostics/strict-error.js';
import { notRecorded } from '../diagnostics/strict-messages.js';
import { isSelector } from '../timeline/happening.js';

/**
 * Looks, before a run, at what its actors wait for: one that waits for a call of which no record is left would never act.
 * @param stubNames what records. @param toolNames what there is beside it.
 * @throws StrictError `not-recorded` for another name in `once(called('name', ...), ...)`.
 */
export function requireAwaitedRecorded(actors: readonly Actor[], stubNames: ReadonlySet<string>, toolNames: ReadonlySet<string>): void {
  for (const { condition } of actors) {
    if (!isSelector(condition) || condition.command === undefined || stubNames.has(condition.command)) continue;
    const { code, message } = notRecorded(condition.command, toolNames.has(condition.command) ? 'tool' : 'undeclared', stubNames);
    throw new StrictError(code, `${message}\n\n  An actor waits for \`${condition.what}\`, by once(called(...), ...), and would never act.`);
  }
}
