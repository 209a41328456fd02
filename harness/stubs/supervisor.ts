import type { Acting } from '../clock/actors.js';
import type { Tree } from '../tree/entry.js';
import type { Call } from './call.js';
import type { Answer } from './stub.js';

/**
 * Something that scripts talk to by commands and that goes on between them: a manager of services. Stubs name it; one
 * is made for each run, lives as long as that, and has processes of its own started inside the sandbox.
 */
export interface Supervisor {
  /** What its report is found under in a run's record. */
  readonly name: string;
  /** A run begins. @param before the tree in which it does. */
  begin(inside: Inside, before: () => Tree): Supervision;
}

/** A supervisor in one run. */
export interface Supervision extends Acting {
  /**
   * A stub of it was called. The answer is given later, by {@link Inside.reply}: when all that is under way has come to
   * rest, so that it is the same in every run.
   * @returns what has the stub wait: a turn, or bash text where it is to do more than print and end.
   */
  answer(call: Call): Pick<Answer, 'mode' | 'text'>;
  /** Its keeper said something (`sandbox/guard/keeper.h`). */
  hear(words: string): void;
  /** Whether a process is one of a service's, or of its own: what may outlive the called shell. */
  owns(pid: number): boolean;
  /** The state of something that it keeps, for conditions of actors. */
  stateOf(name: string): string;
  /** The run is over. @returns what is kept of it, as plain data. */
  end(): SupervisorReport;
}

/** What a supervisor tells of a run. Times are milliseconds since the run began. */
export interface SupervisorReport {
  /** What the services printed: errors of bash in it are errors of the run. */
  readonly output: string;
  /** What it was asked to do with what it keeps, in the order of asking. */
  readonly tasks: readonly Task[];
  /** The processes of what it keeps, by their numbers inside the sandbox. */
  readonly kept: readonly Kept[];
}

/** Something that a supervisor keeps came to another state. */
export interface StateChange {
  /** The supervisor's name, and what it calls what it keeps: `systemd`, `agent.service`. */
  readonly supervisor: string;
  readonly subject: string;
  /** In the supervisor's words: `active`. */
  readonly state: string;
}

/** Something to be done with one thing that a supervisor keeps: to start it, to stop it. */
export interface Task {
  readonly subject: string;
  readonly what: string;
  /** When it was asked for, when nothing kept it waiting any more, and when it was done; undefined where it never was. */
  readonly asked: number;
  readonly began: number | undefined;
  readonly ended: number | undefined;
  /** Who asked: the process that called a stub, or another subject. */
  readonly by: number | string;
  /** The subject for whose task it waited last, before it could begin; undefined where it waited for none. */
  readonly after: string | undefined;
}

/** A process of a subject. */
export interface Kept {
  readonly subject: string;
  readonly pid: number;
}

/** A sandbox as a supervisor meets it. */
export interface Inside {
  /** Host path of the root of its tree. */
  readonly root: string;
  /** Host path of its /proc. */
  readonly proc: string;
  /** When the run began, in milliseconds since the epoch by its clock. */
  readonly started: number;
  /** Its processes by the numbers that they have inside, without process 1. */
  processes(): number[];
  /** Has the keeper do something, by words of `sandbox/guard/keeper.h`. */
  order(words: readonly string[]): void;
  /** What was ordered so far is not for a keeper that comes now. */
  forgetOrders(): void;
  /** Wakes the stub that has this turn. @param text what it prints and how it ends, as `encodeAnswer` has it; of one that is in bash, other commands too. */
  reply(turn: number, text: string | Buffer): void;
  /** What has been written to a stream since it was read last. */
  read(stream: number): Buffer;
  /** Records that something came to another state just now. @param now milliseconds since the run began. */
  tell(change: StateChange, now: number): void;
}

/** How many stubs may wait for their turn, and how many streams there are, at one time. */
export const TURNS = 16;
export const STREAMS = 48;
