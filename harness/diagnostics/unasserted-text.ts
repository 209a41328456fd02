import stripAnsi from 'strip-ansi';
import type { RunRecord } from '../shell/run.js';
import type { OpenChange, Unasserted } from '../shell/unasserted.js';
import type { Call } from '../stubs/call.js';
import { callText } from './call-text.js';
import { commandText, quoted, repeatText, shortened } from './command-text.js';
import { printed } from './printed.js';
import type { StrictError } from './strict-error.js';
import { told } from './strict-messages.js';
import { treeText } from './tree-text.js';
import { indented, whereText } from './where.js';

/** Lines of one kind that are told; the rest is counted. */
const MOST_LINES = 12;
const WIDEST = 200;
const LONGEST_EVENT = 400;
/** What a hint quotes of a line is enough to find the line by. */
const LONGEST_HINT = 60;

/** A test ended and no expectation had covered what a run did, where that is asked for. */
export function unassertedEffects(record: RunRecord, unasserted: Unasserted): StrictError {
  const { context } = record;
  const { calls, changes, events, stderr, stdout } = unasserted;
  const count = calls.length + changes.length + events.length + stderr.length + Number(stdout);
  const [call, change, line] = [calls[0], changes[0], stderr[0]];
  const ways = [
    call && `expect(run).toHaveCalled(${[call.name, ...call.args].map((word) => quoted(shortened(word, LONGEST_HINT))).join(', ')})`,
    change && `expect(run).toHaveChangedOnly({ ${quoted(change.path)}: ${hintOf(change)}${changes.length > 1 ? ', …' : ''} })`,
    events.length > 0 ? 'expect(run).toEmit({ … })' : undefined,
    line && `expect(run).toPrint(${quoted(line.text.slice(0, LONGEST_HINT))}, { on: 'stderr' })`,
    stdout ? 'expect(run.stdout).toBe(…)' : undefined,
  ].filter((way) => way !== undefined);
  const needless = [
    call && `calls: [${quoted(call.name)}]`,
    change ?? events[0] ? `changes: [${quoted((change ?? events[0])!.path)}]` : undefined,
    line && `stderr: [${quoted(line.text.slice(0, LONGEST_HINT))}]`,
    stdout ? 'stdout: true' : undefined,
  ].filter((text) => text !== undefined);
  return told('unasserted-effects', [
    `A run did ${count === 1 ? 'something that no expectation covers' : `${count} things that no expectation covers`}.`,
    commandText(context),
    unassertedText(unasserted, record),
    call && whereText(call.stack, context.hostPaths),
    ['Say what was meant:', ...ways.map((way) => `  ${way}`)].join('\n'),
    `Or that it does not matter, in given() or defineShell():\n  allow: { unasserted: { ${needless.join(', ')} } }`,
    context.test && `Again, with all it executes:\n  ${repeatText(context.test)}`,
  ]);
}

function hintOf({ kind, after, unsaid }: OpenChange): string {
  if (kind === 'removed') return 'removed';
  if (!unsaid || !after) return '…';
  const attributes = unsaid.map((name) => (name === 'mode' ? `mode: 0o${after.mode.toString(8)}` : "owner: '…'")).join(', ');
  return after.kind === 'directory' ? `directory({ ${attributes} })` : `file(…, { ${attributes} })`;
}

/** Effects that no expectation covered, a block a kind: calls with their places, changes, events, what was printed. */
export function unassertedText({ calls, changes, events, stderr, stdout }: Unasserted, record: RunRecord): string {
  const sections = [
    section('calls', callLines(calls, record)),
    section('changes', changes.length === 0 ? [] : [treeText(changes, { names: record.context, attributes: 'unusual', most: MOST_LINES })]),
    section('events', events.map(({ value }) => shortened(printed(value), LONGEST_EVENT))),
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
