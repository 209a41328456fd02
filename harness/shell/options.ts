import type { Actor } from '../clock/actors.js';
import type { ClockOption } from '../clock/clock.js';
import type { EventSource } from '../events/events.js';
import type { Invariant } from '../invariants/invariant.js';
import type { Limits } from '../sandbox/limits.js';
import type { Stub } from '../stubs/stub.js';
import type { Tree } from '../tree/entry.js';
import type { GivenFiles } from '../tree/volume.js';
import type { ShellValue } from './protocol.js';
import type { UnassertedAllowance } from './unasserted.js';

/**
 * Stubs by name: bare, which takes the place of every program of that name in PATH, or an absolute path. A file of that name
 * that the run itself makes is met instead of a bare stub, as on a real machine.
 */
export type Stubs = Readonly<Record<string, Stub>>;

/** What a script may do that would otherwise be an error. */
export interface Allowances {
  /** Commands that are neither tool nor stub and may be called; each then meets "command not found". `true`: any. */
  readonly commands?: readonly string[] | true;
  /** Processes that may outlive the run, by the first word of their command line; they are ended all the same. `true`: any. */
  readonly leftovers?: readonly string[] | true;
  /** Errors of bash itself, by (part of) their text. `true`: any. */
  readonly shellErrors?: readonly string[] | true;
  /** Programs that may wait by the real clock where the run's is virtual, by name. `true`: any. */
  readonly realTime?: readonly string[] | true;
  /** Declared invariants that need not hold, by name (`noLeftovers`) or as written (`noLeftovers()`). `true`: any. */
  readonly broken?: readonly string[] | true;
  /** Effects that need no expectation, where others do. `true`: any. */
  readonly unasserted?: UnassertedAllowance | true;
}

/** What exists while a shell's scripts are sourced, and stays for every run. */
export interface ShellOptions {
  /** Scripts to source, in order: imported ones, absolute paths, or paths relative to the spec. */
  readonly source?: readonly string[];
  /** Files of the tree, by path or as a memfs volume. */
  readonly files?: GivenFiles;
  /** Stubs and spies. */
  readonly stubs?: Stubs;
  /** Real programs beyond the default set, by name. */
  readonly tools?: readonly string[];
  /** Exported variables, beside PATH, HOME=/root, LANG=C.UTF-8 and TZ=UTC. */
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  /** How time goes by: see `ClockOption`. Default `'virtual'`. */
  readonly clock?: ClockOption;
  readonly allow?: Allowances;
  /** Where the scripts' events are found and how one is read: see `eventsFrom`. */
  readonly events?: EventSource;
  /** What must hold of every run, checked when its test ends: see `shellrig/invariants`. `with` adds to it. */
  readonly invariants?: readonly Invariant[];
}

/** What exists for one run only, applied to the fork before the call. */
export interface Given {
  /** Shell variables: scalars, arrays (`['a', 'b']`) and maps (`{ k: 'v' }`). */
  readonly vars?: Readonly<Record<string, ShellValue>>;
  /** Exported variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the tree, by path or as a memfs volume. */
  readonly files?: GivenFiles;
  /** The tree in which the run begins, for instance what another left (`run.record.after`), in place of the shell's own; `files` come on top. Sockets, devices and times do not come with it. */
  readonly tree?: Tree;
  /** What must hold of this run, beside the shell's invariants. */
  readonly invariants?: readonly Invariant[];
  /** Stubs that win over the shell's; one that is never called fails the test. */
  readonly stubs?: Stubs;
  /** Who acts from outside while the script runs: see `at`, `every` and `once`. */
  readonly actors?: readonly Actor[];
  /** Working directory; default `/`. */
  readonly cwd?: string;
  /** Standard input; default empty. */
  readonly stdin?: string | Uint8Array;
  /** `fresh`: a bash process of its own even where a fork would do. By default shellrig decides. */
  readonly process?: 'fresh' | 'fork';
  readonly limits?: Partial<Limits>;
  readonly allow?: Allowances;
}
