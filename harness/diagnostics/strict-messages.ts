import type { Leftover, RunRecord } from '../shell/run.js';
import type { Call, Site } from '../stubs/call.js';
import { commandText, quoted, repeatText, shellWords, type Asked } from './command-text.js';
import { endedAt } from './ended-at.js';
import { outputTail } from './output-tail.js';
import { withoutCarriageReturns } from './line-ends.js';
import { fileAndLine, placeText } from './place.js';
import { StrictError, type StrictCode } from './strict-error.js';
import { didYouMean } from './suggest.js';
import { indented, whereText } from './where.js';

/** Functions that a message lists; the rest is counted. */
const MOST_FUNCTIONS = 20;

/** One call of a command that the sandbox does not hold. */
export interface UndeclaredCall {
  /** As the script wrote it: a bare name or a path. */
  readonly name: string;
  /** Its arguments, when known. */
  readonly args?: readonly string[];
  /** Innermost first; empty when no bash process led to it. */
  readonly stack: readonly Site[];
  /** What ran it when that was not the script itself: `timeout`, `xargs`, `find -exec`. */
  readonly through?: string;
  /** Why it was not found although it is declared. */
  readonly reason?: string;
}

/**
 * A script called a command that is neither tool nor stub, or one that is and that it cannot find.
 * @param calls in order, at least one; the first is shown with its code, other names are listed.
 * @param declared names of stubs and tools, for "did you mean".
 */
export function undeclaredCommand(asked: Asked, calls: readonly UndeclaredCall[], declared: Iterable<string> = []): StrictError {
  const first = calls[0]!;
  const names = [...new Set(calls.map((call) => call.name))];
  const through = first.through === undefined ? '' : ` through ${first.through}`;
  return told('undeclared-command', [
    `The script called ${quoted(first.name)}${through}, which ${whyMissing(first, declared)}`,
    commandText(asked) + (first.args === undefined ? '' : `\n  ran: ${shellWords([first.name, ...first.args])}`),
    whereText(first.stack, asked.hostPaths),
    names.length === 1 ? undefined : ['Also called:', ...names.slice(1).map((name) => `  ${name.replace(/\r$/, '\\r')}${firstSite(calls, name, asked)}`)].join('\n'),
    missingRemedy(calls, names),
  ], names);
}

/** What a script calls whose lines end as on Windows. */
function isCrlf({ name }: UndeclaredCall): boolean {
  return name.endsWith('\r');
}

/** To be read after "the script called x, which". */
function whyMissing(call: UndeclaredCall, declared: Iterable<string>): string {
  if (isCrlf(call)) return 'ends in a carriage return: the line that names it ends as on Windows (CRLF).';
  if (call.reason !== undefined) return `is declared and was not found: ${call.reason}.`;
  return `is neither a tool nor a stub of this shell.${didYouMean(call.name, [...declared].filter((name) => name !== call.name))}`;
}

function missingRemedy(calls: readonly UndeclaredCall[], names: readonly string[]): string {
  if (isCrlf(calls[0]!)) return `Mend the script that the line is in:\n  ${withoutCarriageReturns('FILE')}`;
  const allow = `allow: { commands: [${names.map(quoted).join(', ')}] }`;
  const unknown = names.filter((name) => calls.some((call) => call.name === name && call.reason === undefined));
  if (unknown.length === 0) return `Mend the script. If it is to meet "command not found":\n  ${allow}`;
  return ['Declare what it is:',
    `  stubs: { ${unknown.map((name) => `${quoted(name)}: exits(0)`).join(', ')} }   a stand-in whose calls are recorded; real() runs the program itself`,
    `  tools: [${unknown.map(quoted).join(', ')}]   the program itself, its calls not recorded`,
    `  ${allow}   the script is to meet "command not found"`].join('\n');
}

/**
 * A spec called a name that the shell does not have.
 * @param functions names of the functions that the sourced scripts define.
 * @param declared names of stubs and tools.
 * @param reason why it is not there although a script defines it, as half a sentence.
 */
