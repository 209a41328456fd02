import { expect } from 'vitest';
import { toEmit } from './to-emit.js';
import { toEmitTimes } from './to-emit-times.js';
import { toExit } from './to-exit.js';
import { toHappenBefore } from './to-happen-before.js';
import { toHaveCalled } from './to-have-called.js';
import { toHaveCalledInOrder } from './to-have-called-in-order.js';
import { toHaveCalledTimes } from './to-have-called-times.js';
import { toHaveChanged } from './to-have-changed.js';
import { toHaveChangedOnly } from './to-have-changed-only.js';
import { toHaveFile } from './to-have-file.js';
import { toHaveSlept, toHaveSleptTimes } from './to-have-slept.js';
import { toHold } from './to-hold.js';
import { toPrint } from './to-print.js';
import { toSucceed } from './to-succeed.js';
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
    toHaveSlept,
    toHaveSleptTimes,
    toHold,
    toPrint,
    toSucceed,
  });
}
