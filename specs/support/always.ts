import { definedExitCodes, noLeftovers, type Invariant } from 'shellrig/invariants';
import { ERROR_CODES } from './error-codes.js';

/**
 * What holds of every run of every spec that uses a node's shell. A function may fail with 1, or with 2 where no time is
 * left. /dev/shm is where specs have another file system.
 */
export const always: readonly Invariant[] = [
  noLeftovers({ in: ['/tmp', '/var/tmp'] }),
  definedExitCodes({ ...ERROR_CODES, 'a function failed': 1, 'no time is left': 2 }),
];
