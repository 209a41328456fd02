import type { Happening } from './happening.js';

/** Something that took time: a call, or a sleep that is part of none. */
export interface Activity {
  readonly happening: Happening;
  readonly start: number;
  /** Infinity where it had not ended when the run did. */
  readonly end: number;
}

/** What took time in each lane, in the order in which it began. */
export class Activities {
  private readonly byLane = new Map<string, Activity[]>();

  constructor(happenings: readonly Happening[], private readonly ancestorsOf: (happening: Happening) => readonly number[]) {
    for (const happening of happenings) {
      if (happening.kind !== 'call' && happening.kind !== 'sleep') continue;
      const activity = { happening, start: happening.start, end: happening.end ?? Infinity };
      if (activity.end > activity.start) this.byLane.set(happening.lane, [...(this.byLane.get(happening.lane) ?? []), activity]);
    }
    for (const [lane, all] of this.byLane) this.byLane.set(lane, this.leaves(all));
  }

  of(lane: string): readonly Activity[] {
    return this.byLane.get(lane) ?? [];
  }

  /**
   * What a lane was busy with just before an instant: what ended then, or was ended before its time; of several, what
   * began last.
   */
  until(lane: string, time: number): Activity | undefined {
    const before = this.of(lane).filter(({ start }) => start < time);
    return latest(before.filter(({ end }) => isSame(end, time))) ?? latest(before.filter(({ end }) => end > time));
  }

  /** When the last thing that took time in a lane had ended, before an instant. */
  endBefore(lane: string, time: number): number {
    return Math.max(0, ...this.of(lane).map(({ end }) => end).filter((end) => end < time));
  }

  /** A call that made others is told by them; what only slept within a call of a program is part of that. */
  private leaves(all: readonly Activity[]): Activity[] {
    const inside = new Map(all.map((activity) => [activity, all.filter((other) => this.isInside(other, activity))]));
    const parts = new Set([...inside].flatMap(([{ happening }, within]) => {
      return happening.kind === 'call' && !happening.call?.isFunction && within.every((one) => one.happening.kind === 'sleep') ? within : [];
    }));
    return all.filter((activity) => !parts.has(activity) && inside.get(activity)!.every((one) => parts.has(one)));
  }

  private isInside(one: Activity, { happening: { call, order = 0 }, start, end }: Activity): boolean {
    return call !== undefined && (one.happening.order ?? 0) > order && one.start >= start && one.start < end && this.ancestorsOf(one.happening).includes(call.pid);
  }
}

/** Whether two instants are one: they are told to the microsecond. */
export function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) < 0.0015;
}

function latest(activities: readonly Activity[]): Activity | undefined {
  return activities.reduce<Activity | undefined>((last, one) => (last && last.start > one.start ? last : one), undefined);
}