export function unknownFunction(asked: Asked, name: string, functions: Iterable<string>, declared: Iterable<string>, reason?: string): StrictError {
  const own = [...functions].filter((one) => one !== name).sort();
  const shown = own.slice(0, MOST_FUNCTIONS).join(', ') + (own.length > MOST_FUNCTIONS ? ` … and ${own.length - MOST_FUNCTIONS} more` : '');
  return told('undeclared-command', [
    `There is no function ${quoted(name)} in this shell, and no command of that name${reason === undefined ? `.${didYouMean(name, own) || didYouMean(name, declared)}` : `: ${reason}.`}`,
    commandText(asked),
    own.length > 0 ? `The sourced scripts define: ${shown}` : reason === undefined ? 'No script is sourced: name it in defineShell({ source: [...] }).' : undefined,
  ], [name]);
}

/** Processes were still alive when the time for background work was over; they were ended. */
export function leftoverProcess(asked: Asked, leftovers: readonly Leftover[]): StrictError {
  const count = leftovers.length === 1 ? 'a process' : `${leftovers.length} processes`;
  const first = leftovers.find((leftover) => leftover.site !== undefined)?.site;
  const lines = leftovers.map((leftover) => {
    const place = leftover.site === undefined ? '' : `   started at ${placeText(leftover.site, asked.hostPaths)}`;
    return `  ${leftover.command}${place}`;
  });
  const words = [...new Set(leftovers.map((leftover) => leftover.command.split(' ')[0]!))];
  return told('leftover-process', [
    `The script left ${count} running. ${leftovers.length === 1 ? 'It was' : 'They were'} ended.`,
    commandText(asked),
    ['Still running:', ...lines].join('\n'),
    first && whereText([first], asked.hostPaths),
    ['If the script should have waited for it or ended it, mend the script. If it is meant to live on:', `  allow: { leftovers: [${words.map(quoted).join(', ')}] }`].join('\n'),
  ], leftovers.map(({ command }) => command));
}

/** One complaint of bash itself. */
export interface ShellComplaint {
  /** bash's words without its "file: line N:" prefix: `X: unbound variable`. */
  readonly text: string;
  /** Innermost first; of an EXIT trap, where it was set. */
  readonly stack: readonly Site[];
  /** Whether it came in the text of an EXIT trap. */
  readonly inExitTrap?: boolean;
}

/** bash itself reported errors: unbound variable, command not found, syntax, integer expected. */
export function shellError(asked: Asked, complaints: readonly ShellComplaint[]): StrictError {
  const first = complaints[0]!;
  const others = complaints.slice(1).map((complaint) => {
    const site = complaint.stack[0];
    return `  ${complaint.text}${site === undefined ? '' : `   at ${placeText(site, asked.hostPaths)}`}`;
  });
  const where = whereText(first.stack, asked.hostPaths);
  return told('shell-error', [
    `bash reported an error in ${first.inExitTrap === true ? "the script's EXIT trap" : 'the script'}: ${first.text}`,
    commandText(asked),
    where && (first.inExitTrap === true ? `The trap was set ${where}` : where),
    others.length === 0 ? undefined : ['Also reported:', ...others].join('\n'),
    ['Mend the script. If the example is about this very error:', `  allow: { shellErrors: [${quoted(first.text)}] }`].join('\n'),
  ], complaints.map(({ text }) => text));
}

/** A limit that a run can exceed. A full disk is not among them: the script itself meets "No space left on device". */
export interface LimitExceeded {
  readonly limit: 'time' | 'virtual' | 'output' | 'memory' | 'processes';
  /** What was allowed, with its unit: `10 s`, `16 MB`, `512 processes`. */
  readonly allowed: string;
  /** What the spec writes to allow more: `limits: { time: '60s' }`. */
  readonly raise: string;
  /** Where the script was, innermost first. */
  readonly stack: readonly Site[];
  readonly stdout?: Uint8Array;
  readonly stderr?: Uint8Array;
  /** What more is known of why. */
  readonly why?: string;
}

