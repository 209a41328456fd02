import type { OptionSpec } from './options.js';

/** A command of the command line: one file beside this one exports these. */
export interface Command {
  /** What follows the command's name: `[FILTER]...`. */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  /** What the help says below the options; may be empty. */
  readonly notes: string;
  /**
   * Does the work and prints what it has to say.
   * @param args what follows the command's name. @returns the exit code.
   * @throws UsageError for a command line that cannot be meant.
   */
  run(args: readonly string[]): Promise<number>;
}
