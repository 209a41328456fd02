import type { SupervisorReport } from '../stubs/supervisor.js';
import type { Journal, JournalEntry } from './journal.js';
import { propertiesOf } from './properties.js';
import type { Manager } from './manager.js';
import type { ActiveState, Unit } from './unit.js';

/** A unit came from one state to another. */
export interface Transition {
  readonly unit: string;
  /** Milliseconds since the run began. */
  readonly time: number;
  readonly from: ActiveState;
  readonly to: ActiveState;
  /** The state in detail, as `SubState` has it. */
  readonly sub: string;
}

/** What systemd tells of a run, as plain data. */
export interface SystemdReport extends SupervisorReport {
  /** Properties of each unit at the end, as `systemctl show` names them. */
  readonly units: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly transitions: readonly Transition[];
  readonly journal: readonly JournalEntry[];
}

/** Makes the report of a run. */
export function reportOf(units: readonly Unit[], manager: Manager & { readonly journal: Journal }): SystemdReport {
  return {
    tasks: manager.jobs.tasks,
    kept: manager.processes.kept,
    units: new Map(units.map((unit) => [unit.name, propertiesOf(unit, manager)])),
    transitions: manager.transitions,
    journal: manager.journal.entries,
    output: manager.journal.entries.filter(({ identifier }) => identifier !== 'systemd').map(({ message }) => `${message}\n`).join(''),
  };
}