/** A run exceeded a limit and was ended. The code is `limit-` and the limit's name. */
export function limitExceeded(asked: Asked, exceeded: LimitExceeded): StrictError {
  const what = {
    time: `did not end within ${exceeded.allowed}`,
    virtual: `had not ended when ${exceeded.allowed} had gone by on its virtual clock`,
    output: `wrote more than ${exceeded.allowed} of output`,
    memory: `needed more than ${exceeded.allowed} of memory`,
    processes: `started more than ${exceeded.allowed}`,
  }[exceeded.limit];
  const where = whereText(exceeded.stack, asked.hostPaths);
  return told(`limit-${exceeded.limit}`, [
    `The script ${what} and was ended.`,
    commandText(asked),
    where && `It was ${where}`,
    exceeded.why,
    exceeded.stdout && outputTail('stdout', exceeded.stdout),
    exceeded.stderr && outputTail('stderr', exceeded.stderr),
    `If it may need that much:\n  ${exceeded.raise}`,
  ]);
}

/**
 * A spec asked for the calls of a name that records none.
 * @param kind what the name is instead; or the file that a script met by it, where a stub was declared.
 * @param stubNames the names that do record, for "did you mean".
 */
export function notRecorded(name: string, kind: 'tool' | 'undeclared' | { readonly metInstead: string }, stubNames: ReadonlySet<string>): StrictError {
  if (typeof kind === 'object') {
    return told('not-recorded', [
      `${quoted(name)} is a stub, but a script that calls it met ${kind.metInstead} instead: its calls were not recorded.`,
      `Stand in for that file too, or take it away:\n  stubs: { ${quoted(kind.metInstead)}: … }`,
    ]);
  }
  const declared = [...stubNames].sort();
  const reason = kind === 'tool'
    ? `${quoted(name)} is a tool: its calls are not recorded.`
    : `${quoted(name)} is not declared in this shell: its calls are not recorded.`;
  return told('not-recorded', [
    reason + didYouMean(name, stubNames),
    `Declare it as a spy, which records calls and lets the real one do the work:\n  stubs: { ${quoted(name)}: real() }   or, for a shell function: spy()`,
    declared.length === 0 ? 'Nothing is declared as stub or spy.' : `Recorded are: ${declared.join(', ')}`,
  ]);
}

/** A test ended and no expectation had looked at a run's non-zero exit code. */
export function unlookedExitCode(record: RunRecord): StrictError {
  const { context } = record;
  return told('unlooked-exit-code', [
    `A run ended with exit code ${record.exitCode}, and no expectation looked at it.`,
    commandText(context),
    whereText(endedAt(record), context.hostPaths),
    outputTail('stderr', record.stderr) ?? outputTail('stdout', record.stdout),
    `Say what was meant:\n  expect(run).toSucceed()\n  expect(run).toExit(${record.exitCode})`,
    context.test && `Again, with all it executes:\n  ${repeatText(context.test)}`,
  ]);
}

/** A test ended while a call, exec or source that it started had not been awaited. */
export function neverAwaited(asked: Asked): StrictError {
  return told('never-awaited', [
    `A run was started and never awaited, so the test could not see its result.`,
    commandText(asked),
    `Write \`await\` before it:\n  const run = await shell${commandText(asked)}`,
  ]);
}

/**
 * Stubs declared by the example's own given() that nothing called.
 * @param called names of the stubs that were called.
 */
export function unusedStub(asked: Asked, names: readonly string[], called: readonly string[]): StrictError {
  const declared = names.map((name) => `${quoted(name)}: …`).join(', ');
  return told('unused-stub', [
    `given({ stubs: { ${declared} } }) declares ${names.length === 1 ? 'a stub that the script never called' : 'stubs that the script never called'}.`,
    commandText(asked),
    called.length === 0 ? 'No stub was called at all.' : `Called were: ${[...new Set(called)].sort().join(', ')}`,
    'If the script should have come that far, this is the defect. Otherwise remove the declaration, or move it to defineShell(), where a stub may stay unused.',
  ]);
}

