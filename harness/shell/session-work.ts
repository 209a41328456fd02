import type { Acting } from '../clock/actors.js';
import type { LimitNumbers } from '../sandbox/limits.js';
import type { ToolLink } from '../sandbox/tools.js';
import type { Recording } from '../steps/recording.js';
import type { Change, FileSpecs, Tree } from '../tree/entry.js';
import type { TarMember } from '../tree/tar.js';
import type { Allowances } from './options.js';
import type { RunRequest } from './protocol.js';
import type { Streams } from './streams.js';

/** What a session is made of: everything that exists before the first run. */
export interface SessionOptions {
  /** Sandbox paths of the scripts to source, in order. */
  readonly source: readonly string[];
  /** Sandbox path to host path of every script, for messages. */
  readonly hostPaths: ReadonlyMap<string, string>;
  /** Archive members beside the tree: the scripts, and what the shell's own stubs answer. */
  readonly members: readonly TarMember[];
  /** The shell's own stubs, which take the place of files. */
  readonly stubPrograms: readonly TarMember[];
  readonly tools: readonly ToolLink[];
  readonly files: FileSpecs;
  readonly env: Readonly<Record<string, string>>;
  /** Function stubs and spied names, as the bash side reads them. */
  readonly stubs: readonly string[];
  readonly spies: readonly string[];
  readonly limits: LimitNumbers;
  /** The instant at which the shell and, if they say nothing else, its runs begin by a virtual clock, in seconds since the epoch; undefined for the real one. */
  readonly clock: number | undefined;
  /** What the scripts may do while they are sourced. */
  readonly allow: Allowances;
  /** Where the shell's options held placeholders, as a spec writes it; and whether a stub's answer is one. */
  readonly placeholders: readonly string[];
  readonly isPlaceholder: (stub: string) => boolean;
}

/**
 * Answers a stub that asks: the record of its call is in the log. `unpack` has the stub itself write the files of an
 * archive while it waits, and resolves with whether it could.
 */
export type Answerer = (id: string, unpack: (archive: Buffer) => Promise<boolean>) => Promise<{ answer: Buffer; files: Buffer | undefined }>;

/** One example as a session executes it. */
export interface SessionRun {
  readonly request: Omit<RunRequest, 'op' | 'clock' | 'unpack' | 'repair' | 'stubs' | 'stdin' | 'memory' | 'processes' | 'witness'>;
  readonly stdin: Uint8Array | undefined;
  /** Files to unpack before the run: the given tree, stubs, answers. */
  readonly members: readonly TarMember[];
  /** Paths of the session's tree that are not to be there. */
  readonly without: readonly string[];
  readonly stubs: readonly string[];
  readonly spies: readonly string[];
  /** Paths of which is recorded what happens to them during the run, in the tree's spelling. */
  readonly witness: readonly string[];
  /** What the run does with its moments, see `moments.ts`; empty: nothing. */
  readonly moments: Uint8Array;
  /** Whether every program that is executed is recorded. */
  readonly executed: boolean;
  readonly answer: Answerer;
  /** Who acts from outside meanwhile. */
  readonly schedule: Acting;
  /** Told what a supervisor's keeper says. */
  readonly hear: (words: string) => void;
  /** Whether a process is a supervisor's: no leftover. */
  readonly owns: (pid: number) => boolean;
  readonly limits: LimitNumbers;
  /** When it begins by a virtual clock, in seconds since the epoch; undefined by the real one. */
  readonly start: number | undefined;
}

/** What came of a run while it ran. */
export interface Execution {
  /** The server's last word: `exit CODE STOPPED`, or `lost`. */
  readonly line: string;
  readonly exceeded: SessionResult['exceeded'];
  /** What answering a stub threw. */
  readonly thrown: { readonly error: unknown } | undefined;
  readonly leftovers: SessionResult['leftovers'];
  readonly streams: Streams;
  /** Milliseconds since the epoch, by the run's clock like the others. */
  readonly started: number;
  readonly duration: number;
  readonly lateness: number;
}

/** What a session saw of a run: raw, nothing judged yet. */
export interface SessionResult {
  readonly exitCode: number;
  /** When it began by a virtual clock, in seconds since the epoch; undefined by the real one. */
  readonly began: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly output: Buffer;
  readonly recording: Recording;
  readonly before: Tree;
  readonly after: Tree;
  readonly changes: ReadonlyMap<string, Change>;
  /** When what was created or modified was changed last, in nanoseconds since the epoch by the kernel's clock. */
  readonly changedAt: ReadonlyMap<string, bigint>;
  /** The limit that ended the run, if one did; `ever`: all waited for what never comes. */
  readonly exceeded: 'time' | 'output' | 'virtual' | 'ever' | undefined;
  readonly leftovers: readonly { readonly pid: number; readonly command: string }[];
  /** `declare -p` of the called shell at its end; undefined when it left in a way that tells nothing. */
  readonly variables: string | undefined;
  /** Milliseconds, and for how many of them something still ran after the called shell had ended. */
  readonly duration: number;
  readonly lateness: number;
}
