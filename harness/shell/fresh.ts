import { readFileSync } from 'node:fs';
import { callsOf, mentionsOf } from '../syntax/calls.js';
import { readsClockWhenSourced } from '../syntax/clock-when-sourced.js';
import { needsFreshProcess } from '../syntax/fresh-process.js';
import { functionsOf, type FunctionDefinition } from '../syntax/functions.js';
import { parseScript, walk } from '../syntax/parse.js';
import { mentionsProcessIdentity, processIdentityUses } from '../syntax/process-identity.js';
import { scriptInString } from '../syntax/words.js';
import type { RunRequest } from './protocol.js';
import type { Script } from './scripts.js';

/**
 * Why a run cannot happen in a fork of the shell that sourced the scripts (DESIGN R3): what it reaches uses `$$`,
 * `$PPID`, job control or its process group. What is reached is read from the sourced scripts: functions by name
 * through any number of others, the traps that scripts set while they are sourced, a script that is sourced by the
 * run. Names that a script puts together are not seen; there `{ process: 'fresh' }` says it.
 *
 * @param verb an `exec` has a process of its own anyway.
 * @param command the words of the run; an argument can name a function too.
 * @param scripts those that the shell sourced.
 * @param text of the script that a `source` reads.
 * @param isLater whether it begins by a virtual clock at another time than the shell: what scripts read of the clock while they
 * are sourced would be of long ago.
 * @returns to be read after "because it", for instance `uses $$ (rotate, line 12)`; undefined when a fork will do.
 */
export function freshReason(verb: RunRequest['verb'], command: readonly string[], scripts: readonly Script[], text = '', isLater = false): string | undefined {
  if (verb === 'exec') return undefined;
  const own = verb === 'source' ? text : command[0] === 'eval' ? command.slice(1).join(' ') : '';
  const use = processIdentityUses(own)[0];
  if (use) return use.reason;
  const known = surveyOf(scripts);
  if (isLater && (known.readsClock ??= readsClockWhenSourced(textsOf(scripts)))) return 'begins later than the shell, which read the clock as it was sourced';
  if (!known.mentions) return undefined;
  if (known.trapReason) return known.trapReason;
  // Most examples of a shell call the same few functions.
  const asked = [...command, own].join('\0');
  let reason = known.reasons.get(asked);
  if (reason === undefined) {
    const need = needsFreshProcess([...command, ...mentionsOf(own), ...callsOf(own), ...known.trapped], known.functions);
    reason = need ? `${need.reason} (${need.function}, line ${need.line})` : '';
    if (known.reasons.size < MOST_REASONS) known.reasons.set(asked, reason);
  }
  return reason === '' ? undefined : reason;
}

/** Commands that a shell keeps the answer for. */
const MOST_REASONS = 1000;

/** What a shell's scripts define, and what their traps run. */
interface Survey {
  /** Whether any of them mentions process identity at all; in the common case nothing is parsed. */
  readonly mentions: boolean;
  readonly functions: readonly FunctionDefinition[];
  readonly trapped: readonly string[];
  readonly trapReason: string | undefined;
  /** Reasons already found, by command; empty for none. */
  readonly reasons: Map<string, string>;
  /** Whether the scripts read the clock while they are sourced, once somebody has asked. */
  readsClock?: boolean;
}

const surveys = new WeakMap<readonly Script[], Survey>();

function surveyOf(scripts: readonly Script[]): Survey {
  let survey = surveys.get(scripts);
  if (!survey) {
    survey = makeSurvey(textsOf(scripts));
    surveys.set(scripts, survey);
  }
  return survey;
}

function textsOf(scripts: readonly Script[]): string[] {
  return scripts.map(({ host }) => readFileSync(host, 'utf8'));
}

function makeSurvey(texts: readonly string[]): Survey {
  const mentions = texts.some(mentionsProcessIdentity);
  const traps = mentions ? texts.flatMap(trapsAtFileLevel) : [];
  return {
    mentions,
    functions: mentions ? texts.flatMap(functionsOf) : [],
    trapped: traps.flatMap((trap) => [...mentionsOf(trap)]),
    trapReason: traps.flatMap(processIdentityUses)[0]?.reason,
    reasons: new Map(),
  };
}

/** The strings that a script gives to `trap` outside its functions. */
function trapsAtFileLevel(text: string): string[] {
  const traps: string[] = [];
  walk(parseScript(text), (node) => {
    if (node.type === 'Function') return false;
    if (node.type === 'Command' && node.name?.value === 'trap') traps.push(scriptInString(node) ?? '');
    return undefined;
  });
  return traps;
}
