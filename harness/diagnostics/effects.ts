import stripAnsi from 'strip-ansi';
import { durationText } from '../clock/duration.js';
import type { RunRecord } from '../shell/run.js';
import { byProcess } from '../steps/by-process.js';
import type { Call } from '../stubs/call.js';
import { callWords } from './call-text.js';
import { fileAndLine } from './place.js';
import { stableText } from './stable-text.js';
import { treeText } from './tree-text.js';
import { indented } from './where.js';

/** How effects are told. */
export interface EffectsOptions {
  /** Adds file:line to calls; default false, so that an edit above a call leaves a snapshot alone. */
  readonly at?: boolean;
}

/**
 * What a run did, as text for people and inline snapshots: exit code, calls, changes of the tree, sleeps by a virtual clock, events, and
 * how much was printed (what was printed is for `toPrint`). No durations, no process ids; random names and the
 * time of day have one spelling. The files of events are told as events, not as changes; so are the contents
 * of created files left to `toHaveFile` and `toHaveChangedOnly`. The calls of processes that ran beside each other are
 * told one process after the other.
 */
export function effects(record: RunRecord, options: EffectsOptions = {}): string {
  const eventFiles = new Set(record.events.map((event) => event.path));
  const changes = [...record.changes.values()].filter((change) => !eventFiles.has(change.path));
  const sections = [
    `exit ${record.exitCode}`,
    section('calls', byProcess(record.calls).map((call) => effectOfCall(call, record, options))),
    section('changes', changes.length === 0 ? [] : [treeText(changes, { names: record.context, attributes: 'always' })]),
    section('sleeps', counted((record.sleeps ?? []).map((sleep) => `${sleep.site ? `${sleep.site.function} › ` : ''}${sleep.program} ${durationText(sleep.time)}`))),
    section('events', record.events.map((event) => JSON.stringify(event.value) ?? String(event.value))),
    section('prints', [printedAmount('stdout', record.stdout), printedAmount('stderr', record.stderr)].filter((line) => line !== undefined)),
  ];
  return stableText(sections.filter((text) => text !== undefined).join('\n'));
}

/** `installPkg › dpkg-deb -x /opt/a.deb /tmp/x`: who called, what, and how it ended when not with 0. */
function effectOfCall(call: Call, record: RunRecord, options: EffectsOptions): string {
  const site = call.site;
  const place = site === undefined || options.at !== true ? '' : ` (${fileAndLine(site, record.context.hostPaths)})`;
  const caller = site === undefined ? '' : `${site.function}${place} › `;
  const ending = call.exitCode === undefined ? ' → did not end' : call.exitCode === 0 ? '' : ` → exit ${call.exitCode}`;
  return `${caller}${callWords(call)}${ending}`;
}

function printedAmount(stream: string, bytes: Uint8Array): string | undefined {
  const text = stripAnsi(Buffer.from(bytes).toString('utf8'));
  if (text === '') return undefined;
  const lines = text.replace(/\n$/, '').split('\n').length;
  return `${stream} ${lines} ${lines === 1 ? 'line' : 'lines'}`;
}

/** Lines that repeat one another as one. */
function counted(lines: readonly string[]): string[] {
  const runs: { line: string; count: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.line === line) last.count += 1;
    else runs.push({ line, count: 1 });
  }
  return runs.map(({ line, count }) => (count === 1 ? line : `${line} × ${count}`));
}

function section(title: string, lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : `${title}\n${indented(lines.join('\n'))}`;
}
