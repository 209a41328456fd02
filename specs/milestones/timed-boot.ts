import { exits, handle, real, returns, type Call, type FileSpecs, type Run, type Stub } from 'shellrig';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { configurationOf, metadata } from '../support/configuration.js';
import { componentsFile } from '../support/components.js';
import { boot, machine } from '../boot/boot.js';
import { answerOf, valueOf } from '../boot/cluster.js';
import { MACHINE, machineOf, type Surroundings } from '../boot/node.js';
import type { Costs } from './costs.js';

/** The values of what {@link Costs} holds as free. */
export type FreeNumbers = Readonly<Record<keyof Costs['free'], number>>;

/**
 * The nodes of which milestones are told, since which one was published is not known. `busy` was taken before anything was
 * predicted: it is in a cluster with kubenet and has the name server that was to be deferred. `plain` has neither, so the
 * deferral moves less of its work.
 */
export const NODES = {
  busy: configurationOf('ubuntu2204gen2', { networkPlugin: 'kubenet', promiscuousBridge: true, localDns: { corefile: '.:53 {\n}\n', memoryLimit: '128M', cpuLimit: '200.0%' } }),
  plain: configurationOf('ubuntu2204gen2'),
} as const;

/** A boot in which everything takes as long as some costs say. @param scripts in the place of those in use */
export type TimedBoot = (free: FreeNumbers, scripts?: FileSpecs) => Promise<Run>;

/** What a service tells systemd costs it nothing; and this tells the run that it has a systemd, which a handler would not. */
const AT_ONCE = 'systemd-notify';

type Stubs = Readonly<Record<string, Stub>>;

/** The version of containerd that the image carries. */
const CONTAINERD = '2.0.0-ubuntu22.04u1';

/**
 * Boots a node with everything taking as long as the costs say: each command, each start of a small program, and containerd's
 * start by what was measured, times the pace.
 *
 * @throws in the run, Error for a call that the costs do not know
 */
export function timedBoot(costs: Costs, node: NodeConfiguration): TimedBoot {
  const { measured: { containerd, programs } } = costs;
  return ({ pace, registering, becomingReady }, scripts = {}) => {
    const surroundings: Surroundings = { pace: { containerd: seconds(containerd.milliseconds * pace), kubelet: seconds(registering), ready: seconds(becomingReady) } };
    const takes = (call: Call) => duration(costOf(costs, call) * pace);
    const timed = (stubs: Stubs = {}) => Object.fromEntries(Object.entries(stubs).map(([name, stub]) => [name, name === AT_ONCE ? stub : handle((call) => stub.takes(takes(call)))]));
    const small = programs.flatMap(({ names, milliseconds }) => names.map((name) => [name, real().takes(duration(milliseconds * pace))] as const));
    return boot(node, surroundings, {
      files: { ...componentsFile({ containerd: { ubuntu: { r2204: [{ latestVersion: CONTAINERD }] } } }), ...scripts },
      stubs: { ...timed(machineOf(node, surroundings).stubs), curl: servers(node, takes) },
    }, machine.with({
      stubs: { ...timed({ ...MACHINE.stubs, 'dpkg-query': returns(CONTAINERD) }), ...Object.fromEntries(small) },
      limits: { time: '120s' },
      allow: { unasserted: true },
    }));
  };
}

/** The free numbers that the costs hold. */
export function freeIn({ free }: Costs): FreeNumbers {
  return { pace: free.pace.value, registering: free.registering.value, becomingReady: free.becomingReady.value };
}

/** What a call takes before the pace, in milliseconds. @throws Error for one that the costs do not know. */
export function costOf(costs: KnownCosts, call: Command): number {
  return entryFor(costs, call).milliseconds;
}

/** What the costs tell of commands that no run called. */
export function unusedBy(runs: readonly Run[], costs: Costs): string[] {
  const others = new Set([AT_ONCE, ...costs.measured.programs.flatMap(({ names }) => names)]);
  const used = new Set(runs.flatMap(({ record }) => record.calls.filter(({ name }) => !others.has(name)).map((call) => entryFor(costs, call).of)));
  return [...costs.measured.commands, ...costs.leftOut].map(({ of }) => of).filter((of) => !used.has(of));
}

type KnownCosts = Pick<Costs, 'measured' | 'leftOut'>;
type Command = Pick<Call, 'name' | 'args'>;

function entryFor({ measured, leftOut }: KnownCosts, { name, args }: Command): { readonly of: string; readonly milliseconds: number } {
  const line = [name.replace(/^.*\//, ''), ...args].join(' ');
  const known = [...measured.commands, ...leftOut.map(({ of }) => ({ of, milliseconds: 0 }))].filter(({ of }) => `${line} `.startsWith(`${of} `));
  const [longest] = known.toSorted((one, other) => other.of.length - one.of.length);
  if (!longest) throw new Error(`the costs do not know what \`${line}\` takes`);
  return longest;
}

/** The cloud's metadata service, the cluster's API server, and servers that give what nodes download. */
function servers({ apiServer }: NodeConfiguration, takes: (call: Call) => string): Stub {
  return handle(async (call) => {
    const { args, write } = call;
    const url = args.find((word) => /^https?:/.test(word)) ?? '';
    if (url.startsWith('http://169.254.169.254/metadata/instance')) await write({ [valueOf(args, '-o') ?? '']: metadata() });
    return (url.startsWith(`https://${apiServer.name}`) ? answerOf({}, call) : exits(0)).takes(takes(call));
  });
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

function duration(milliseconds: number): string {
  return `${Math.round(milliseconds)}ms`;
}
