// Types alone: `expect(run).toSucceed()`, and `import x from './x.sh'`.
import './matchers/types.js';
import './vitest/scripts.mjs';

/** The public API of shellrig, and nothing else. */
export { defineShell, type Shell, type ShellCalls } from './shell/define-shell.js';
export type { Allowances, Given, ShellOptions, Stubs } from './shell/options.js';
export type { UnassertedAllowance } from './shell/unasserted.js';
export type { BackgroundExit, EmittedEvent, Leftover, RealWait, Run, RunContext, RunRecord, Sleep, Step } from './shell/run.js';
export type { ShellValue } from './shell/protocol.js';
export type { ClockOption } from './clock/clock.js';
export { at, called, every, exists, once, type Act, type Actor, type ActorWorld, type Condition, type Situation } from './clock/actors.js';
export type { World } from './stubs/world.js';
export type { Limits } from './sandbox/limits.js';
export type { Call, Site } from './stubs/call.js';
export {
  bash, evaluates, exits, fails, handle, real, returns, spy, Stub, takes, when, writes, type HandledCall, type Handler,
} from './stubs/stub.js';
export {
  directory, file, fileFrom, removed, symlink,
  type AsymmetricMatcher, type Attributes, type Change, type Content, type Entry, type EntrySpec, type FileSpecs, type Tree,
} from './tree/entry.js';
export { filesFrom } from './tree/files-from.js';
export { _ } from './stubs/placeholder.js';
export { eventsFrom, type EventSource } from './events/events.js';
export { any, rest, type ArgumentPattern } from './stubs/arguments.js';
export { noArguments } from './matchers/words.js';
export { acted, changed, emitted, ended } from './timeline/selectors.js';
export { compareMilestones, type MilestoneRow, type MilestoneTable } from './timeline/milestones.js';
export type { CriticalPath, Milestones, PictureOptions, Timeline } from './timeline/timeline.js';
export type { PathInterval } from './timeline/critical-path.js';
export type { Happening, Instant, Selector } from './timeline/happening.js';
export { StrictError, type StrictCode } from './diagnostics/strict-error.js';
