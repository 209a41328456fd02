import type { BackgroundExit } from '../shell/run.js';
import type { Site } from '../stubs/call.js';

/** The background jobs of a run: who they are is told by `$!` at the starter's next step, how they end by their own records. */
export class BackgroundJobs {
  private readonly latest = new Map<number, number>();
  private readonly jobs = new Map<number, readonly Site[]>();
  private readonly exits = new Map<number, number>();

  /** A subshell sees its parent's `$!`, which is none of its own. */
  fork(pid: number, parent: number): void {
    this.latest.set(pid, this.latest.get(parent) ?? 0);
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
    if (known === undefined || known === job || job === 0) return false;
    this.jobs.set(job, stack);
    return true;
  }

  /** A subshell or a stub ended. */
  end(pid: number, exitCode: number): void {
    if (!this.exits.has(pid)) this.exits.set(pid, exitCode);
  }

  /** Where a job was started. */
  stackOf(pid: number): readonly Site[] {
    return this.jobs.get(pid) ?? [];
  }

  /** Those whose end is known, in its order. */
  ended(): BackgroundExit[] {
    return [...this.exits].flatMap(([pid, exitCode]) => {
      const stack = this.jobs.get(pid);
      return stack ? [{ pid, exitCode, site: stack[0] }] : [];
    });
  }
}
