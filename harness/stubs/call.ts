/** Where in a script something happened. */
export interface Site {
  /** The script's path inside the sandbox, as bash names it. */
  readonly file: string;
  readonly line: number;
  /** The function, or `main` at the script's top level. */
  readonly function: string;
}

/** One recorded invocation of a stub or spy. */
export interface Call {
  /** The stub's name as declared: a bare name or an absolute path. */
  readonly name: string;
  /** The arguments, without the name, as text (UTF-8; bytes that are not become U+FFFD). */
  readonly args: readonly string[];
  /** The arguments as bytes. */
  readonly rawArgs: readonly Buffer[];
  /** What was on standard input, when the stub asked for it. */
  readonly stdin: string | undefined;
  readonly cwd: string;
  /** Undefined when the call had not ended when the run did. */
  readonly exitCode: number | undefined;
  /** Start and end in milliseconds since the run started. */
  readonly start: number;
  readonly end: number | undefined;
  /** Process id inside the sandbox. */
  readonly pid: number;
  /** The processes that led to the call, its own first, as far as they are known. */
  readonly ancestors: readonly number[];
  /** The script's file, line and function that made the call; undefined when no bash process led to it. */
  readonly site: Site | undefined;
  /** The call stack, innermost first; `site` is its first element. */
  readonly stack: readonly Site[];
  /** Position in the order of all calls of the run, from 0. */
  readonly index: number;
  /** True for a function stub or spy, false for a command. */
  readonly isFunction: boolean;
}
