import type { Site } from '../stubs/call.js';
import { BASH_SIDE } from '../sandbox/places.js';

/**
 * The call stacks of a run's processes, rebuilt from steps: each step tells its depth, so the last step at every
 * lesser depth is the frame that called it.
 */
export class CallStacks {
  private readonly frames = new Map<number, Map<number, Site>>();
  private readonly depths = new Map<number, number>();
  private readonly parents = new Map<number, number>();

  /** A subshell starts with its parent's stack. */
  fork(pid: number, parent: number): void {
    this.parents.set(pid, parent);
    this.frames.set(pid, new Map(this.frames.get(parent)));
    this.depths.set(pid, this.depths.get(parent) ?? 0);
  }

  /** One step. @returns its site as reports show it; undefined for shellrig's own lines, which change no stack. */
  step(pid: number, depth: number, site: Site): Site | undefined {
    const shown = { ...site, function: site.function === '' || site.function === 'source' ? 'main' : site.function };
    if (isOwn(shown)) return undefined;
    const frames = this.frames.get(pid) ?? new Map<number, Site>();
    this.frames.set(pid, frames);
    for (const deeper of frames.keys()) if (deeper > depth) frames.delete(deeper);
    this.depths.set(pid, depth);
    frames.set(depth, shown);
    return shown;
  }

  /** A process's stack, innermost first, without shellrig's own frames. */
  of(pid: number): readonly Site[] {
    const frames = this.frames.get(pid);
    if (!frames) return [];
    return [...frames].sort(([one], [other]) => other - one).map(([, site]) => site);
  }

  depthOf(pid: number): number {
    return this.depths.get(pid) ?? 0;
  }

  /**
   * The stack that led to a program: the innermost process that has one, then those that started it, through programs
   * in between (`timeout`, `xargs`) and through other scripts.
   * @param pids the program and its ancestors, innermost first.
   */
  through(pids: readonly number[]): readonly Site[] {
    const stack: Site[] = [];
    const covered = new Set<number>();
    for (const pid of pids) {
      if (covered.has(pid)) continue;
      stack.push(...this.of(pid));
      for (let parent: number | undefined = pid; parent !== undefined; parent = this.parents.get(parent)) covered.add(parent);
    }
    return stack;
  }
}

function isOwn(site: Site): boolean {
  return site.file.startsWith(`${BASH_SIDE}/`) || site.file === 'environment';
}