/** A stub that answers by arguments was called with some that no `when` fits. */
export function unansweredCall(call: Pick<Call, 'name' | 'args' | 'site'>): StrictError {
  return told('unanswered-call', [
    `The stub of ${quoted(call.name)} has no answer for this call.`,
    `ran: ${shellWords([call.name, ...call.args])}${call.site === undefined ? '' : `\n  in function ${call.site.function}, line ${call.site.line}`}`,
    'Add a when([...]) that fits it, or say what all other calls are answered: .otherwise(exits(0))',
  ]);
}

/** What happened when scripts were sourced at the start of a session. */
export interface SourceFailure {
  readonly exitCode: number;
  /** Where sourcing stopped, innermost first. */
  readonly stack: readonly Site[];
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Whether bash could not read a script; default false. */
  readonly isSyntax?: boolean;
  /** bash's own words on standard error: `X: unbound variable`; none by default. */
  readonly complaints?: readonly string[];
}

/** Sourcing a script ended the shell or could not be done, so no example can run. */
export function sourceFailed(asked: Asked, failure: SourceFailure): StrictError {
  const isSyntax = failure.isSyntax === true;
  return told('source-failed', [
    isSyntax ? 'bash cannot read a script: it has a syntax error.' : `Sourcing ended the shell with exit code ${failure.exitCode}, before any example could run.`,
    commandText(asked),
    whereText(failure.stack, asked.hostPaths),
    outputTail('stdout', failure.stdout),
    outputTail('stderr', failure.stderr),
    isSyntax ? undefined : 'A script that is meant to be run and not sourced: use .exec(). One that needs files, variables or stubs while it is sourced: give them to defineShell().',
  ], failure.complaints);
}

/** How a sandbox came to its end while it was still needed. */
export interface SandboxLoss {
  /** Exit code or signal of the sandbox's process: `exit code 1`, `signal SIGKILL`. */
  readonly ended: string;
  /** What was being done, when anything was. */
  readonly asked?: Asked;
  /** What bubblewrap and the server in it said. */
  readonly stderr?: Uint8Array;
}

/** The sandbox ended by itself while a run, or the start of a session, needed it. */
export function sandboxLost(loss: SandboxLoss): StrictError {
  return told('sandbox-lost', [
    `The sandbox ended by itself (${loss.ended}) while ${loss.asked === undefined ? 'it was being started' : 'a run needed it'}.`,
    loss.asked && commandText(loss.asked),
    loss.stderr && outputTail('It said', loss.stderr),
    'If the script kills every process it can, expect this error; the next example has a new sandbox. If it happens at every start:\n  npx shellrig doctor',
  ]);
}

/** What a script did is not known, since something in the sandbox wrote into the record of it. */
export function recordDamaged(asked: Asked): StrictError {
  return told('record-damaged', [
    'The record of what the script did was written into by something else, so neither its calls nor their order are known.',
    commandText(asked),
    'Two things do that: a function named `builtin`, which stands in for what records (give it another name), and a script that writes below /run/shellrig.',
  ]);
}

/** A StrictError: its reason, and paragraphs that are indented below it. */
export function told(code: StrictCode, paragraphs: readonly (string | undefined)[], subjects: readonly string[] = []): StrictError {
  const [reason, ...rest] = paragraphs.filter((paragraph) => paragraph !== undefined);
  return new StrictError(code, [reason, ...rest.map(indented)].join('\n\n'), subjects);
}

function firstSite(calls: readonly UndeclaredCall[], name: string, asked: Asked): string {
  const site = calls.find((call) => call.name === name)?.stack[0];
  return site === undefined ? '' : `   at ${fileAndLine(site, asked.hostPaths)}`;
}
