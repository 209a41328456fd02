import { fileAndLine } from '../diagnostics/place.js';
import type { RunRecord } from '../shell/run.js';

/** The lane of what the called shell and its own processes do. */
export const SCRIPT = 'script';
/** Those of what actors do, and of events and other files, of which nobody told who wrote them. */
export const ACTORS = 'actors';
export const EVENTS = 'events';
export const FILES = 'files';

/** Where a lane begins: who made it begin, when. */
export interface Origin {
  readonly lane: string;
  /** Milliseconds since the run started. */
  readonly time: number;
}

/** Who does what in a run: the script, each job that it starts in the background, each thing that a supervisor keeps. */
export class Lanes {
  private readonly jobs = new Map<number, { readonly name: string; readonly parent: number; readonly time: number }>();
  private readonly subjects = new Map<number, string>();
  private readonly parents: ReadonlyMap<number, number>;

  constructor({ happened, parents, reports, background, context }: RunRecord) {
    this.parents = parents;
    for (const { kept } of reports.values()) for (const { subject, pid } of kept) this.subjects.set(pid, subject);
    const places = new Map(background.map(({ pid, site }) => [pid, site]));
    // Which was started first, their numbers tell: what tells of them comes when somebody takes a step.
    for (const one of happened.flatMap((one) => (one.kind === 'started' ? [one] : [])).sort((job, other) => job.pid - other.pid)) {
      if (this.jobs.has(one.pid)) continue;
      const site = places.get(one.pid);
      const place = site ? ` ${fileAndLine(site, context.hostPaths).replace(/^.*\//, '')}` : '';
      this.jobs.set(one.pid, { name: `job ${this.jobs.size + 1}${place}`, parent: one.parent, time: one.time });
    }
  }

  /** @param pids a process and those that led to it, innermost first. */
  of(pids: readonly number[]): string {
    for (const pid of pids) {
      const found = this.subjects.get(pid) ?? this.jobs.get(pid)?.name;
      if (found !== undefined) return found;
    }
    return SCRIPT;
  }

  ofProcess(pid: number): string {
    const line = [pid];
    for (let parent = this.parents.get(pid); parent !== undefined && !line.includes(parent); parent = this.parents.get(parent)) line.push(parent);
    return this.of(line);
  }

  /** Jobs of a lane, each with its own lane. */
  jobsOf(lane: string): { readonly pid: number; readonly lane: string }[] {
    return [...this.jobs].flatMap(([pid, { name, parent }]) => (this.ofProcess(parent) === lane ? [{ pid, lane: name }] : []));
  }

  /** Where a job's lane begins; undefined for other lanes. */
  originOf(lane: string): Origin | undefined {
    for (const { name, parent, time } of this.jobs.values()) if (name === lane) return { lane: this.ofProcess(parent), time };
    return undefined;
  }
}
