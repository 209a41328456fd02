/** The systemd stand-in: unit files of the tree, started and kept as systemd does, for any spec: `shellrig/systemd`. */
export { systemd, type SystemdOptions } from './systemd.js';
export { unitIs, unitsOf, type RunUnits } from './units-of.js';
export type { JournalEntry } from './journal.js';
export type { SystemdReport, Transition } from './report.js';
