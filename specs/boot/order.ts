import type { Run } from 'shellrig';
import { unitsOf } from 'shellrig/systemd';
import { eventsOf } from '../support/events.js';

/** Something that happens in a boot: a call of a program, with these arguments; a task, as its event says; a service that comes to be active. */
type Happening = { readonly call: readonly [string, ...string[]] } | { readonly task: string } | { readonly active: string };

/** What comes before what: two happenings of one kind. */
export interface OrderPair {
  readonly earlier: Happening;
  readonly later: Happening;
  readonly reason: string;
}

const call = (...words: readonly [string, ...string[]]): Happening => ({ call: words });
const task = (name: string): Happening => ({ task: `AKS.CSE.${name}` });
const active = (unit: string): Happening => ({ active: unit });

const BRIDGE_SETTINGS = call('sysctl', '-p', '/etc/sysctl.d/99-force-bridge-forward.conf');
const KERNEL_SETTINGS = call('sysctl', '-p', '/etc/sysctl.d/999-sysctl-aks.conf');
const CONTAINERD_STARTS = call('systemctl', 'restart', '--no-block', 'containerd');
const CONTAINERD_IS_ASKED = call('systemctl', 'show', '-p', 'ActiveState', '--value', 'containerd');
const SERVER_IS_LOOKED_UP = call('nslookup', '-timeout=15', '-retry=0', 'cluster.example');
const SERVER_IS_ASKED = call('curl', '-v', '--cacert', '/etc/kubernetes/certs/ca.crt', 'https://cluster.example:443');
const KUBELET_STARTS = call('systemctl', 'restart', '--no-block', 'kubelet');
const KUBELET_IS_ASKED = call('systemctl', 'show', '-p', 'ActiveState', '--value', 'kubelet');
const MEASURING_STARTS = call('systemctl', 'restart', '--no-block', 'measure-tls-bootstrapping-latency');
const UNNEEDED = 'kubelet waits for nothing that it does not need';

/** The order that every boot keeps, as far as both happen in it. */
export const ORDER: readonly OrderPair[] = [
  { earlier: task('fetch_and_cache_imds_instance_metadata'), later: task('configureKubeletAndKubectl'), reason: 'tags of the machine say where programs come from' },
  { earlier: task('configureKubeletAndKubectl'), later: task('ensureContainerd'), reason: 'containerd starts beside what comes after' },
  { earlier: call('/sbin/modprobe', '-a', 'br_netfilter', 'nf_conntrack'), later: BRIDGE_SETTINGS, reason: 'there is nothing to set of a module that is not loaded' },
  { earlier: task('setContainerdUlimits'), later: task('ensureContainerd'), reason: 'a start reads the limits' },
  { earlier: BRIDGE_SETTINGS, later: CONTAINERD_STARTS, reason: 'containers forward packets as soon as they run' },
  { earlier: CONTAINERD_STARTS, later: KERNEL_SETTINGS, reason: 'containerd starts while other things are done' },
  { earlier: KERNEL_SETTINGS, later: KUBELET_STARTS, reason: 'kubelet refuses to run where the kernel is set otherwise' },
  { earlier: CONTAINERD_STARTS, later: CONTAINERD_IS_ASKED, reason: 'it had time to start' },
  { earlier: CONTAINERD_IS_ASKED, later: KUBELET_STARTS, reason: 'without it kubelet would only fail later' },
  { earlier: task('configureK8s'), later: task('ensureKubelet'), reason: 'kubelet reads what is configured there' },
  { earlier: task('ensureKubeCACert'), later: task('apiserverCurl'), reason: 'it is by that certificate that the API server is known' },
  { earlier: SERVER_IS_LOOKED_UP, later: SERVER_IS_ASKED, reason: 'a name that is unknown is a failure of its own' },
  { earlier: SERVER_IS_ASKED, later: KUBELET_STARTS, reason: 'a node that cannot reach its cluster says so at once' },
  { earlier: active('containerd'), later: active('kubelet'), reason: 'kubelet runs containers by it' },
  { earlier: KUBELET_STARTS, later: MEASURING_STARTS, reason: UNNEEDED },
  { earlier: KUBELET_STARTS, later: call('systemctl', 'restart', 'ensure-no-dup'), reason: UNNEEDED },
  { earlier: KUBELET_STARTS, later: call('systemctl', 'restart', 'localdns'), reason: UNNEEDED },
  { earlier: task('ensureKubelet'), later: task('ensureNoDupOnPromiscuBridge'), reason: UNNEEDED },
  { earlier: task('ensureKubelet'), later: task('enableLocalDNS'), reason: UNNEEDED },
  { earlier: task('ensureKubelet'), later: task('configureNodeExporter'), reason: UNNEEDED },
  { earlier: task('ensureKubelet'), later: task('cleanUpGPUDrivers'), reason: UNNEEDED },
  { earlier: call('systemctl', 'restart', 'node-exporter'), later: KUBELET_IS_ASKED, reason: 'kubelet had time to start, or to fail' },
  { earlier: task('ensureKubelet'), later: task('cse_start'), reason: 'what is told of the boot is told when it is over' },
];

/** The pairs of {@link ORDER} of which both happen in a run, and which of these do so in another order, with the reasons. */
export function orderIn(run: Run): { readonly kept: number; readonly broken: readonly string[] } {
  const { started } = unitsOf(run);
  const tasks = eventsOf(run).map(({ TaskName }) => TaskName);
  /** Its place among its like when it happens first, -1 where it does not. */
  const placeOf = (happening: Happening): number => {
    if ('task' in happening) return tasks.indexOf(happening.task);
    if ('active' in happening) return started.indexOf(`${happening.active}.service`);
    const [name, ...words] = happening.call;
    return run.record.calls.findIndex((one) => one.name === name && words.every((word, index) => one.args[index] === word));
  };
  const found = ORDER.map((pair) => ({ ...pair, places: [placeOf(pair.earlier), placeOf(pair.later)] as const })).filter(({ places }) => Math.min(...places) >= 0);
  const broken = found.filter(({ places: [earlier, later] }) => earlier > later);
  return { kept: found.length - broken.length, broken: broken.map(({ earlier, later, reason }) => `${JSON.stringify(earlier)} before ${JSON.stringify(later)}: ${reason}`) };
}
