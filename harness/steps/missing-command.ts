import type { Site } from '../stubs/call.js';

/** A command that a process called and did not find. */
export interface MissingCommand {
  /** As it was called: a bare name or a path. */
  readonly name: string;
  readonly stack: readonly Site[];
  /** Where the caller looked, when that was bash: its PATH. */
  readonly searchPath: string | undefined;
}
