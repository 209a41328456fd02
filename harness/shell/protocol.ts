/**
 * What the host and the inside of a sandbox say to each other. Everything lies in {@link BOX}.
 *
 * | file | direction | what |
 * |---|---|---|
 * | `beside/orders`, `beside/bell` (FIFO) | host to keeper | a supervisor's orders, as guard/keeper.h has them; and a line for each that it is there |
 * | `beside/reply/N`, `beside/wake/N` (FIFO) | host to stub | what a stub that a supervisor answers evaluates; and a line when it is there |
 * | `beside/stream/N` (FIFO) | inside to host | what services print |
 * | `listen/N` | host to server | what the run's socket N answers whoever connects (clock/library/listen.h) |
 * | `act` | host to server | what an actor has process 1 do (clock/library/acts.h) |
 * | `acts` (FIFO) | host to server | what came of a line `act` (clock/library/host.h) |
 * | `held`, `turn/N` (FIFOs) | host to run | a byte: the process that is held at a moment, or one of job N that waits for its turn, may go on (guard/hold.h) |
 * | `go` (FIFO) | host to server | one line: read `request` now |
 * | `request` | host to server | NUL-ended fields, see {@link encodeRequest} |
 * | `given.tar` | host to server | files to unpack before the run |
 * | `stdin` | host to run | standard input, when the run has one |
 * | `scripts`, `environment`, `stubs`, `spies`, `clock` | host to inside | NUL-ended lists: scripts to source, `NAME=value` declared, function stubs (see stubs.sh), spied names, the start of a virtual clock |
 * | `host` (FIFO) | inside to host | lines: `exit CODE STOPPED ALONE` (`alone` when nothing runs any more), `killed`, `looked`, `ask SLOT ID`, `unpacked SLOT ID`, `failed SLOT ID`, `free SLOT ID`, `sourced`, `told WORDS` (a supervisor's keeper, sandbox/guard/keeper.h), `act NOW`, `done ERRNO` (clock/library/host.h), `clock END SHELL NOW` (before `exit`, where the clock is virtual: clock/library/builtin.h) |
 * | `out`, `err` (FIFOs) | inside to host | the run's two streams |
 * | `log` | inside to host | records, see {@link LogRecord}; appended, each in one write |
 * | `big/ID` | inside to host | the record that `L ID` in the log stands for, where bash would not write it at once |
 * | `witness` | host to inside | NUL-ended list: the paths of which `W` records tell |
 * | `executed` | host to inside | not empty where the run tells of every program that is executed |
 * | `shell.stubs`, `shell.spies` | server to fresh process | the lists that the shell itself declared |
 * | `variables` | inside to host | `declare -p` after a call |
 * | `slots/N` | inside | claimed (O_EXCL) by a stub that asks the host |
 * | `reply/N`, `tar/N` | host to stub | the answer, as in an answers file; and the files it writes |
 * | `wake/N` (FIFO) | host to stub | a line: empty when `reply/N` is there, `unpack` while the stub is to unpack `tar/N` and say whether it could |
 *
 * Log records are NUL-ended fields. The first is the type and the number of fields behind it (`S3`). bash writes a record
 * in pieces, between which another process may write, where it holds a line end or is longer than 4096 bytes: then it
 * lies in a file of its own. The guard writes any in one piece.
 *
 * | type | fields | who |
 * |---|---|---|
 * | `S` | `PID STATUS DEPTH LINE BACKGROUND` (status before; `$!` if any), function, file | a step, from the DEBUG trap |
 * | `F` | `PID PARENT BACKGROUND ENTERED` (`$!` of the parent or 0; 1 where the first frame is that of a function called in the background), then for each frame, innermost first: `DEPTH LINE`, function, file | the first step of a subshell |
 * | `V` | pid | the process is about to `wait` for its jobs; what it does next comes after them |
 * | `P` | pid, ancestors as in `C` | a bash that a script started |
 * | `B` | pid, exit code, seconds | a bash process ended, subshells included; not one that a signal ended (guard.c) |
 * | `C` | id, ancestors (pids, innermost first, comma-separated), name, seconds, cwd, `f` or `c`, arguments ... | a call begins |
 * | `A` | ancestors as in `C`, number of arguments, arguments ..., `NAME=value` ... | of a run that tells of them: a program was executed that is no stub (guard/executed.h) |
 * | `E` | id, exit code, seconds | that call ended |
 * | `I` | id | that call's standard input lies in `big/ID.in` |
 * | `L` | file | the records that `big/FILE` holds |
 * | `U` | pid, ancestors, name | a program that does not exist (guard.c, or steps.sh with file, line and PATH after) |
 * | `G` | what | what was given cannot be had: a file that cannot be written, a working directory that is not there |
 * | `W` | what, text | of a run that witnesses paths (guard/witness.h): `begin`; `+WATCH` directory; `-` directory that is not there; `!WATCH MASK` name, an event of inotify; `=MODE UID GID INODE SIZE CONTENT` (a hash, or 0) or `=` path, its state; `lost` directory; `end` |
 * | `T` | ancestors, name, seconds, seconds asked for | a program sleeps by the virtual clock, and time is about to go by (clock/library/conduct.h) |
 * | `J` | seconds, nanoseconds | time has gone by to this instant; by the kernel's clock, as files have it, it came then (clock/library/conduct.h) |
 * | `K` | JSON | the host: an actor acts, or something that a supervisor keeps came to another state (steps/happened.ts) |
 * | `Q` | `waits NUMBER` or `acts 0`, milliseconds | the host, in a sweep of moments: everything waits, or the actor acts (interposer.ts) |
 * | `R` | ancestors, name | a program waits by the real clock |
 * | `X` | | a fresh process has sourced the scripts: what stands before is not the run's |
 */

