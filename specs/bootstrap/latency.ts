import { defineShell, removed, type FileSpecs, type Run } from 'shellrig';
import measure from '#node/measure-tls-bootstrapping-latency.sh';
import { eventFiles, events, eventsOf, type AgentEvent } from '../support/events.js';

/** When the bootstrapping began, as it was written before kubelet was started. */
export const START = '2026-03-01 12:00:00.123';
export const START_FILE = '/opt/azure/containers/tls-bootstrap-start-time';
export const KUBECONFIG = '/var/lib/kubelet/kubeconfig';

/** The event of a bootstrapping that was measured, and of one that took too long. */
export const DONE = { TaskName: 'AKS.Runtime.waitForTLSBootstrapping', Timestamp: START, Message: 'Completed' };
export const LATE = { TaskName: 'AKS.Runtime.waitForTLSBootstrappingTimeout', Timestamp: START };

/** A node on which the start was written and kubelet has its directory; time to wait is short. */
const node = {
  files: { [START_FILE]: `${START}\n`, '/var/lib/kubelet/pki/file': '' },
  env: { WATCH_TIMEOUT_SECONDS: '1' },
  events,
};

/** The script as systemd runs it: `latency.exec(measure)`. */
export const latency = defineShell(node);

/** The script's functions, to be called, and what specs have act beside them. */
export const sourced = defineShell({ ...node, source: [measure, './beside-the-watch.sh'], env: { ...node.env, __SOURCED__: 'yes' }, tools: ['inotifywait'] });

export { measure };

/** The one event of a run. @throws Error when it emitted none or several. */
export function onlyEvent(run: Run): AgentEvent {
  const [event, ...others] = eventsOf(run);
  if (!event || others.length > 0) throw new Error(`expected one event, the run emitted ${run.events.length}`);
  return event;
}

/** All that a measurement changes: the start is gone, its events are there, and what the world did meanwhile. */
export function changesOf(run: Run, meanwhile: FileSpecs = {}): FileSpecs {
  return { [START_FILE]: removed, ...eventFiles(run), ...meanwhile };
}
