import type { IFs } from 'memfs';
import type { Happened } from '../steps/happened.js';
import type { Moment } from '../steps/moments.js';
import type { SupervisorReport } from '../stubs/supervisor.js';
import type { Call, Site } from '../stubs/call.js';
import type { Timeline } from '../timeline/timeline.js';
import type { Change, FileEntry, Tree } from '../tree/entry.js';
import type { Attribute } from './unusual-attributes.js';

/** One command that a script executed. */
export interface Step extends Site {
  /** Process id inside the sandbox. */
  readonly pid: number;
  /** Depth of the call stack, 0 at the script's top level. */
  readonly depth: number;
  /** Exit status of the command that the same process executed just before this one. */
  readonly previousStatus: number;
  /** Position in the run's log, from 0, in one order with calls. */
  readonly order: number;
}

/** An event that the scripts emitted for others to read. */
export interface EmittedEvent {
  /** The file that held it. */
  readonly path: string;
  /** What the shell's `events` parser made of the file. */
  readonly value: unknown;
}

/** A process that was still alive when the run's time for background work was over. */
export interface Leftover {
  readonly pid: number;
  /** Its command line, words joined by blanks. */
  readonly command: string;
  readonly site: Site | undefined;
}

/** A background job that ended by itself: a function, a subshell or a stub. Of other programs the exit code is not known. */
export interface BackgroundExit {
  readonly pid: number;
  readonly exitCode: number;
  /** Where it was started. */
  readonly site: Site | undefined;
  /** Milliseconds since the run started. */
  readonly end: number;
  /** Whether the called shell had ended before it. */
  readonly late: boolean;
}

/** Where in a run somebody outside acted: its actor, or the sweep itself, that held a process at its moment and let it go on. */
export interface Acted {
  readonly what: 'acts' | 'holds' | 'frees';
  /** Milliseconds since the run started. */
  readonly time: number;
  /** How many steps and calls were before it. */
  readonly order: number;
}

/** A program slept: it waited for nothing but time, by a virtual clock. */
export interface Sleep {
  /** Its name, as /proc has it: `sleep`. */
  readonly program: string;
  /** Milliseconds that it asked for; a signal may have ended it earlier. */
  readonly time: number;
  /** Milliseconds since the run started. */
  readonly start: number;
  /** Milliseconds since the run started, where its process was ended before the time that it asked for; else undefined. */
  readonly ended: number | undefined;
  /** Process id inside the sandbox. */
  readonly pid: number;
  /** The processes that led to it, its own first. */
  readonly ancestors: readonly number[];
  /** How many steps and calls were recorded before it. */
  readonly order: number;
  /** Where a script made it sleep. */
  readonly site: Site | undefined;
}

/** A program waited by the real clock although the run's is virtual. */
export interface RealWait {
  readonly program: string;
  /** Where it was started, innermost first. */
  readonly stack: readonly Site[];
}

/** Something that happened to a witnessed path. */
export interface PathEvent {
  /**
   * `made`: opened anew, linked; `moved in`: by a rename; `written`: what lies there was; `attributes`: its mode or owner
   * changed; `gone`: removed or moved away; `unseen`: it was there at once, in a directory that was just as new;
   * `other content`: nobody wrote to it by its name, and what lies in it is other than it was.
   */
  readonly kind: 'made' | 'moved in' | 'written' | 'attributes' | 'gone' | 'unseen' | 'other content';
  /** Where the scripts were, innermost first. */
  readonly stack: readonly Site[];
}

/** What happened to one path during a run that was asked to witness it. */
export interface Witnessed {
  readonly path: string;
  /** In order; one kind several times in a row is told once. */
  readonly events: readonly PathEvent[];
  /** False when something went unseen, so that nothing can be said of the path. */
  readonly isWhole: boolean;
}

