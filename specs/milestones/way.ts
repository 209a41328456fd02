import type { Run } from 'shellrig';
import { unitsOf } from 'shellrig/systemd';
import { nodeIn } from '../boot/node-in.js';
import { eventsOf, type AgentEvent } from '../support/events.js';
import { NOW } from '../support/time.js';
import type { Milestone } from './costs.js';

/** How a node came to be ready: when it came by its milestones, and what kubelet's start waited for. Milliseconds. */
export interface Way {
  /** Since its provisioning began. */
  readonly milestones: Readonly<Record<Milestone, number>>;
  /** What was done one after the other until kubelet was started, by name: as long as that took, all together. */
  readonly parts: Readonly<Record<string, number>>;
}

/** The parts of a way that are no events. */
const BETWEEN = 'between the events';
const UNIT_WAITS = 'kubelet\'s unit waits for others';
const UNIT_PREPARES = 'kubelet\'s unit, before kubelet';

/** The way of a node in a run of a boot. @throws Error naming the milestone that it did not come by. */
export function wayOf(run: Run): Way {
  const events = eventsOf(run).map(inMilliseconds);
  const began = of(events.find(({ task }) => task === 'cse_start')?.start, 'the start of its provisioning');
  const { kubeletStarted, registered, ready } = nodeIn(run);
  const started = of(kubeletStarted, 'kubelet started');
  const enqueued = of(run.calls('systemctl').find(({ args }) => args[0] === 'restart' && args.at(-1) === 'kubelet')?.start, 'kubelet enqueued');
  const activating = of(unitsOf(run).transitions('kubelet').find(({ to }) => to === 'activating')?.time, 'kubelet activating');
  const parts: Record<string, number> = {};
  for (const { task, start, end } of outermost(events)) {
    const time = Math.min(end, enqueued) - Math.min(start, enqueued);
    if (time > 0) parts[task] = (parts[task] ?? 0) + time;
  }
  const inEvents = Object.values(parts).reduce((sum, time) => sum + time, 0);
  return {
    milestones: {
      'ensureKubelet done': of(events.find(({ task }) => task === 'ensureKubelet')?.end, 'ensureKubelet done') - began,
      'kubelet started': started - began,
      'node registered': of(registered, 'node registered') - began,
      'NodeReady': of(ready, 'NodeReady') - began,
    },
    parts: { ...parts, [BETWEEN]: enqueued - began - inEvents, [UNIT_WAITS]: activating - enqueued, [UNIT_PREPARES]: started - activating },
  };
}

interface Span {
  readonly task: string;
  readonly start: number;
  readonly end: number;
}

/** An event with its times as milliseconds since the run began. */
function inMilliseconds({ TaskName, Timestamp, OperationId }: AgentEvent): Span {
  const since = (time: string) => Date.parse(`${time.replace(' ', 'T')}Z`) - NOW * 1000;
  return { task: TaskName.replace(/^AKS\.CSE\./, ''), start: since(Timestamp), end: since(OperationId) };
}

/** The events that the provisioning itself goes through, one after the other: none within another, and none of what runs beside it. */
function outermost(events: readonly Span[]): Span[] {
  const own = events.filter(({ task }) => !/^AKS\.Runtime\.|^cse_start$|^aptmarkWALinuxAgent$/.test(task));
  const length = ({ start, end }: Span) => end - start;
  return own.filter((event) => !own.some((other) => other.start <= event.start && event.end <= other.end && length(other) > length(event)));
}

function of(time: number | undefined, milestone: string): number {
  if (time === undefined) throw new Error(`the node did not come by: ${milestone}`);
  return time;
}
