import type { RunRecord } from '../shell/run.js';
import type { Call, Site } from '../stubs/call.js';
import { callList } from './call-text.js';
import { commandText, repeatText } from './command-text.js';
import { endedAt, subshellEndedAt } from './ended-at.js';
import { outputTail } from './output-tail.js';
import { asText } from '../tree/text-difference.js';
import { treeText } from './tree-text.js';
import { placeText } from './place.js';
import { indented, whereText } from './where.js';

/** Changes of the tree shown when the expectation was about something else. */
const MOST_CHANGES = 15;

/** What a matcher has to say about its failure; the rest of the report is the same for all. */
export interface Failure {
  /** One line: the expectation as written and how it failed. Summaries show this line alone. */
  readonly reason: string;
  /** What was expected and received, where a line does not hold it; each a block of lines. */
  readonly details?: readonly (string | undefined)[];
  /** A call whose making is the failure: its place is shown instead of the place where the run ended. */
  readonly offender?: Call | undefined;
  /** Another place that is the failure, and what to say before it. */
  readonly place?: { readonly label: string; readonly stack: readonly Site[] } | undefined;
  /** What the offender is called; default `the call`. */
  readonly offenderName?: string;
  /** True when the details hold all that is worth telling of the tree. */
  readonly tellsChanges?: boolean;
}

/**
 * The whole message of a failed expectation: the reason; the command and its exit code; where it ended, with
 * code and call stack; the last of stdout and stderr; the recorded calls; the changed tree; how to repeat it.
 */
export function report(record: RunRecord, failure: Failure): string {
  const { context } = record;
  const sections = [
    failure.reason,
    ...(failure.details ?? []).map((detail) => detail && indented(detail)),
    `${commandText(context)} ended with exit code ${record.exitCode}`,
    whereIt(record, failure),
    outputTail('stdout', record.stdout),
    outputTail('stderr', record.stderr),
    record.calls.length === 0 ? undefined : `calls:\n${callList(record.calls, context.hostPaths)}`,
    failure.tellsChanges === true ? undefined : changesText(record),
    context.test && `again, with all it executes:\n  ${repeatText(context.test)}`,
  ];
  return sections.filter((section) => section !== undefined && section !== '').join('\n\n');
}

function changesText({ changes, context }: RunRecord): string {
  if (changes.size === 0) return 'changes: none';
  return `changes:\n${indented(treeText(changes.values(), { names: context, attributes: 'unusual', most: MOST_CHANGES }))}`;
}

function whereIt(record: RunRecord, { offender, offenderName = 'the call', place }: Failure): string | undefined {
  const { label, stack } = place ?? (offender === undefined ? { label: 'it ended', stack: endedAt(record) } : { label: `${offenderName} was made`, stack: offender.stack });
  // Scripts that another script wrote exist in the sandbox only.
  const sources = (path: string): string | undefined => {
    const entry = record.after.get(path);
    return entry?.kind === 'file' ? asText(entry.content) : undefined;
  };
  const where = whereText(stack, record.context.hostPaths, (path) => (record.context.hostPaths.has(path) ? undefined : sources(path)));
  const subshell = offender === undefined && place === undefined ? subshellEndedAt(record) : undefined;
  return [where && `${label} ${where}`, subshell && `a subshell ended with that code at ${placeText(subshell, record.context.hostPaths)}`].filter(Boolean).join('\n\n');
}