/** What a session is asked to do in one turn. */
export type Request =
  | { readonly op: 'kill' }
  /** Read what is still to be told of witnessed paths. */
  | { readonly op: 'look' }
  | RunRequest;

/** One example, as the server runs it. */
export interface RunRequest {
  readonly op: 'run';
  readonly verb: 'call' | 'exec' | 'source';
  /** `fork`: in a fork of the sourced shell; `fresh`: in a new bash that sources the scripts again. */
  readonly process: 'fork' | 'fresh';
  /** True when `given.tar` holds something for this run. */
  readonly unpack: boolean;
  /** True when `tar/0` holds what puts the tree back before a fresh process sources the scripts. */
  readonly repair: boolean;
  /** True when `stubs` and `spies` are others than those that the scripts were sourced with. */
  readonly stubs: boolean;
  /** True when `witness` holds paths. */
  readonly witness: boolean;
  /** What a virtual clock begins with (clock/library/builtin.h); empty for the real one. */
  readonly clock: string;
  /** True when `stdin` holds this run's standard input; otherwise it is empty. */
  readonly stdin: boolean;
  readonly cwd: string;
  /** Bytes of memory that each process may use. */
  readonly memory: number;
  /** Processes that may run at one time. */
  readonly processes: number;
  /** Shell variables to set before the call. */
  readonly vars: Readonly<Record<string, ShellValue>>;
  /** Exported variables to set before the call. */
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** A value of a shell variable: a scalar, an indexed array, or a map. */
export type ShellValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;

/** The fields of a request, each ended by NUL. @throws Error when a value holds a NUL, which no shell word can. */
export function encodeRequest(request: Request): Buffer {
  if (request.op !== 'run') return fields([request.op]);
  const words: string[] = ['run', request.verb, request.process, request.unpack ? '1' : '', request.stdin ? '1' : '', request.cwd, request.repair ? '1' : ''];
  words.push(String(Math.floor(request.memory / 1024)), String(request.processes), request.stubs ? '1' : '', request.witness ? '1' : '', request.clock);
  const list = (items: readonly string[]) => words.push(String(items.length), ...items);
  list(Object.entries(request.env).map(([name, value]) => `${name}=${value}`));
  const vars = Object.entries(request.vars);
  words.push(String(vars.length));
  for (const [name, value] of vars) {
    if (Array.isArray(value)) {
      words.push(name, 'a');
      list(value);
    } else if (typeof value === 'object') {
      words.push(name, 'A');
      list(Object.entries(value).flat());
    } else {
      words.push(name, 's', String(value));
    }
  }
  list(request.command);
  return fields(words);
}

function fields(words: readonly string[]): Buffer {
  const bad = words.find((word) => word.includes('\0'));
  if (bad !== undefined) throw new Error(`a shell word cannot hold a NUL byte: ${JSON.stringify(bad)}`);
  return Buffer.from(words.map((word) => `${word}\0`).join(''));
}

/** One record of the log: its type, one letter, and its fields. */
export interface LogRecord {
  readonly type: string;
  readonly fields: readonly Buffer[];
}

/** Something other than the bash side wrote into the log. */
export class DamagedLog extends Error {}

/**
 * Splits a log into records; a last record that is not whole (its writer was killed) is left out.
 * @throws DamagedLog when there is something else in it.
 */
export function* parseLog(log: Buffer): Generator<LogRecord> {
  let start = 0;
  const next = (): Buffer | undefined => {
    const nul = log.indexOf(0, start);
    if (nul === -1) return undefined;
    const field = log.subarray(start, nul);
    start = nul + 1;
    return field;
  };
  for (let head = next(); head; head = next()) {
    if (!/^[A-Z]\d+$/.test(head.toString('latin1'))) {
      throw new DamagedLog(`not the head of a record: ${JSON.stringify(head.toString('latin1', 0, 40))}`);
    }
    const fields: Buffer[] = [];
    let count = Number(head.toString('latin1', 1));
    // A script wrote into the log: nothing after that can be told.
    if (head.length < 2 || !(count >= 0)) return;
    for (; count > 0; count -= 1) {
      const field = next();
      if (!field) return;
      fields.push(field);
    }
    yield { type: head.toString('latin1', 0, 1), fields };
  }
}

/** The process numbers in a field of a record: `100007,100003`. */
export function pidsIn(field: string): number[] {
  return field.split(',').map(Number);
}
