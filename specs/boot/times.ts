import type { Run } from 'shellrig';
import { eventsOf } from '../support/events.js';
import { instant } from '../support/time.js';
import { nodeIn } from './node-in.js';

/** What the event of a boot says, by member. @throws Error where a run emitted none, or several. */
export function bootEventOf(run: Run): Readonly<Record<string, string>> {
  const [event, ...others] = eventsOf(run).filter(({ TaskName }) => TaskName === 'AKS.CSE.cse_start');
  if (!event || others.length > 0) throw new Error(`expected one event AKS.CSE.cse_start, the run emitted ${others.length + (event ? 1 : 0)}`);
  return JSON.parse(event.Message) as Readonly<Record<string, string>>;
}

/**
 * What the events of a boot tell of time and cannot be so: each ends after it began, within the run; one that was begun by
 * another lies within it; what the machine began before the provisioning stands in its order; kubelet's times are those
 * of kubelet.
 */
export function implausibleTimes(run: Run): readonly string[] {
  const [began, over] = [instant(0), instant(run.duration / 1000)];
  const events = eventsOf(run).map(({ TaskName, Timestamp, OperationId }) => ({ TaskName, Timestamp, OperationId }));
  const outside = events.filter(({ Timestamp, OperationId }) => !(began <= Timestamp && Timestamp <= OperationId && OperationId <= over));
  const unnested = events.filter(({ TaskName, Timestamp, OperationId }) => {
    const parent = events.find((one) => TaskName.startsWith(`${one.TaskName}.`));
    return parent && !(parent.Timestamp <= Timestamp && OperationId <= parent.OperationId);
  });
  const told = bootEventOf(run);
  const starts = ['KernelStartTime', 'CloudInitLocalStartTime', 'CloudInitStartTime', 'GuestAgentStartTime', 'CloudFinalStartTime'].map((name) => told[name] ?? '');
  // The provisioning may have started it anew.
  const networkStart = told['NetworkdStartTime'] ?? '';
  const ended = events.find(({ TaskName }) => TaskName === 'AKS.CSE.cse_start')?.OperationId ?? '';
  const { kubeletStarted = Infinity, ready = Infinity } = nodeIn(run);
  // What came after the boot was told is not told.
  const soFar = (time: number) => (time < Infinity && instant(time / 1000) < ended ? instant(time / 1000).slice(0, 19) : '');
  return [
    ...[...outside, ...unnested].map((event) => JSON.stringify(event)),
    ...(starts.every((start, index) => start !== '' && start < began && start >= (starts[index - 1] ?? '')) ? [] : [`starts before the provisioning: ${starts.join(', ')}`]),
    ...((starts[0] ?? '') < networkStart && networkStart < ended ? [] : [`the network was started at ${networkStart}`]),
    ...(told['KubeletStartTime']?.slice(0, 19) === soFar(kubeletStarted) ? [] : [`kubelet was started at ${kubeletStarted} ms, told is ${told['KubeletStartTime']}`]),
    ...(told['KubeletReadyTime']?.slice(0, 19) === soFar(ready) ? [] : [`the node was ready at ${ready} ms, told is ${told['KubeletReadyTime']}`]),
  ];
}
