/**
 * The paths inside a sandbox that belong to shellrig itself. They lie on a file system of their own, so that a
 * full disk in the tree does not stop the recording, and so that no difference of trees ever mentions them.
 * The bash side (`harness/shell/bash`, `harness/stubs/bash`) and guard.c name the same paths.
 */
export const RIG = '/run/shellrig';

/** The host's program directories, read-only: what the tool links in /usr/bin point to. */
export const HOST = `${RIG}/host`;

/** The bash side of the harness. */
export const BASH_SIDE = `${RIG}/bash`;

/** Scripts under test, a folder each script set. */
export const SCRIPTS = `${RIG}/scripts`;

/** The library that sees programs which do not exist; see `guard/`. */
export const GUARD = `${RIG}/guard.so`;

/** What a run writes and what the host writes for a run; see `harness/shell/protocol.ts`. */
export const BOX = `${RIG}/box`;

/** Answers of the shell's own stubs, a file each. */
export const SHELL_ANSWERS = `${RIG}/answers`;

/** Answers of the stubs that a `given` declared; they win and go with the example. */
export const GIVEN_ANSWERS = `${BOX}/answers`;

/** PATH as scripts find it. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
