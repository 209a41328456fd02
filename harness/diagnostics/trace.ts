import stripAnsi from 'strip-ansi';
import { durationText } from '../clock/duration.js';
import type { Acted, RunRecord, Sleep, Step } from '../shell/run.js';
import type { Call } from '../stubs/call.js';
import { callWords } from './call-text.js';
import { commandText, shortened } from './command-text.js';
import { effects } from './effects.js';
import { fileAndLine } from './place.js';
import { scriptLines } from './script-text.js';
import { indented } from './where.js';

/** The environment variable that `shellrig test --trace` sets: every run then prints all that it executed. */
export const TRACE_VARIABLE = 'SHELLRIG_TRACE';

/** Columns of the place at most; longer ones push their line to the right. */
const WIDEST_PLACE = 70;
const WIDEST_CODE = 200;

/**
 * Everything that a run executed: each step with its place, the script's line, indented by the depth of the call
 * stack, and how it ended when not with 0; the recorded calls between the steps that made them; by a virtual clock what
 * slept, and when; both streams; the effects. Steps of other processes than the called shell carry that process's number, in order of appearance.
 */
export function traceText(record: RunRecord): string {
  const { context } = record;
  const sections = [
    `${commandText(context)} ended with exit code ${record.exitCode}${record.sleeps && record.duration > 0 ? ` after ${timeText(record.duration)}` : ''}`,
    indented(executed(record).join('\n') || '(no step was recorded)'),
    stream('stdout', record.stdout),
    stream('stderr', record.stderr),
    `effects:\n${indented(effects(record))}`,
  ];
  return sections.filter((section) => section !== undefined).join('\n\n');
}

/** Steps and calls in one order, a line each. */
function executed(record: RunRecord): string[] {
  const lines = sourceLines(record);
  const statuses = statusesOf(record);
  const base = baseDepths(record);
  const processes = [...new Set(record.steps.map(({ pid }) => pid))];
  const placeOf = (step: Step) => {
    const other = processes.indexOf(step.pid);
    return `${fileAndLine(step, record.context.hostPaths)} ${step.function}${other > 0 ? ` [${other + 1}]` : ''}`;
  };
  const width = record.steps.reduce((most, step) => Math.max(most, Math.min(placeOf(step).length, WIDEST_PLACE)), 0);
  let last: Step | undefined;
  let depth = 0;
  return inOrder(record).map((item) => {
    const below = `${' '.repeat(width)}  ${'  '.repeat(depth + 1)}`;
    if ('args' in item) return `${below}⇒ ${callWords(item)}${ending(item.exitCode)}`;
    if ('program' in item) return `${below}⧗ ${item.program} ${timeText(item.time)}   at ${timeText(item.start)}`;
    if ('time' in item) return `${' '.repeat(width)}  -- ${ACTED[item.what]} ${timeText(item.time)}`;
    const isSame = last?.pid === item.pid && last.file === item.file && last.line === item.line && last.depth === item.depth;
    last = item;
    depth = item.depth - (base.get(item.pid) ?? 0);
    const line = lines(item.file)?.[item.line - 1]?.trim() ?? '';
    // Commands of one line are steps of their own; bash tells no columns.
    const code = isSame ? '"' : shortened(line, WIDEST_CODE);
    const status = isDefinition(line, item.function) ? 0 : (statuses.get(item) ?? 0);
    return `${placeOf(item).padEnd(width)}  ${'  '.repeat(depth)}${code}${status === 0 ? '' : `   → ${status}`}`;
  });
}

/** Of what the outside did: for people. */
const ACTED = { acts: 'the actor acted here, at', holds: 'held here, at', frees: 'what was held goes on here, at' } as const;

/** What each process's depths are counted from: a subshell goes on where its parent is, a bash of its own begins anew. */
function baseDepths({ steps }: RunRecord): Map<number, number> {
  const least = new Map<number, number>();
  for (const { pid, depth } of steps) least.set(pid, Math.min(depth, least.get(pid) ?? Infinity));
  const main = steps[0] === undefined ? 0 : (least.get(steps[0].pid) ?? 0);
  return new Map([...least].map(([pid, depth]) => [pid, depth < main ? depth - 1 : main]));
}

/** A function that is entered is a step at its own definition, before its first command; it has no status. */
function isDefinition(line: string, name: string): boolean {
  return line.replace(/^function\s+/, '').startsWith(name) && /^[\s({]/.test(line.replace(/^function\s+/, '').slice(name.length));
}

/** Calls have the places in the order that steps leave free; sleeps and who acted stand between them. */
function inOrder({ steps, calls, sleeps = [], acted }: RunRecord): (Step | Call | Sleep | Acted)[] {
  const waiting = [...calls];
  const all: (Step | Call)[] = [];
  let next = 0;
  for (const step of steps) {
    all.push(...waiting.splice(0, step.order - next));
    all.push(step);
    next = step.order + 1;
  }
  const between = [...sleeps, ...acted].sort((one, other) => one.order - other.order);
  let told = 0;
  return [...all, ...waiting, undefined].flatMap((item, order) => {
    const from = told;
    while (told < between.length && between[told]!.order <= order) told += 1;
    return [...between.slice(from, told), ...(item ? [item] : [])];
  });
}

/**
 * How each step ended: the next step of its process at its depth, or above, tells. The last one of the called shell
 * ended as the run did.
 */
function statusesOf({ steps, exitCode }: RunRecord): Map<Step, number> {
  const statuses = new Map<Step, number>();
  const open = new Map<number, Step[]>();
  for (const step of steps) {
    const waiting = open.get(step.pid) ?? [];
    while (waiting.length > 0 && (waiting.at(-1)?.depth ?? 0) >= step.depth) statuses.set(waiting.pop() as Step, step.previousStatus);
    open.set(step.pid, [...waiting, step]);
  }
  const main = steps[0] && open.get(steps[0].pid);
  const last = main?.at(-1);
  if (last) statuses.set(last, exitCode);
  return statuses;
}

/** To the microsecond, which is more than anybody asks for. */
function timeText(milliseconds: number): string {
  return durationText(Math.round(milliseconds * 1000) / 1000);
}

function ending(exitCode: number | undefined): string {
  if (exitCode === undefined) return '   did not end';
  return exitCode === 0 ? '' : `   exit ${exitCode}`;
}

/** Each script is read once. */
function sourceLines({ context, after }: RunRecord): (path: string) => readonly string[] | undefined {
  const known = new Map<string, readonly string[] | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, scriptLines(path, context.hostPaths, after));
    return known.get(path);
  };
}

function stream(name: string, bytes: Uint8Array): string | undefined {
  const text = stripAnsi(Buffer.from(bytes).toString()).replace(/\n$/, '');
  return text === '' ? undefined : `${name}:\n${indented(text)}`;
}
