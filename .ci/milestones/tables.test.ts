import { expect, it } from 'vitest';
import { differenceOf, milestonesOf } from './tables.mjs';

const free = { pace: 2, registering: 100, becomingReady: 20 };
const before = { milestones: { started: 2500, ready: 3000 }, parts: { moved: 1000, kept: 1400, 'as before': 98, 'hardly other': 2 } };
const deferred = { milestones: { started: 1600, ready: 2100 }, parts: { 'kept': 1400, 'grown': 102, 'as before': 98, 'hardly other': 0 } };

it('milestones stand beside what was published, with the error where something was', () => {
  expect(milestonesOf({ before: { started: 2500, ready: 3100 }, deferred: { started: 2000 } }, { free, before, deferred })).toBe([
    '| seconds since the provisioning began | before, published |  ours |         error | deferred, published |  ours |          error |',
    '|--------------------------------------|------------------:|------:|--------------:|--------------------:|------:|---------------:|',
    '| started                              |             2.500 | 2.500 | +0.000 (+0 %) |               2.000 | 1.600 | -0.400 (-20 %) |',
    '| ready                                |             3.100 | 3.000 | -0.100 (-3 %) |                   - | 2.100 |              - |',
  ].join('\n'));
});

it('what differs stands with how much, the most that was saved first, and all together makes the whole', () => {
  expect(differenceOf({ free, before, deferred })).toBe([
    '| until kubelet started, seconds | before | deferred | difference |',
    '|--------------------------------|-------:|---------:|-----------:|',
    '| moved                          |  1.000 |    0.000 |     -1.000 |',
    '| grown                          |  0.000 |    0.102 |     +0.102 |',
    '| all else                       |  1.500 |    1.498 |     -0.002 |',
    '| kubelet started                |  2.500 |    1.600 |     -0.900 |',
  ].join('\n'));
});
