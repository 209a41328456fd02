/** What must hold however a script runs: `shellrig/invariants`, each one line on anyone's scripts. */
export { brokenOf, type Broken, type BrokenInvariant, type Invariant } from './invariant.js';
export { atomicReplacement, type Replacing } from './atomic-replacement.js';
export { boundedWaiting, type WaitingBounds } from './bounded-waiting.js';
export { changesOnlyUnder } from './changes-only-under.js';
export { definedExitCodes } from './defined-exit-codes.js';
export { idempotence } from './idempotence.js';
export { noLeftovers, type LeftoverPlaces } from './no-leftovers.js';
export { oldOrNew } from './old-or-new.js';
export { noSecrets, type Secrets } from './no-secrets.js';
export { toldFailures } from './told-failures.js';
