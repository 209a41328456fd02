import 'vitest';
import type { Invariant } from '../invariants/invariant.js';
import type { Selector } from '../timeline/happening.js';
import type { AsymmetricMatcher, EntrySpec, FileSpecs } from '../tree/entry.js';
import type { ExpectedCall, ExpectedWord } from './words.js';

declare module 'vitest' {
  // A declaration that merges with vitest's own must repeat its parameter, used or not.
  interface Matchers<T> {
    /** Some event matches, as toMatchObject does. */
    toEmit(event: unknown): void;
    /** This many events match, as toMatchObject does. */
    toEmitTimes(event: unknown, times: number): void;
    /** The exit code is this one. */
    toExit(code: number | AsymmetricMatcher): void;
    /** The first call like `first`, or what a selector such as `ended('x')` names, was before the second; both happened. */
    toHappenBefore(first: ExpectedCall | Selector, second: ExpectedCall | Selector): void;
    /** A stub or spy was called with exactly these arguments; with the name alone: it was called. */
    toHaveCalled(name: string, ...args: ExpectedWord[]): void;
    /** These calls were made in this order, whatever was called in between. */
    toHaveCalledInOrder(calls: readonly ExpectedCall[]): void;
    /** A stub or spy was called this often, with exactly these arguments if any are given. */
    toHaveCalledTimes(name: string, times: number, ...args: ExpectedWord[]): void;
    /** The run changed each of these paths so; a path alone: it changed; without an argument: anything changed. */
    toHaveChanged(files?: FileSpecs | string | readonly string[]): void;
    /** The run changed these paths so, and nothing else. */
    toHaveChangedOnly(files: FileSpecs): void;
    /** After the run this lies there, whether the run put it there or not; without a spec: a regular file. */
    toHaveFile(path: string, spec?: string | EntrySpec): void;
    /** A program slept so long (`'5s'`); without a duration: at all. Of a virtual clock. */
    toHaveSlept(duration?: string): void;
    /** Programs slept so long (`'5s'`) this often. Of a virtual clock. */
    toHaveSleptTimes(duration: string, times: number): void;
    /** All of these invariants hold of the run: see `shellrig/invariants`. */
    toHold(...invariants: readonly [Invariant, ...Invariant[]]): void;
    /** stdout or stderr, or the stream named, contains this. */
    toPrint(expected: string | RegExp, options?: { readonly on?: 'stdout' | 'stderr' }): void;
    /** The exit code is 0. */
    toSucceed(): void;
  }
}
