import { expect } from 'vitest';
import { toEmit, toEmitTimes } from './to-emit.js';
import { toExit, toSucceed } from './to-exit.js';
import { toHaveCalled, toHaveCalledTimes } from './to-have-called.js';
import { toHappenBefore, toHaveCalledInOrder } from './to-have-called-in-order.js';
import { toHaveChanged, toHaveChangedOnly } from './to-have-changed.js';
import { toHaveFile } from './to-have-file.js';
import { toPrint } from './to-print.js';
import './types.js';

/** Teaches vitest's `expect` the matchers of runs. Calling it again changes nothing. */
export function registerMatchers(): void {
  expect.extend({
    toEmit,
    toEmitTimes,
    toExit,
    toHappenBefore,
    toHaveCalled,
    toHaveCalledInOrder,
    toHaveCalledTimes,
    toHaveChanged,
    toHaveChangedOnly,
    toHaveFile,
    toPrint,
    toSucceed,
  });
}
