import { scriptLines } from '../diagnostics/script-text.js';
import type { RunRecord, Step } from '../shell/run.js';
import type { Site } from '../stubs/call.js';
import { isSame } from './activities.js';
import type { Lanes } from './lanes.js';

/** Where scripts were when, by the steps of a run. */
export class Places {
  private readonly byLane = new Map<string, { readonly step: Step; readonly time: number }[]>();
  private readonly texts = new Map<string, readonly string[] | undefined>();

  constructor(private readonly record: RunRecord, lanes: Lanes) {
    const moves = record.happened.filter((one) => one.kind === 'moved');
    let next = 0;
    let time = 0;
    const known = new Map<number, string>();
    record.steps.forEach((step, index) => {
      for (; next < moves.length && moves[next]!.steps <= index; next += 1) time = moves[next]!.time;
      const lane = known.get(step.pid) ?? lanes.ofProcess(step.pid);
      known.set(step.pid, lane);
      const steps = this.byLane.get(lane) ?? [];
      if (steps.length === 0) this.byLane.set(lane, steps);
      steps.push({ step, time });
    });
  }

  /** Where a lane's scripts were last, at an instant. */
  of(lane: string, time: number): Site | undefined {
    return this.byLane.get(lane)?.findLast((one) => one.time < time || isSame(one.time, time))?.step;
  }

  /** The lines that a lane's scripts executed at an instant. */
  linesAt(lane: string, time: number): string[] {
    const steps = (this.byLane.get(lane) ?? []).filter((one) => isSame(one.time, time));
    return [...new Set(steps.map(({ step }) => this.lineAt(step) ?? ''))];
  }

  /** A line of a script, as it is written. */
  lineAt({ file, line }: Site): string | undefined {
    if (!this.texts.has(file)) this.texts.set(file, scriptLines(file, this.record.context.hostPaths, this.record.after));
    return this.texts.get(file)?.[line - 1]?.trim();
  }
}
