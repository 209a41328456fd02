import stripAnsi from 'strip-ansi';
import picomatch from 'picomatch';
import { fits, type ArgumentPattern } from '../stubs/arguments.js';
import type { Call } from '../stubs/call.js';
import { comparePaths, isPlainDirectory, parentsOf } from '../tree/compare.js';
import type { Change } from '../tree/entry.js';
import type { EmittedEvent, Run } from './run.js';
import { unusualAttributes, type Attribute } from './unusual-attributes.js';

/** Effects that need no expectation, by kind; for each kind `true` is all of them. */
export interface UnassertedAllowance {
  /** Calls by name, or by name and arguments as `when` takes them: `['uname', ['systemctl', 'is-active', rest]]`. */
  readonly calls?: readonly (string | readonly [name: string, ...ArgumentPattern[]])[] | true;
  /** Changes by absolute globs, an event by that of its file: `['/var/log/**']`. A name that begins with a dot matches too. */
  readonly changes?: readonly string[] | true;
  /** Lines of standard error that contain a text or match a pattern. */
  readonly stderr?: readonly (string | RegExp)[] | true;
  /** Standard output. */
  readonly stdout?: true;
}

/** A line of standard error. */
export interface StderrLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** A change that is not covered, or all of it but some of what it has beside its content. */
export type OpenChange = Change & { readonly unsaid?: readonly Attribute[] };

/** The effects of a run that no expectation covered. */
export interface Unasserted {
  readonly calls: readonly Call[];
  /** Without the files of events. */
  readonly changes: readonly OpenChange[];
  readonly events: readonly EmittedEvent[];
  readonly stderr: readonly StderrLine[];
  /** Whether standard output is one of them. */
  readonly stdout: boolean;
}

/**
 * The effects of a run that nothing looked at and nothing allows; undefined when there are none.
 *
 * - A call counts where a stub stood in: it is all that is left of what the script asked for. What a spy let the real
 *   one do shows in the tree, in what was printed and in further calls; so does what a stub evaluated.
 * - A change counts by its path. An expectation that names neither mode nor owner covers them where they are usual: see
 *   {@link unusualAttributes}. Not told are directories that were made on the
 *   way to another change, as root's `mkdir -p` makes them, and what lay in a directory whose removal was looked at.
 * - An event and its file are one.
 * - Standard error counts by the line, but for blank ones.
 * - Standard output counts where the run succeeded and did nothing else: then it is the result.
 */
export function unassertedEffects(run: Pick<Run, 'record' | 'looked'>, allowance: UnassertedAllowance | true | undefined): Unasserted | undefined {
  if (allowance === true) return undefined;
  const { record } = run;
  const calls = record.calls.filter((call) => !record.context.spyNames.has(call.name) && !allowsCall(allowance?.calls, call));
  const lines = linesOf(record.stderr);
  const isResult = record.stdout.length > 0 && record.exitCode === 0 && calls.length + record.changes.size + lines.length === 0;
  const unasserted: Unasserted = {
    calls: calls.filter((call) => !run.looked.has(call)),
    ...uncovered(run, allowance?.changes),
    stderr: run.looked.has('stderr') ? [] : lines.filter((line) => !run.looked.has(`stderr line ${line.number}`) && !allowsLine(allowance?.stderr, line)),
    stdout: isResult && !run.looked.has('stdout') && allowance?.stdout !== true,
  };
  const { changes, events, stderr, stdout } = unasserted;
  return unasserted.calls.length + changes.length + events.length + stderr.length > 0 || stdout ? unasserted : undefined;
}

function uncovered({ record, looked }: Pick<Run, 'record' | 'looked'>, allowed: UnassertedAllowance['changes']): Pick<Unasserted, 'changes' | 'events'> {
  const isAllowed = allowed === true ? () => true : picomatch([...allowed ?? []], { dot: true });
  const events = new Map(record.events.map((event) => [event.path, event]));
  const covers = (change: Change) => {
    const event = events.get(change.path);
    return looked.has(change) || looked.has(`content ${change.path}`) || (event !== undefined && looked.has(event)) || isAllowed(change.path);
  };
  // Covered but for mode or owner, and told as a change of these alone.
  const unsaidOf = (change: Change): OpenChange[] => {
    if (looked.has(change) || !looked.has(`content ${change.path}`) || isAllowed(change.path)) return [];
    const unsaid = unusualAttributes(change, record).filter((attribute) => !looked.has(`${attribute} ${change.path}`));
    return unsaid.length === 0 ? [] : [{ ...change, before: withContentOf(change), unsaid }];
  };
  const onTheWay = new Set([...record.changes.values()].filter(({ kind }) => kind !== 'removed').flatMap(({ path }) => parentsOf(path)));
  const isBelowCovered = (change: Change) => parentsOf(change.path).some((parent) => {
    const above = record.changes.get(parent);
    return above?.kind === 'removed' && covers(above);
  });
  const open = [...record.changes.values()].filter((change) => !covers(change) && !isBelowCovered(change) && !(isPlainDirectory(change) && onTheWay.has(change.path)));
  const unsaid = [...record.changes.values()].flatMap((change) => unsaidOf(change));
  const changes = [...open.filter(({ path }) => !events.has(path)), ...unsaid].sort((one, other) => comparePaths(one.path, other.path));
  return { changes, events: open.flatMap(({ path }) => events.get(path) ?? []) };
}

function withContentOf({ before, after }: Change): Change['before'] {
  if (!before || !after || before.kind !== after.kind) return before;
  return { ...after, mode: before.mode, owner: before.owner };
}

function allowsCall(allowed: UnassertedAllowance['calls'], call: Call): boolean {
  if (allowed === true) return true;
  return (allowed ?? []).some((one) => {
    if (typeof one === 'string') return one === call.name;
    const [name, ...args] = one;
    return name === call.name && fits(args, call.args);
  });
}

function allowsLine(allowed: UnassertedAllowance['stderr'], { text }: StderrLine): boolean {
  return allowed === true || (allowed ?? []).some((one) => (typeof one === 'string' ? text.includes(one) : new RegExp(one.source, one.flags.replace(/[gy]/g, '')).test(text)));
}

function linesOf(stderr: Buffer): StderrLine[] {
  if (stderr.length === 0) return [];
  return stripAnsi(stderr.toString()).split('\n').map((text, index) => ({ number: index + 1, text })).filter(({ text }) => text.trim() !== '');
}
