import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calibrated } from './calibration.js';
import { MILESTONES, readCosts } from './costs.js';
import { inOldOrder } from './old-order.js';
import { freeIn, NODES, timedBoot, unusedBy } from './timed-boot.js';
import { wayOf, type Way } from './way.js';

/** What comes one after the other; the function that has kubelet start may end before or after that. */
const OF_KUBELET = MILESTONES.filter((name) => name !== 'ensureKubelet done');

/** What `npm run milestones` asks for: a file for what was found, whether to find the free numbers anew, and the plain node. */
const { MILESTONES_REPORT, MILESTONES_CALIBRATE, MILESTONES_PLAIN } = process.env;

describe('a node whose provisioning takes as long as the costs say', () => {
  it('comes by its milestones in their order, and sooner than before work was deferred', { timeout: 600_000 }, async () => {
    const costs = readCosts();
    const node = MILESTONES_PLAIN ? NODES.plain : NODES.busy;
    const [timed, oldScripts] = [timedBoot(costs, node), inOldOrder(node)];
    const free = MILESTONES_CALIBRATE ? await calibrated(costs, timed, oldScripts) : freeIn(costs);
    const runs = [await timed(free, oldScripts), await timed(free)];
    const [before, deferred] = runs.map(wayOf) as [Way, Way];
    if (MILESTONES_REPORT) writeFileSync(MILESTONES_REPORT, JSON.stringify({ free, before, deferred }));

    expect(inOrder(before)).toEqual(OF_KUBELET);
    expect(inOrder(deferred)).toEqual(OF_KUBELET);
    for (const milestone of MILESTONES) expect(deferred.milestones[milestone], milestone).toBeLessThan(before.milestones[milestone]);
    expect(MILESTONES_PLAIN ? [] : unusedBy(runs, costs), 'costs of what no boot calls').toEqual([]);
  });
});

/** The milestones of kubelet as the node came by them. */
function inOrder({ milestones }: Way): string[] {
  return OF_KUBELET.toSorted((one, other) => milestones[one] - milestones[other]);
}
