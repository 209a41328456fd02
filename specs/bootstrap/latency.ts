import { defineShell, removed, type ActorWorld, type FileSpecs, type HandledCall, type Run } from 'shellrig';
import measure from '#node/measure-tls-bootstrapping-latency.sh';
import { eventFiles, events, eventsOf, type AgentEvent } from '../support/events.js';
import { instant } from '../support/time.js';

/** When the bootstrapping began, as it was written before kubelet was started. */
export const START = '2029-12-31 23:59:58.123';
export const START_FILE = '/opt/azure/containers/tls-bootstrap-start-time';
export const KUBECONFIG = '/var/lib/kubelet/kubeconfig';

/** A node on which the start was written and kubelet has its directory; it waits for 300 seconds. */
const node = {
  files: { [START_FILE]: `${START}\n`, '/var/lib/kubelet/pki/file': '' },
  events,
};

/** The script as systemd runs it: `latency.exec(measure)`. */
export const latency = defineShell({ ...node, tools: ['inotifywait'] });

/** The same where inotifywait is missing, or a stub. */
export const unwatched = defineShell(node);

/** The script's functions, to be called, and what specs have them do. */
export const sourced = defineShell({ ...node, source: [measure, './beside-the-watch.sh'], env: { __SOURCED__: 'yes' }, tools: ['inotifywait'] });

export { measure };

/** What kubelet leaves. */
export const APPEARED: FileSpecs = { [KUBECONFIG]: 'apiVersion: v1\n' };

/** How kubelet brings its kubeconfig about: renamed from outside the directory, so that a watch has one thing to tell. */
export const WAYS: readonly (readonly [string, (world: ActorWorld | HandledCall) => Promise<void>])[] = [
  ['created', (world) => world.write(APPEARED)],
  ['renamed into place', async (world) => {
    await world.write({ '/var/lib/kubeconfig.new': 'apiVersion: v1\n' });
    await world.rename('/var/lib/kubeconfig.new', KUBECONFIG);
  }],
];

/** The event of a bootstrapping that was measured, so many seconds after the measurement began. */
export function done(seconds: number): Partial<AgentEvent> {
  return { TaskName: 'AKS.Runtime.waitForTLSBootstrapping', Timestamp: START, OperationId: instant(seconds) };
}

/** The event of one that took too long. */
export function late(seconds: number): Partial<AgentEvent> {
  return { TaskName: 'AKS.Runtime.waitForTLSBootstrappingTimeout', Timestamp: START, OperationId: instant(seconds) };
}

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
