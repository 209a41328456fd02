import { directory, fileFrom, type FileSpecs } from '../tree/entry.js';
import { StrictError } from '../diagnostics/strict-error.js';
import { defineShell, type ShellCalls } from '../shell/define-shell.js';
import type { Run } from '../shell/run.js';
import { hostFacts, type Fact } from './host-facts.js';
import { isExecutable } from './host-files.js';
import { hostSources, type HostSources } from './host-sources.js';
import { DEFAULT_START } from '../clock/clock.js';
import { returns } from '../stubs/stub.js';
import { Needs } from './needs.js';

export { MissingArgument } from './needs.js';

/** What is to be run once, and with what. Paths on the host are absolute. */
export interface Question {
  readonly script: string;
  /** The function to call; undefined where the script runs as a whole. */
  readonly function: string | undefined;
  readonly args: readonly string[];
  /** Scripts that are sourced first. */
  readonly before: readonly string[];
  /** Files that are there: path in the sandbox to path on the host; to nothing for an empty directory. */
  readonly files: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  /** A file on the host that is standard input. */
  readonly stdin: Buffer | undefined;
  /** How long a run may take, as in `limits`; undefined for what every run may. */
  readonly time: string | undefined;
  /** What commands answer, by name, as far as it is known. */
  readonly answers: Readonly<Record<string, KnownAnswer>>;
}

/** What a command is known to answer. */
export interface KnownAnswer {
  readonly stdout: string;
  readonly exitCode: number;
}

/** What running it has told. */
export interface Learned {
  readonly question: Question;
  readonly needs: Needs;
  readonly run: Run;
  /** The same once more: what differs is of no run in particular. */
  readonly again: Run;
  /** One in which nothing was called, for what was there before; only where a function was called. */
  readonly idle: Run | undefined;
  /** Where it read of the machine and the moment, and what of them may stand in its results. */
  readonly host: HostSources;
  readonly facts: readonly Fact[];
}

/** No function and no command has the name that was to be called. */
export class UnknownFunction extends Error {}

/** Every round learns of something new; more than these would be a script that makes its names up. */
const MOST_ROUNDS = 60;

/** So much later by its clock is the second run, so that no second and no minute of the two are alike; seconds. */
const LATER = 187;

/**
 * Runs a function, or a script, again and again in sandboxes, each time with what the run before needed and did not
 * have, until nothing is missing; then once more.
 * @throws UnknownFunction where there is none of the name.
 * @throws StrictError for what cannot be given to it: a limit that it exceeds, an error of syntax.
 * @throws Error for a script or a file that does not exist.
 */
export async function learn(question: Question): Promise<Learned> {
  const needs = new Needs(question.function !== undefined);
  for (let round = 1; ; round += 1) {
    try {
      const { calls, start } = shellFor(question, needs, 0);
      const run = await start(calls);
      // Whoever runs it in a test is not to be told of its exit code, which the spec tells.
      run.looked.add('exitCode');
      if (needs.addUnset(run.stderr)) continue;
      // In a sandbox of its own and not as the first there, so that no process has the number that it had before.
      const other = shellFor(question, needs, LATER);
      const idle = await other.calls.call('true');
      const again = await other.start(other.calls);
      again.looked.add('exitCode');
      const host = hostSources(question, run.record);
      return { question, needs, run, again, host, facts: hostFacts(host), idle: question.function === undefined ? undefined : idle };
    } catch (error) {
      if (isUnknownFunction(error, question)) throw new UnknownFunction(error.message, { cause: error });
      if (!(error instanceof StrictError) || round >= MOST_ROUNDS || !needs.add(error)) throw error;
    }
  }
}

function isUnknownFunction(error: unknown, { function: name }: Question): error is StrictError {
  return error instanceof StrictError && error.code === 'undeclared-command' && name !== undefined && error.subjects.includes(name);
}

/** @param later seconds of the clock's start after that which every shell has. */
function shellFor(question: Question, needs: Needs, later: number): { calls: ShellCalls; start: (calls: ShellCalls) => Promise<Run> } {
  const { script, function: name, args, stdin } = question;
  const shell = defineShell({
    clock: { start: `${new Date((DEFAULT_START + later) * 1000).toISOString().slice(0, 19)}Z` },
    source: name === undefined ? [] : [...question.before, script],
    files: givenFiles(question),
    env: { ...needs.assumed(needs.environment), ...question.env },
    stubs: { ...needs.silentStubs(), ...Object.fromEntries(Object.entries(question.answers).map(([command, { stdout, exitCode }]) => [command, returns(stdout).exits(exitCode)])) },
    tools: [...needs.tools],
    allow: needs.allow(),
    ...(question.time === undefined ? {} : { limits: { time: question.time } }),
  });
  const vars = { ...needs.assumed(needs.variables), ...question.vars };
  const calls = shell.given({ vars, ...(stdin === undefined ? {} : { stdin }) });
  return { calls, start: (calls) => (name === undefined ? calls.exec(script, ...args) : calls.call(name, ...args)) };
}

function givenFiles({ files }: Question): FileSpecs {
  return Object.fromEntries(Object.entries(files).map(([path, host]) => [path, host === undefined ? directory() : fileFrom(host, isExecutable(host) ? { mode: 0o755 } : {})]));
}
