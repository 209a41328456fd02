import type { FileSpecs } from '../tree/entry.js';

/** What the world outside may do to a sandbox while a run goes on. */
export interface World {
  /** Writes files into the sandbox, each by its own name: a reader may find one half-written, as on a machine. */
  readonly write: (files: FileSpecs) => Promise<void>;
  /** Renames a path in the sandbox, atomically, as rename(2) does. */
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Removes a path and all below it. */
  readonly remove: (path: string) => Promise<void>;
  /**
   * Sends a signal to every process of a name.
   * @param signal `'TERM'`, `'HUP'`, ... @param name the program's file name, of which the kernel keeps 15 characters.
   * @throws Error where there is no such process.
   */
  readonly signal: (signal: string, name: string) => Promise<void>;
}
