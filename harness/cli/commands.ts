import type { Command } from './command.js';

/** A command before it is needed: only the one that was asked for is loaded. */
export interface CommandEntry {
  /** One line for `shellrig --help`. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** All commands, by name, in the order of `shellrig --help`. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  test: { summary: 'runs the specs', load: async () => (await import('./test.js')).test },
  record: { summary: 'runs a function once, and writes the first spec of it', load: async () => (await import('./record.js')).record },
  repro: { summary: 'puts recorded defects back, and shows what the specs say', load: async () => (await import('./repro.js')).repro },
  doctor: { summary: 'says whether this machine can run sandboxes, and what mends it if not', load: async () => (await import('./doctor.js')).doctor },
};
