import { durationOf, durationText } from '../clock/duration.js';
import { realTime, realTimeWent, waitsForEver } from '../diagnostics/clock-messages.js';
import { scriptLines } from '../diagnostics/script-text.js';
import { leftPlaceholders } from '../diagnostics/placeholder-messages.js';
import { leftoverProcess, limitExceeded, shellError, undeclaredCommand, unknownFunction, type ShellComplaint } from '../diagnostics/strict-messages.js';
import { TRACE_VARIABLE, traceText } from '../diagnostics/trace.js';
import { GROUPS, USERS } from '../sandbox/baseline.js';
import type { Limits } from '../sandbox/limits.js';
import { owners } from '../sandbox/owners.js';
import { startedAt } from '../steps/started-at.js';
import type { Site } from '../stubs/call.js';
import type { SupervisorReport } from '../stubs/supervisor.js';
import type { FileSpecs } from '../tree/entry.js';
import { complaintsIn, isAllowed, unallowed } from './complaints.js';
import type { Allowances } from './options.js';
import { atScript } from './complaint-place.js';
import { currentDisturbance } from './disturbance.js';
import { notFound } from './not-found.js';
import type { ShellValue } from './protocol.js';
import { RunView } from './run-view.js';
import type { Run, RunContext, RunRecord } from './run.js';
import type { Prepared } from './session-pool.js';
import type { SessionResult } from './session-work.js';
import { isSpy, type StubSet } from './stub-set.js';
import { whyUndefined } from './undefined-function.js';
import { textsOf, variablesIn } from './variables.js';

/** What a run was asked to do, for its record and for messages. */
export interface Asked {
  readonly verb: RunContext['verb'];
  readonly command: readonly string[];
  readonly test: RunContext['test'];
  readonly prepared: Prepared;
  readonly given: StubSet;
  readonly files: FileSpecs;
  /** Variables that the givens declare, by name. */
  readonly variables: Readonly<Record<string, ShellValue>>;
  readonly allow: Allowances;
  readonly limits: Limits;
  /** Whether every program that is executed was to be recorded. */
  readonly executed: boolean;
  /** What supervisors told, by name. */
  readonly reports: ReadonlyMap<string, SupervisorReport>;
  /** Where the givens held placeholders, as a spec writes it. */
  readonly placeholders: readonly string[];
}

/**
 * Makes a run of what a session saw.
 * @throws StrictError for what a green test must not hide and nothing allowed; Error for what was given and cannot be had.
 */
export function judge(result: SessionResult, asked: Asked): Run {
  const context = contextOf(asked);
  const { recording } = result;
  if (recording.refused !== undefined) throw new Error(`given: ${recording.refused}`);
  const record = recordOf(result, asked, context);
  currentDisturbance()?.seen?.(record);
  if (process.env[TRACE_VARIABLE] && currentDisturbance()?.isTraced !== false) console.log(traceText(record));
  throwIfPlaceholders(result, asked, context);
  const undeclared = recording.undeclared.filter(({ name }) => !isAllowed(asked.allow.commands, name)).map((call) => notFound(call, context, result));
  const called = undeclared[0];
  if (asked.verb === 'call' && called && called.reason === undefined && called.name === asked.command[0] && called.stack.length === 0) {
    throw unknownFunction(context, called.name, asked.prepared.functions.sourced, [...context.stubNames, ...context.toolNames], whyUndefined(called.name, asked.prepared.scripts.map(({ host }) => host)));
  }
  // A loop that waits for a command which is not there never ends.
  if (undeclared.length > 0) throw undeclaredCommand(context, undeclared, [...context.stubNames, ...context.toolNames]);
  throwIfLimited(result, asked, context);
  const complaints = unallowed(allComplaints(result, asked, context), asked.allow);
  if (complaints.length > 0) throw shellError(context, complaints.map((complaint) => atScript(complaint, recording.steps, (site) => lineAt(site, context, result))));
  const waits = record.realWaits.filter(({ program }) => !isAllowed(asked.allow.realTime, program, (item) => program === item));
  if (waits.length > 0) throw realTime(context, waits);
  const unexpected = record.leftovers.filter(({ command }) => !isAllowed(asked.allow.leftovers, command, (item) => command.split(' ')[0] === item));
  if (unexpected.length > 0) throw leftoverProcess(context, unexpected);
  return new RunView(record, asked.verb === 'exec' ? undefined : result.variables);
}

/** Before all else: whatever came of a run may come of what was not filled in. */
function throwIfPlaceholders({ recording }: SessionResult, { prepared, given, placeholders }: Asked, context: RunContext): void {
  const calls = recording.calls.filter(({ name }) => (given.byName.get(name) ?? prepared.stubs.byName.get(name))?.parts.answer.mode === 'placeholder');
  const places = [...prepared.options.placeholders, ...placeholders];
  if (calls.length + places.length > 0) throw leftPlaceholders(context, { calls, given: places });
}