/** A program that a process executed: a tool, a script, bash itself; not a stub. A static program tells nothing. */
export interface Executed {
  /** As the list of processes shows it: its name, then its arguments. */
  readonly argv: readonly string[];
  /** The variables that it was given, but for those that most processes have (`PATH`, `HOME` ...). */
  readonly environment: readonly (readonly [name: string, value: string])[];
  readonly pid: number;
  /** Where the scripts were, innermost first. */
  readonly stack: readonly Site[];
}

/** A process called `wait` for its jobs, and went on. */
export interface Waited {
  readonly pid: number;
  /** How many calls had begun by then. */
  readonly calls: number;
}

/** How the run was asked for, and in what shell: what a report needs to repeat it. */
export interface RunContext {
  /** `call`, `exec` or `source`. */
  readonly verb: 'call' | 'exec' | 'source';
  /** The words after the verb. */
  readonly command: readonly string[];
  /** Sandbox path of each script to its path on the host, for code frames. */
  readonly hostPaths: ReadonlyMap<string, string>;
  /** Names declared as stub or spy for this run. */
  readonly stubNames: ReadonlySet<string>;
  /** Names of the real programs that the sandbox holds. */
  readonly toolNames: ReadonlySet<string>;
  /** Those of the stubs that left the work of each call to others: spies, and what evaluates its words. */
  readonly spyNames: ReadonlySet<string>;
  /** False where the machine cannot map owners: expectations on them must fail with the reason. */
  readonly ownersAreReal: boolean;
  /** Why owners are not real and what mends it, when they are not. */
  readonly ownersAdvice: string;
  /** User and group names of the sandbox, to numbers. */
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
  /** Variables that the shell and its givens declare, exported or not; of arrays and maps each item. */
  readonly declared: readonly (readonly [name: string, value: string])[];
  /** Whether the shell says where its scripts' events are: without it there is nothing to expect of them. */
  readonly declaresEvents: boolean;
  /** Full name (suites and test, joined by blanks) and file of the test that asked for the run, when inside one. */
  readonly test: { readonly name: string; readonly file: string; readonly value?: string | undefined } | undefined;
}

/** Everything a run recorded, as plain data. Matchers and reports read this and never reach back into a session. */
export interface RunRecord {
  readonly context: RunContext;
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Both streams, interleaved as they arrived. */
  readonly output: Buffer;
  readonly calls: readonly Call[];
  readonly before: Tree;
  readonly after: Tree;
  readonly changes: ReadonlyMap<string, Change>;
  readonly events: readonly EmittedEvent[];
  readonly steps: readonly Step[];
  /** The last place the script executed in the main process, innermost first: where an exit code came from. */
  readonly lastStack: readonly Site[];
  readonly leftovers: readonly Leftover[];
  readonly background: readonly BackgroundExit[];
  /** When it began by a virtual clock, in seconds since the epoch; undefined by the real one. */
  readonly began?: number | undefined;
  /** Milliseconds by the run's clock, background work included. */
  readonly duration: number;
  /** For how long of that something still ran after the called shell had ended, in milliseconds; 0 where nothing did. */
  readonly lateness: number;
  /** Programs that slept, in order; undefined where the clock is the real one. */
  readonly sleeps: readonly Sleep[] | undefined;
  /** Programs that waited by the real clock, where the run's is virtual. */
  readonly realWaits: readonly RealWait[];
  /** What happened to the paths that an invariant wants witnessed, by path. */
  readonly witnessed: ReadonlyMap<string, Witnessed>;
  /** Every program that was executed, in order; undefined where no invariant wants it. */
  readonly executed?: readonly Executed[] | undefined;
  /** What supervisors of the run tell of it, by their name: `unitsOf(run)` of `shellrig/systemd` reads that of systemd. */
  readonly reports: ReadonlyMap<string, SupervisorReport>;
  /** Numbers inside the sandbox of the processes that were recorded. */
  readonly processes: ReadonlySet<number>;
  /** Which process led to which, by their numbers, as far as it is known. */
  readonly parents: ReadonlyMap<number, number>;
  /** Where processes had waited for their jobs. */
  readonly waits: readonly Waited[];
  /** What happened, in the order in which it was recorded: what {@link Run.timeline} is made of. */
  readonly happened: readonly Happened[];
  /** When what was created or modified was changed last, by path: nanoseconds since the epoch by the kernel's clock. */
  readonly changedAt: ReadonlyMap<string, bigint>;
  /** The shell's variables at the end of a `.call()` or `.source()`, exported or not; of arrays and maps each item. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** The same run once more, on what this one left, where an invariant wants it. */
  readonly again?: RunRecord;
  /** In a sweep: the same run with nothing happening to it. */
  readonly undisturbed?: RunRecord;
  /** In a sweep: the moments that were told, all of an undisturbed run's, or the one at which something happened. */
  readonly moments: readonly Moment[];
  /** In a sweep: of the processes that have moments, the names of those that were started in the background. */
  readonly jobs: readonly string[];
  /** In a sweep: where its actor acted, or a process was held. */
  readonly acted: readonly Acted[];
}

