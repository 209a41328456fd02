import stripAnsi from 'strip-ansi';
import type { RunRecord } from '../shell/run.js';
import type { Unasserted } from '../shell/unasserted.js';
import type { Call } from '../stubs/call.js';
import { callText } from './call-text.js';
import { shortened } from './command-text.js';
import { printed } from './printed.js';
import { treeText } from './tree-text.js';
import { indented } from './where.js';

/** Lines of one kind that are told; the rest is counted. */
const MOST_LINES = 12;
const WIDEST = 200;

/** Effects that no expectation covered, a block a kind: calls with their places, changes, events, what was printed. */
export function unassertedText({ calls, changes, events, stderr, stdout }: Unasserted, record: RunRecord): string {
  const sections = [
    section('calls', callLines(calls, record)),
    section('changes', changes.length === 0 ? [] : [treeText(changes, { names: record.context, attributes: 'unusual', most: MOST_LINES })]),
    section('events', events.map(({ value }) => shortened(printed(value), WIDEST))),
    section('stderr', stderr.map(({ number, text }) => `line ${number}: ${shortened(text, WIDEST)}`)),
    section('stdout, and the run did nothing else', stdout ? stripAnsi(record.stdout.toString()).trimEnd().split('\n').map((line) => shortened(line, WIDEST)) : []),
  ];
  return sections.filter((text) => text !== undefined).join('\n');
}

/** Calls that look the same are told once. */
function callLines(calls: readonly Call[], { context }: RunRecord): string[] {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const text = callText(call, context.hostPaths);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => (count === 1 ? text : `${text}   ${count} times`));
}

function section(title: string, lines: readonly string[]): string | undefined {
  if (lines.length === 0) return undefined;
  const more = lines.length > MOST_LINES ? [`… ${lines.length - MOST_LINES} more`] : [];
  return `${title}\n${indented([...lines.slice(0, MOST_LINES), ...more].join('\n'))}`;
}
