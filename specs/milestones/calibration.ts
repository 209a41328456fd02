import type { FileSpecs } from 'shellrig';
import type { Costs } from './costs.js';
import { freeIn, type FreeNumbers, type TimedBoot } from './timed-boot.js';
import { wayOf, type Way } from './way.js';

/** How near the milestones of the order before the deferral have to come to what was published, in milliseconds. */
const NEAR = 5;

/** How often it is tried; each try is a boot. */
const TRIES = 6;

/**
 * The free numbers with which the order before the deferral comes by its milestones when it was published to, looked for from
 * those of the costs on: the pace along the line through the last two tries, the others by what is missing.
 *
 * @throws Error saying how far it still was off when it gave up
 */
export async function calibrated(costs: Costs, timed: TimedBoot, oldScripts: FileSpecs): Promise<FreeNumbers> {
  const { before } = costs.published;
  const wanted = before['kubelet started'] ?? 0;
  const spans = { registering: (before['node registered'] ?? 0) - wanted, becomingReady: (before['NodeReady'] ?? 0) - (before['node registered'] ?? 0) };
  let free = freeIn(costs);
  let last = { pace: 0, started: 0 };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { milestones } = wayOf(await timed(free, oldScripts));
    const found = spansOf(milestones);
    const off = { started: wanted - milestones['kubelet started'], registering: spans.registering - found.registering, becomingReady: spans.becomingReady - found.becomingReady };
    if (Object.values(off).every((time) => Math.abs(time) <= NEAR)) return free;
    const slope = (milestones['kubelet started'] - last.started) / (free.pace - last.pace);
    last = { pace: free.pace, started: milestones['kubelet started'] };
    free = {
      pace: Math.max(0, round(free.pace + off.started / slope, 4)),
      registering: Math.max(0, round(free.registering + off.registering, 0)),
      becomingReady: Math.max(0, round(free.becomingReady + off.becomingReady, 0)),
    };
  }
  throw new Error(`no free numbers were found in ${TRIES} tries, the last were ${JSON.stringify(free)}`);
}

function spansOf(milestones: Way['milestones']): Omit<FreeNumbers, 'pace'> {
  return { registering: milestones['node registered'] - milestones['kubelet started'], becomingReady: milestones['NodeReady'] - milestones['node registered'] };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
