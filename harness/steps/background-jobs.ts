import type { BackgroundExit } from '../shell/run.js';
import type { Site } from '../stubs/call.js';

/**
 * The background jobs of a run: who they are is told by `$!` at the starter's next step, or by their outliving it; how
 * they end by their own records.
 */
export class BackgroundJobs {
  private readonly latest = new Map<number, number>();
  private readonly forks = new Map<number, { parent: number; stack: readonly Site[] }>();
  private readonly jobs = new Map<number, readonly Site[]>();
  private readonly exits = new Map<number, { exitCode: number; end: number }>();

  /**
   * The first step of a subshell.
   * @param before the job that its parent had started last, 0 for none.
   * @param stacks where it was made, and where its parent is now.
   * @returns whether that job is a new one.
   */
  fork(pid: number, parent: number, before: number, stacks: { readonly made: readonly Site[]; readonly parent: readonly Site[] }): boolean {
    this.forks.set(pid, { parent, stack: stacks.made });
    // A subshell sees its parent's `$!`, which is none of its own.
    this.latest.set(pid, before);
    const known = this.latest.get(parent);
    if (before === 0 || before === known || this.jobs.has(before) || known === undefined) return false;
    // Where the parent took a step meanwhile, it told of the subshell alone.
    this.jobs.set(before, this.jobs.get(pid) ?? stacks.parent);
    return true;
  }

  /**
   * A step of a process, before its stack changes.
   * @param job its `$!`, 0 for none. @param stack where it was just before.
   * @returns whether a job was started just before.
   */
  started(pid: number, job: number, stack: readonly Site[]): boolean {
    const known = this.latest.get(pid);
    this.latest.set(pid, job);
    // The first step of a process may show a job of whoever forked it.
    if (known === undefined || known === job || job === 0 || this.jobs.has(job)) return false;
    this.jobs.set(job, stack);
    return true;
  }

  /** A subshell or a stub ended. @param end milliseconds since the run started. */
  end(pid: number, exitCode: number, end: number): void {
    if (!this.exits.has(pid)) this.exits.set(pid, { exitCode, end });
  }

  /** Where a job was started. */
  stackOf(pid: number): readonly Site[] {
    return this.forks.get(pid)?.stack ?? this.jobs.get(pid) ?? [];
  }

  /** The jobs that are known. */
  get pids(): readonly number[] {
    return [...this.jobs.keys()];
  }

  /** Those whose end is known, in its order. @param shellEnded when the called shell did, in milliseconds. */
  ended(shellEnded: number): BackgroundExit[] {
    return [...this.exits].flatMap(([pid, { exitCode, end }]) => {
      return this.jobs.has(pid) || this.outlives(pid, end) ? [{ pid, exitCode, site: this.stackOf(pid)[0], end, late: end > shellEnded }] : [];
    });
  }

  private outlives(pid: number, end: number): boolean {
    const parent = this.exits.get(this.forks.get(pid)?.parent ?? 0);
    return parent !== undefined && parent.end < end;
  }
}
