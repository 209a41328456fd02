import { basename, dirname } from 'node:path';
import type { ShellComplaint } from '../diagnostics/strict-messages.js';
import { BASH_SIDE } from '../sandbox/places.js';
import type { Site } from '../stubs/call.js';
import type { Step } from './run.js';

/** The files in which a run's command stands: when the shell ends, bash names the one in which its EXIT trap then runs. */
const CALLERS: ReadonlySet<string> = new Set(['server.sh', 'fresh.sh']);

/** Before it no command of a run stands in those files; the text of a trap counts from line 1. */
const FIRST_COMMAND = 20;

/**
 * A complaint of bash at a place of the script. In the text of an EXIT trap bash counts lines from 1, and names the file
 * that the shell ended in: the first lines of a script, or of a file of shellrig's. What counts is where the trap was set.
 * @param steps of the run. @param textAt the script's line at a place.
 * @returns without a place where none is known.
 */
export function atScript(complaint: ShellComplaint, steps: readonly Step[], textAt: (site: Site) => string | undefined): ShellComplaint {
  const [site] = complaint.stack;
  if (!site) return complaint;
  const isOwn = dirname(site.file) === BASH_SIDE;
  const inTrap = isOwn ? CALLERS.has(basename(site.file)) && site.line < FIRST_COMMAND : site.line === 1 && textAt(site)?.startsWith('#') === true;
  if (!inTrap) return isOwn ? { ...complaint, stack: [] } : complaint;
  const set = trapSet(steps, textAt);
  return { ...complaint, inExitTrap: true, stack: set ? [{ file: set.file, line: set.line, function: set.function }] : [] };
}

/** Where the EXIT trap was set last: a line that names it (of a command of several lines bash tells the last), else one that sets any. */
function trapSet(steps: readonly Step[], textAt: (site: Site) => string | undefined): Step | undefined {
  const last = (pattern: RegExp) => steps.findLast((step) => pattern.test(textAt(step) ?? ''));
  return last(/\btrap\s.*\s(?:SIG)?(?:EXIT|0)\b|['"](?:\s+\w+)*\s+(?:SIG)?EXIT\b/i) ?? last(/\btrap\s/);
}
