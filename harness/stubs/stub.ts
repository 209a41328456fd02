import { durationOf } from '../clock/duration.js';
import { mapOf, oneOf, optionsOf, shape, textOrBytes } from '../diagnostics/shape.js';
import { entrySpec, type FileSpecs } from '../tree/entry.js';
import { checkPatterns, rest, type ArgumentPattern } from './arguments.js';
import type { Call } from './call.js';
import { isPlaceholder } from './placeholder-mark.js';
import type { Supervisor } from './supervisor.js';
import type { World } from './world.js';

/** What a stub does when it is called: everything but which call it is. */
export interface Answer {
  /**
   * `answer`: prints and exits; `real`: the real command or function works; `bash`: evaluates text; `placeholder`:
   * nobody has said yet; `turn`: it waits for its turn, of the number `text` (`sandbox/beside.ts`), and is answered then.
   */
  readonly mode: 'answer' | 'real' | 'bash' | 'placeholder' | 'turn';
  readonly stdout: string | Uint8Array;
  readonly stderr: string | Uint8Array;
  readonly exitCode: number;
  /** Files that appear before the stub prints and exits. */
  readonly files: FileSpecs;
  /** Seconds that pass first. */
  readonly seconds: number;
  /** For `bash`: the text to evaluate, with the call's arguments as `$1`, `$2` ... */
  readonly text: string;
}

/** What a `handle` function is told of the call, and what it may do to the running sandbox meanwhile. */
export interface HandledCall extends Call, World {
  /** How often this handler was asked in this run before, 0 for the first time. */
  readonly previousCalls: number;
}

/** A stub decided in TypeScript: called for each call, awaited, its result is the answer. */
export type Handler = (call: HandledCall) => Handled | PromiseLike<Handled>;

/** What a handler may give: a stub (its answer counts), text to print, an exit code, or nothing. */
export type Handled = Stub | SettledStub | string | number | undefined | void;

/** What is left of a stub that went through a promise, as the result of an async handler does. */
export class SettledStub {
  readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }
}

/** How a wrapper is stood in for: see {@link evaluates}. */
export interface WrapperRule {
  /** How many leading words are the wrapper's own. */
  readonly drop: number;
  readonly as: 'words' | 'argv' | 'eval';
}

/** A stub, for `then`: no subtype, so that TypeScript, which asks how a stub would settle, leaves that form of it out. */
type Chained = Stub & { readonly chained?: never };

interface Rule {
  readonly pattern: readonly ArgumentPattern[];
  readonly stub: Stub;
}

/** Internal: what a stub is made of. */
export interface Parts {
  readonly answer: Answer;
  readonly rules: readonly Rule[];
  readonly handler: Handler | undefined;
  /** Who answers, where that is a supervisor. */
  readonly supervisor: Supervisor | undefined;
  readonly wrapper: WrapperRule | undefined;
  readonly recordsStdin: boolean;
  /** How many calls this answer serves before the next stub takes over. */
  readonly times: number;
  readonly next: Stub | undefined;
}

/** Internal: says nothing, and well. */
export const SILENT: Answer = { mode: 'answer', stdout: '', stderr: '', exitCode: 0, files: {}, seconds: 0, text: '' };
const PLAIN: Parts = {
  answer: SILENT, rules: [], handler: undefined, supervisor: undefined, wrapper: undefined, recordsStdin: false, times: Infinity, next: undefined,
};

/**
 * A stand-in for a command or function; its calls are recorded. Made by {@link returns}, {@link exits} and the
 * other functions of this file; every method gives a new stub, so that stubs can be shared.
 */
export class Stub {
  /** Internal: read by the compiler of answers. */
  readonly parts: Parts;

  constructor(parts: Partial<Parts> = {}) {
    this.parts = { ...PLAIN, ...parts };
  }

  /** Prints `stdout`: any bytes but NUL, which no variable of bash can hold; `bash('cat FILE')` prints a file that has it. */
  returns(stdout: string | Uint8Array): Stub {
    if (isPlaceholder(stdout)) return this.answering({ mode: 'placeholder' });
    textOrBytes('what returns() prints', stdout);
    return this.answering({ stdout });
  }

  /** Prints `stderr` on standard error: any bytes but NUL. */
  complains(stderr: string | Uint8Array): Stub {
    textOrBytes('what complains() prints', stderr);
    return this.answering({ stderr });
  }

  /** Exits with a code from 0 to 255. @throws RangeError for others. */
  exits(exitCode: number): Stub {
    if (isPlaceholder(exitCode)) return this.answering({ mode: 'placeholder' });
    if (!isExitCode(exitCode)) throw new RangeError(`an exit code is a whole number from 0 to 255, got ${exitCode}`);
    return this.answering({ exitCode });
  }

  /** Writes files before it prints and exits. */
  writes(files: FileSpecs): Stub {
    writtenFiles('what writes() writes', files);
    return this.answering({ files });
  }

  /** Costs time before it answers. @param duration `'250ms'`, `'6s'`, `'2m'`. @throws Error for other forms. */
  takes(duration: string): Stub {
    return this.answering({ seconds: durationOf('takes(): the duration', duration) / 1000 });
  }

  /** Records what is on standard input too (`call.stdin`); it is read to its end. */
  readsStdin(): Stub {
    return new Stub({ ...this.parts, recordsStdin: true });
  }

