import { columnNames, milestoneTimes } from './option-shapes.js';
import { aligned, timeText } from './table-text.js';

/** One milestone of two runs, in milliseconds; undefined where one has it not. */
export interface MilestoneRow {
  readonly milestone: string;
  readonly first: number | undefined;
  readonly second: number | undefined;
  /** The second less the first. */
  readonly difference: number | undefined;
}

/** Milestones side by side. */
export interface MilestoneTable {
  readonly rows: readonly MilestoneRow[];
  /** As a table for people. */
  toString(): string;
}

/**
 * Compares when milestones were in two runs, or in a run and in what was measured elsewhere: what `run.timeline.milestones`
 * gives, or numbers of milliseconds by name.
 * @param names what the columns are called; default `first` and `second`.
 * @throws Error for what has no such numbers.
 */
export function compareMilestones(first: Readonly<Record<string, number>>, second: Readonly<Record<string, number>>, names: readonly [first: string, second: string] = ['first', 'second']): MilestoneTable {
  milestoneTimes('compareMilestones: the first', first);
  milestoneTimes('compareMilestones: the second', second);
  columnNames('compareMilestones: the names of its columns', names);
  const rows = [...new Set([...Object.keys(first), ...Object.keys(second)])].map((milestone) => {
    const [one, other] = [first[milestone], second[milestone]];
    return { milestone, first: one, second: other, difference: one === undefined || other === undefined ? undefined : other - one };
  });
  const text = (time: number | undefined, sign = '') => (time === undefined ? '-' : `${time < 0 ? '-' : sign}${timeText(Math.abs(time))}`);
  return {
    rows,
    toString: () => aligned([[...names, 'difference', 'milestone'], ...rows.map((row) => [text(row.first), text(row.second), text(row.difference, '+'), row.milestone])], 3),
  };
}