/**
 * What of a run an expectation has looked at: a stream as a whole, a line of standard error (from 1), an invariant by its
 * name, of a change (by its path) all but mode and owner, or one of these, or one thing of the record.
 */
export type Looked = 'exitCode' | 'stdout' | 'stderr' | `stderr line ${number}` | `invariant ${string}` | `content ${string}` | `${Attribute} ${string}` | Call | Change | EmittedEvent;

/** One example's result, as a spec reads it. */
export interface Run {
  /** The plain data; reading it counts as looking at nothing. */
  readonly record: RunRecord;
  /**
   * What was looked at so far, by matchers and by reading this run. A non-zero exit code that nobody looked at fails the
   * test at its end; other effects are told, or fail it, where that is asked for.
   */
  readonly looked: Set<Looked>;
  /** The exit code, 0 to 255; 128 + N when a signal N ended the process. Reading it counts as looking at it. */
  readonly exitCode: number;
  /** Standard output as text, without terminal escapes. */
  readonly stdout: string;
  /** Standard error as text, without terminal escapes. */
  readonly stderr: string;
  /** Both streams as text, interleaved as finely as two pipes allow. */
  readonly output: string;
  /** All recorded calls in order. */
  readonly allCalls: readonly Call[];
  /**
   * The recorded calls of one stub or spy, in order.
   * @throws StrictError `not-recorded` when the name is a tool or was never declared, or a script met a file of that name.
   */
  calls(name: string): readonly Call[];
  /** The tree after the run, as a memfs file system: the reading face (text, directories, links). */
  readonly fs: IFs;
  /**
   * A regular file after the run.
   * @throws Error when nothing or something else is there; the message names the nearest paths.
   */
  file(path: string): FileEntry & { readonly text: string };
  /** Background jobs in the order in which they ended, with their exit codes: functions, subshells and stubs. */
  readonly background: readonly BackgroundExit[];
  /** Milliseconds that it took by its clock, work that it left in the background included. */
  readonly duration: number;
  /**
   * Programs that slept, in the order in which they began; those of one instant in that in which they were started.
   * @throws Error where the clock is the real one.
   */
  readonly sleeps: readonly Sleep[];
  /**
   * What happened, in order and by the run's clock; made when it is first asked for.
   * @throws Error where the clock is the real one.
   */
  readonly timeline: Timeline;
  /** Events in the order of their files' names. */
  readonly events: readonly unknown[];
  /** A shell variable after a `.call()`: a scalar, an indexed array or a map; undefined when it is unset. */
  variable(name: string): string | readonly string[] | Readonly<Record<string, string>> | undefined;
  /** What the run did, as stable text for people and snapshots. `at` adds file:line to calls. */
  effects(options?: { readonly at?: boolean }): string;
}
