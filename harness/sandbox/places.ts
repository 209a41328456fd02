/**
 * The paths inside a sandbox that belong to shellrig itself. They lie on file systems of their own, so that a
 * full disk in the tree does not stop the recording, and so that no difference of trees ever mentions them.
 * All of it is read-only to scripts but for {@link BOX}.
 * The bash side (`harness/shell/bash`, `harness/stubs/bash`, `harness/sandbox/bash`) and guard.c name the same paths.
 */
export const RIG = '/run/shellrig';

/** Copies of the default tools, the same for all sandboxes of a process: what the tool links in /usr/bin point to. */
export const HOST = `${RIG}/host`;

/** Copies of the further tools that a shell names. */
export const TOOLS = `${RIG}/tools`;

/** The bash side of the harness. */
export const BASH_SIDE = `${RIG}/bash`;

/** Scripts under test, a folder each script set. */
export const SCRIPTS = `${RIG}/scripts`;

/** The library that every process of a sandbox loads; see `guard/`. */
export const GUARD = `${HOST}/guard.so`;

/** The library of a virtual clock, which processes of sandboxes that have one load too; see `harness/clock/library`. */
export const CLOCK = `${HOST}/clock.so`;

/** What a run writes and what the host writes for a run; see `harness/shell/protocol.ts`. */
export const BOX = `${RIG}/box`;

/** Where stubs find what they need: their answers, a file each, and the real programs behind spies. */
export interface StubPlaces {
  readonly answers: string;
  readonly programs: string;
}

/** Of the shell's own stubs. */
export const SHELL_STUBS: StubPlaces = { answers: `${RIG}/answers`, programs: TOOLS };

/** Of the stubs that a `given` declared; they win and go with the example. */
export const GIVEN_STUBS: StubPlaces = { answers: `${BOX}/answers`, programs: `${BOX}/programs` };

/** A file system of its own, as on every Linux machine, that belongs to the tree. */
export const MEMORY = '/dev/shm';

/** PATH as scripts find it. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Jobs of one run that take turns at moments of theirs, as guard/moments.h has it; further ones share the last turn. */
export const JOBS = 8;