function recordOf(result: SessionResult, asked: Asked, context: RunContext): RunRecord {
  const { recording } = result;
  const textAt = (site: Site) => lineAt(site, context, result);
  return {
    context, changes: result.changes,
    leftovers: result.leftovers.map(({ pid, command }) => ({ pid, command, site: recording.stackOf(pid)[0] ?? startedAt(command, recording.steps, textAt) })),
    exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr, output: result.output,
    calls: recording.calls, before: result.before, after: result.after,
    events: asked.prepared.options.events?.read(result.after) ?? [],
    steps: recording.steps, lastStack: recording.lastStack, background: recording.background, began: result.began, duration: result.duration, lateness: result.lateness, witnessed: recording.witnessed, moments: recording.moments, jobs: recording.jobs, acted: recording.acted,
    processes: recording.processes, parents: recording.parents, waits: recording.waits, happened: recording.happened, changedAt: result.changedAt, executed: asked.executed ? recording.executed : undefined,
    reports: asked.reports,
    get variables() { return result.variables && asked.verb !== 'exec' ? variablesIn(result.variables) : []; },
    sleeps: asked.prepared.session.clock === undefined ? undefined : recording.sleeps, realWaits: recording.realWaits,
  };
}

function lineAt({ file, line }: Site, context: RunContext, result: SessionResult): string | undefined {
  return scriptLines(file, context.hostPaths, result.after)?.[line - 1];
}

function contextOf({ verb, command, test, prepared, given, files, variables }: Asked): RunContext {
  const how = owners();
  const from = Object.entries(files).flatMap(([path, spec]) => (typeof spec === 'object' && spec.spec === 'file' && spec.from ? [[path, spec.from] as const] : []));
  const stubs = new Map([...prepared.stubs.byName, ...given.byName]);
  return {
    verb, command, test,
    // Most runs add nothing: what all of a shell's runs have is not copied for each.
    hostPaths: from.length === 0 ? prepared.hostPaths : new Map([...prepared.hostPaths, ...from]),
    stubNames: new Set(stubs.keys()),
    spyNames: new Set([...stubs].flatMap(([name, stub]) => (isSpy(stub) || stub.parts.wrapper ? [name] : []))),
    toolNames: prepared.toolNames,
    ownersAreReal: how.kind === 'range',
    ownersAdvice: how.kind === 'range' ? '' : how.advice,
    users: USERS,
    groups: GROUPS,
    declared: Object.entries({ ...prepared.options.env, ...variables }).flatMap(([name, value]) => textsOf(value).map((text) => [name, text] as const)),
    declaresEvents: prepared.options.events !== undefined,
  };
}

function throwIfLimited(result: SessionResult, { limits, prepared }: Asked, context: RunContext): void {
  const stderr = result.stderr.toString();
  const fail = (limit: 'time' | 'virtual' | 'output' | 'memory' | 'processes', allowed: string, raise: string, why?: string): never => {
    throw limitExceeded(context, { limit, allowed, raise, ...(why === undefined ? {} : { why }), stack: result.recording.lastStack, stdout: result.stdout, stderr: result.stderr });
  };
  if (/: fork: (retry: )?Resource temporarily unavailable/.test(stderr)) fail('processes', `${limits.processes} processes`, `limits: { processes: ${limits.processes * 4} }`);
  if (/(xrealloc|xmalloc|malloc).*cannot allocate|Cannot allocate memory|memory exhausted/.test(stderr)) fail('memory', limits.memory, "limits: { memory: '4GB' }");
  if (result.exceeded === 'virtual') fail('virtual', limits.virtual, `limits: { virtual: '${more(limits.virtual, '1000h')}' }`);
  if (result.exceeded === 'ever') throw waitsForEver(context, result.recording.lastStack, result);
  if (result.exceeded === 'time' && prepared.session.clock !== undefined) fail('time', `${limits.time} of real time`, `limits: { time: '${more(limits.time, '60s')}' }`, realTimeWent(result.recording.realWaits, { came: result.duration, real: durationOf('limits', limits.time), sleeps: result.recording.sleeps.length }));
  if (result.exceeded === 'time') fail('time', limits.time, `limits: { time: '${more(limits.time, '60s')}' }`);
  if (result.exceeded === 'output') fail('output', limits.output, "limits: { output: '256MB' }");
}

/** A duration that is well over a limit, and no less than some other. */
function more(limit: string, least: string): string {
  const longer = 10 * durationOf('limits', limit);
  return longer > durationOf('limits', least) ? durationText(longer) : least;
}

/**
 * bash's complaints, wherever they went: to standard error, or, after `exec >log 2>&1` or a pipe into tee, to standard
 * output or a file that the run wrote. There only lines count that name a script of this run.
 */
function allComplaints(result: SessionResult, { reports }: Asked, context: RunContext): ShellComplaint[] {
  const elsewhere = [result.stdout];
  for (const { after } of result.changes.values()) if (after?.kind === 'file') elsewhere.push(after.content);
  return [
    ...[result.stderr.toString(), ...[...reports.values()].map(({ output }) => output)].flatMap((text) => complaintsIn(text, result.recording.steps)),
    ...elsewhere.filter((content) => content.includes(': line ')).flatMap((content) => complaintsIn(content.toString(), result.recording.steps)).filter(({ stack }) => context.hostPaths.has(stack[0]?.file ?? '')),
  ];
}
