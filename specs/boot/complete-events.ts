import type { Run } from 'shellrig';
import { eventsOf } from '../support/events.js';
import { bootEventOf } from './times.js';

/** What every event says, each of it as text: who reads the events knows no others. */
const MEMBERS = ['Timestamp', 'OperationId', 'Version', 'TaskName', 'EventLevel', 'Message', 'EventPid', 'EventTid'];

/** What the event of a boot says. */
const OF_BOOT = [
  'ExitCode', 'E2E', 'KernelStartTime', 'CloudInitLocalStartTime', 'CloudInitStartTime', 'CloudFinalStartTime', 'NetworkdStartTime', 'GuestAgentStartTime', 'KubeletStartTime',
  'KubeletReadyTime', 'ScriptlessMode',
];

/** The events of a boot that lack something, or say more; the one of the whole boot by what its message holds. */
export function incompleteEvents(run: Run): readonly string[] {
  const isWhole = (event: object) => Object.keys(event).join() === MEMBERS.join() && Object.values(event).every((value) => typeof value === 'string' && value !== '');
  const told = Object.entries(bootEventOf(run)).filter(([, value]) => typeof value === 'string').map(([name]) => name);
  return [...eventsOf(run).filter((event) => !isWhole(event)).map((event) => JSON.stringify(event)), ...(told.join() === OF_BOOT.join() ? [] : [`the event of the boot tells ${told.join(', ')}`])];
}
