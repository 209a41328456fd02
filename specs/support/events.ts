import { directory, eventsFrom, file, type FileSpecs, type Run } from 'shellrig';

/** Where the scripts leave their events. */
export const EVENTS_DIRECTORY = '/var/log/azure/Microsoft.Azure.Extensions.CustomScript/events';

/** The directory of the events, which is there when scripts run at a boot: what starts them makes it. */
export const eventsDirectory: FileSpecs = { [EVENTS_DIRECTORY]: directory() };

/** The scripts' events: one JSON file each. */
export const events = eventsFrom(`${EVENTS_DIRECTORY}/*.json`);

/** What every event says of itself. */
export interface AgentEvent {
  /** When what it tells of began, `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly Timestamp: string;
  /** When that ended, in the same form. */
  readonly OperationId: string;
  readonly TaskName: string;
  readonly Message: string;
}

/** The events that a run emitted. */
export function eventsOf(run: Run): readonly AgentEvent[] {
  return run.events as readonly AgentEvent[];
}

/** The files of a run's events, whose names nobody knows before: to list among what it changed. */
export function eventFiles(run: Run): FileSpecs {
  return Object.fromEntries(run.record.events.map(({ path }) => [path, file()]));
}
