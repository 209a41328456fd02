import type { Site } from '../stubs/call.js';
import { BASH_SIDE } from '../sandbox/places.js';

/**
 * The call stacks of a run's processes, rebuilt from steps: each step tells its depth, so the last step at every
 * lesser depth is the frame that called it.
 */
export class CallStacks {
  private readonly frames = new Map<number, Map<number, Site>>();
  private readonly parents = new Map<number, number>();
  private readonly starters = new Map<number, readonly number[]>();

  /**
   * A subshell starts with its parent's stack.
   * @param found the stack as the subshell itself found it, with depths: its parent may have gone on meanwhile.
   */
  fork(pid: number, parent: number, found: readonly (readonly [depth: number, site: Site])[]): void {
    this.parents.set(pid, parent);
    const before = this.frames.get(parent);
    const own = found.filter(([, site]) => !isNoScript(site)).map(([depth, site]) => [depth, inTrap(shownSite(site), before?.get(depth))] as const);
    // In an EXIT trap no script's frame is left: what counts is where the shell was.
    this.frames.set(pid, new Map(own.length > 0 ? own : before));
  }

  /** A program that a process started in the background takes no steps: it stays where it was started. */
  adopt(pid: number, parent: number, stack: readonly Site[]): void {
    if (this.frames.has(pid)) return;
    this.parents.set(pid, parent);
    this.frames.set(pid, new Map(stack.map((site, index) => [stack.length - index, site])));
  }

  /** A bash has a stack of its own, behind which come those of the processes that led to it. */
  startedBy(pid: number, ancestors: readonly number[]): void {
    this.starters.set(pid, ancestors);
  }

  /** One step. @returns its site as reports show it; undefined for shellrig's own lines and text without a file, which change no stack. */
  step(pid: number, depth: number, site: Site): Site | undefined {
    if (isNoScript(site)) return undefined;
    const frames = this.frames.get(pid) ?? new Map<number, Site>();
    this.frames.set(pid, frames);
    for (const deeper of frames.keys()) if (deeper > depth) frames.delete(deeper);
    const shown = inTrap(shownSite(site), frames.get(depth));
    frames.set(depth, shown);
    return shown;
  }

  /** A process's stack, innermost first, without shellrig's own frames. */
  of(pid: number): readonly Site[] {
    const frames = this.frames.get(pid);
    if (!frames) return [];
    return [...frames].sort(([one], [other]) => other - one).map(([, site]) => site);
  }

  /**
   * The stack that led to a program: the innermost process that has one, then those that started it, through programs
   * in between (`timeout`, `xargs`) and through other scripts.
   * @param pids the program and its ancestors, innermost first, as far as they are known.
   */
  through(pids: readonly number[]): readonly Site[] {
    const stack: Site[] = [];
    const covered = new Set<number>();
    const waiting = [...pids];
    for (let pid = waiting.shift(); pid !== undefined; pid = waiting.shift()) {
      if (covered.has(pid)) continue;
      stack.push(...this.of(pid));
      // A subshell's stack holds its parents'.
      for (let parent: number | undefined = pid; parent !== undefined; parent = this.parents.get(parent)) {
        covered.add(parent);
        waiting.push(...(this.starters.get(parent) ?? []));
      }
    }
    return stack;
  }
}

/** In the text of a trap bash counts lines from 1: what matters is the line at which the trap came. */
function inTrap(site: Site, before: Site | undefined): Site {
  return site.line === 1 && before?.file === site.file && before.function === site.function ? before : site;
}

function shownSite(site: Site): Site {
  return { ...site, function: site.function === '' || site.function === 'source' ? 'main' : site.function };
}

/** Frames of shellrig's own, of functions that came by the environment, and of `bash -c`. */
function isNoScript(site: Site): boolean {
  return site.file === '' || site.file === 'environment' || site.file.startsWith(`${BASH_SIDE}/`);
}

/** Frames as an `F` record (shell/protocol.ts) holds them: depth and line, function, file. */
export function framesIn(fields: readonly Buffer[]): [depth: number, site: Site][] {
  const frames: [number, Site][] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [numbers = '', name = '', file = ''] = fields.slice(at, at + 3).map(String);
    const [depth = 0, line = 0] = numbers.split(' ').map(Number);
    frames.push([depth, { file, line, function: name }]);
  }
  return frames;
}
