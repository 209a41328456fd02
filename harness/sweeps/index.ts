/** One scenario, one thing varied, every value tried, as ordinary vitest tests: `shellrig/sweeps`. */
export { sweepFailingCalls, type FailingCallsOptions } from './failing-calls.js';
export { sweepKills, type KillOptions } from './kills.js';
export { sweepMoments, type ActedRun, type MomentOptions } from './moments.js';
export { sweepTwice, type TwiceOptions } from './twice.js';
export type { Scenario } from './scenario.js';
export type { SweepOptions } from './sweep.js';
