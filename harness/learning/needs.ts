import type { StrictError } from '../diagnostics/strict-error.js';
import type { Allowances, Stubs } from '../shell/options.js';
import { DEFAULT_TOOLS, interpreterOf, isInstalled } from '../sandbox/tools.js';
import { bash, exits } from '../stubs/stub.js';
import { HARMLESS_TOOLS } from './harmless-tools.js';

/** Commands that run another as somebody else. */
const WRAPPERS = new Set(['doas', 'sudo']);

/** In the place of such a command: drops its options, those that take a value with it, and runs the rest. */
export const RUNS_THE_REST = 'while [[ ${1-} == -* ]]; do [[ $1 != -[CDRTUghpru] ]] || shift; shift; done; env "$@"';

/** A run reads an argument that it was not given. */
export class MissingArgument extends Error {
  /** @param position of the argument, from 1. @param isSourcing whether the script read it while it was sourced. */
  constructor(readonly position: number, readonly isSourcing = false) {
    super(`it reads $${position}, which the command line does not give`);
  }
}

/** What a script needs of its world: what runs without it have complained of. */
export class Needs {
  /** Commands that it calls, and functions of scripts that are not sourced: somebody has to say what they answer. */
  readonly stubs = new Set<string>();
  /** Commands that run another one, which is what a spec wants to see. */
  readonly wrappers = new Set<string>();
  /** Programs that can do no harm, and do their own work. */
  readonly tools = new Set<string>();
  /** Shell variables that it reads while it runs, or exported ones while it is sourced, and that nobody sets. */
  readonly variables = new Set<string>();
  readonly environment = new Set<string>();
  /** Those of them that must not be empty. */
  private readonly filled = new Set<string>();
  /** What it does that is an error elsewhere. */
  readonly commands = new Set<string>();
  readonly leftovers = new Set<string>();
  readonly shellErrors = new Set<string>();
  readonly realTime = new Set<string>();

  /** @param isCall whether a function is called; a script that runs as a whole has no variables but exported ones. */
  constructor(private readonly isCall: boolean) {}

  /**
   * Learns from a run that was no result.
   * @returns whether there is anything new in it: if not, the next run would end in the same way.
   * @throws MissingArgument for an argument that it reads and was not given.
   */
  add({ code, subjects }: StrictError): boolean {
    const before = this.size();
    if (code === 'undeclared-command') for (const name of subjects) this.addCommand(name);
    if (code === 'leftover-process') for (const command of subjects) this.leftovers.add(command.split(' ')[0] ?? '');
    if (code === 'real-time') for (const name of subjects) this.realTime.add(name);
    if (code === 'shell-error') for (const text of subjects) this.addComplaint(text, this.isCall ? this.variables : this.environment);
    // Other errors of bash end no sourcing.
    if (code === 'source-failed') for (const text of subjects.filter((subject) => unboundIn(subject) !== undefined)) this.addComplaint(text, this.environment);
    return this.size() > before;
  }

  /**
   * Learns from what a run said on standard error of variables that it insists on (`${x?}`, `${x:?}`), which is no error of bash's own.
   * @returns whether there is anything new in it.
   */
  addUnset(stderr: string): boolean {
    const before = this.size();
    for (const [, name = '', wants] of stderr.matchAll(/: (?:line )?\d+: (\w+): parameter (not set|null or not set|not set or null)$/gm)) {
      if (wants !== 'not set') this.filled.add(name);
      if (/^[1-9]\d*$/.test(name)) throw new MissingArgument(Number(name));
      (this.isCall ? this.variables : this.environment).add(name);
    }
    return this.size() > before;
  }

  silentStubs(): Stubs {
    return Object.fromEntries([...[...this.stubs].map((name) => [name, exits(0)] as const), ...[...this.wrappers].map((name) => [name, bash(RUNS_THE_REST)] as const)]);
  }

  /** The variables with a value that does for a run: an empty one where that will do. */
  assumed(variables: ReadonlySet<string>): Record<string, string> {
    return Object.fromEntries([...variables].map((name) => [name, this.filled.has(name) ? 'x' : '']));
  }

  allow(): Allowances {
    return { commands: [...this.commands], leftovers: [...this.leftovers], shellErrors: [...this.shellErrors], realTime: [...this.realTime] };
  }

  private addCommand(name: string): void {
    const bare = name.slice(name.lastIndexOf('/') + 1);
    const isKnown = this.stubs.has(name) || this.wrappers.has(name) || this.tools.has(bare);
    // A program that was made and removed again, or one in the working directory, is no command of the machine.
    if (isKnown || !/^(?:[^\0\s/]+|\/[^\0\s]+)$/.test(name)) this.commands.add(name);
    else if (HARMLESS_TOOLS.has(bare) && worksHere(bare) && (bare === name || /^\/(?:usr\/)?s?bin\/[^/]+$/.test(name))) this.tools.add(bare);
    else if (WRAPPERS.has(bare)) this.wrappers.add(name);
    else this.stubs.add(name);
  }

  private addComplaint(text: string, variables: Set<string>): void {
    const name = unboundIn(text);
    const missing = /^(.*): command not found$/.exec(text)?.[1];
    if (name !== undefined && /^[1-9]\d*$/.test(name)) throw new MissingArgument(Number(name), this.isCall && variables === this.environment);
    if (name !== undefined && /^[A-Za-z_]\w*$/.test(name) && !variables.has(name)) variables.add(name);
    else if (missing !== undefined) this.commands.add(missing);
    else this.shellErrors.add(text);
  }

  private size(): number {
    return [this.filled, this.stubs, this.wrappers, this.tools, this.variables, this.environment, this.commands, this.leftovers, this.shellErrors, this.realTime].reduce((sum, { size }) => sum + size, 0);
  }
}

/** Whether a program is there, and all that it runs on: what it may be written in is no tool of every sandbox. */
function worksHere(name: string): boolean {
  return isInstalled(name) && DEFAULT_TOOLS.includes(interpreterOf(name) ?? 'sh');
}

/** The variable, array or argument of which bash said that it is unbound. */
function unboundIn(text: string): string | undefined {
  return /^\$?(\w+)(?:\[[^\]]*\])?: unbound variable$/.exec(text)?.[1];
}