  /** Answers calls with these arguments; what follows (`.exits(5)`) says how. The first rule that fits wins. */
  when(pattern: readonly ArgumentPattern[]): Stub {
    checkPatterns('when()', pattern);
    return new Stub({ ...this.parts, rules: [...this.parts.rules, { pattern, stub: new Stub() }] });
  }

  /** Answers the calls that no `when` fits; without it such a call fails the run (StrictError `unanswered-call`). */
  otherwise(stub: Stub): Stub {
    return this.when([rest]).withLastRule(stub);
  }

  /** Answers so for the first `times` calls (1 by default, or as `fails` said), then as `next` does. */
  then(this: Chained, next: Stub): Stub;
  /** An async handler may give a stub: a promise asks it for what it stands for. */
  then<T>(settle: (stub: SettledStub) => T): PromiseLike<T>;
  then<T>(next: Stub | ((stub: SettledStub) => T)): Stub | PromiseLike<T> {
    if (typeof next === 'function') return Promise.resolve().then(() => next(new SettledStub(this.parts)));
    if (this.parts.next) return new Stub({ ...this.parts, next: this.parts.next.then(next) });
    return new Stub({ ...this.parts, times: Number.isFinite(this.parts.times) ? this.parts.times : 1, next });
  }

  private answering(answer: Partial<Answer>): Stub {
    const last = this.parts.rules.at(-1);
    if (last) return this.withLastRule(new Stub({ ...last.stub.parts, answer: { ...last.stub.parts.answer, ...answer } }));
    return new Stub({ ...this.parts, answer: { ...this.parts.answer, ...answer } });
  }

  private withLastRule(stub: Stub): Stub {
    const rules = [...this.parts.rules];
    const last = rules.pop();
    return last ? new Stub({ ...this.parts, rules: [...rules, { pattern: last.pattern, stub }] }) : stub;
  }
}

/** Whether a process can exit with it. */
export function isExitCode(code: unknown): boolean {
  return Number.isInteger(code) && (code as number) >= 0 && (code as number) <= 255;
}

/** A stub that prints `stdout` (any bytes but NUL) and exits 0. */
export function returns(stdout: string | Uint8Array): Stub {
  return new Stub().returns(stdout);
}

/** A stub that exits with `code` and prints nothing. */
export function exits(code: number): Stub {
  return new Stub().exits(code);
}

/** A stub that writes files and exits 0. */
export function writes(files: FileSpecs): Stub {
  return new Stub().writes(files);
}

/** A stub that costs time, for instance `'6s'`, and exits 0. */
export function takes(duration: string): Stub {
  return new Stub().takes(duration);
}

/** A stub that answers by arguments: `when(['restart', any]).exits(5).otherwise(exits(0))`. */
export function when(pattern: readonly ArgumentPattern[]): Stub {
  return new Stub().when(pattern);
}

/**
 * A stub that fails: `fails({ times: 2 }).then(real())`.
 * @param options.times how many calls fail, for ever by default; @param options.exitCode 1 by default.
 */
export function fails(options: { times?: number; exitCode?: number } = {}): Stub {
  failing('fails', options);
  const { times = Infinity, exitCode = 1 } = options;
  return new Stub({ times }).exits(exitCode);
}

/**
 * A stub decided in TypeScript for each call; the handler's closure sees the spec's variables. What it gives is text to
 * print, an exit code from 0 to 255, a stub or nothing; anything else fails the run.
 */
export function handle(handler: Handler): Stub {
  aFunction('what handle() calls', handler);
  return new Stub({ handler });
}

/** Internal: a stub whose calls a supervisor answers. */
export function supervised(supervisor: Supervisor): Stub {
  return new Stub({ supervisor });
}

/** A stub that evaluates bash text, with the call's arguments; a function stub does so in the script's shell. */
export function bash(text: string): Stub {
  return new Stub({ answer: { ...SILENT, mode: 'bash', text } });
}

/** A spy on a command: recorded, and the real program does the work. */
export function real(): Stub {
  return new Stub({ answer: { ...SILENT, mode: 'real' } });
}

/** A spy on a function: recorded, and the script's own definition does the work, untouched. */
export function spy(): Stub {
  return new Stub({ answer: { ...SILENT, mode: 'real' } });
}

/**
 * Stands in for a wrapper function whose own file is not sourced: drops its leading words and runs the rest in the
 * script's shell. Where the wrapper is sourced, `spy()` on the real one is better.
 * @param options.command how many leading words belong to the wrapper.
 * @param options.as `argv`: the words as they are (`"$@"`); `words`: split and globbed again (`$@`); `eval`: joined and evaluated.
 */
export function evaluates(options: { command: number; as?: 'words' | 'argv' | 'eval' }): Stub {
  evaluating('evaluates', options);
  const { command, as = 'argv' } = options;
  return new Stub({ wrapper: { drop: command, as } });
}

const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
const aCount = shape('a whole number from 0', isCount);
const failing = optionsOf({ times: shape('a whole number from 0, or Infinity', (value) => value === Infinity || isCount(value)), exitCode: shape('an exit code from 0 to 255', isExitCode) });
const evaluating = optionsOf({ command: aCount, as: oneOf('words', 'argv', 'eval') });
const writtenFiles = mapOf('files', entrySpec);
const aFunction = shape('a function', (value) => typeof value === 'function');
