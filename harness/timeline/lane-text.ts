import { lanesOf, ticksOf, tickText, type Bar, type Picture } from './picture.js';
import { clipped, timeText } from './table-text.js';

const LETTERS: Readonly<Record<Bar['kind'], string>> = { call: '█', sleep: '░', coming: '▒', on: '━', off: ' ', failed: '×' };
const LEGEND = '█ works  ░ sleeps  ▒ is coming up or going down  ━ is up  × failed  ◆ acts, or an event  ? not known';
const WIDEST_NAME = 28;

/** A timeline as lanes of letters, `width` columns wide. What is shorter than a column shows as one. */
export function laneText(picture: Picture & { readonly width: number }): string {
  const { duration, marks, path, width } = picture;
  const lanes = lanesOf(picture);
  const title = 'critical path';
  const nameWidth = Math.min(WIDEST_NAME, Math.max(...[...lanes.map(({ name }) => name), title].map(({ length }) => length)));
  const columns = Math.max(10, width - nameWidth - 2);
  const column = (time: number) => Math.min(columns - 1, Math.floor((time / Math.max(duration, 1e-6)) * columns));
  const line = (name: string, cells: readonly string[]) => `${clipped(name, nameWidth).padEnd(nameWidth)}  ${cells.join('')}`.trimEnd();
  const empty = () => Array.from<string>({ length: columns }).fill(' ');
  const fill = (cells: string[], from: number, to: number, letter: string) => {
    const last = Math.max(column(from), column(to) - (to < duration ? 1 : 0));
    for (let at = column(from); at <= last; at += 1) cells[at] = letter;
  };
  const rows = lanes.map(({ name, bars, points }) => {
    const cells = empty();
    // Where a state is shown, nothing but work is shown over it.
    const isKept = bars.some(({ kind }) => kind !== 'call' && kind !== 'sleep');
    for (const bar of bars.filter(({ kind }) => kind !== 'sleep' || !isKept).sort((one, other) => one.depth - other.depth)) fill(cells, bar.from, bar.to, LETTERS[bar.kind]);
    for (const { time } of points) cells[column(time)] = '◆';
    return line(name, cells);
  });
  const axis = empty();
  let free = 0;
  for (const tick of ticksOf(duration, columns / 12)) {
    const text = `|${tickText(tick)}`;
    if (column(tick) < free || column(tick) + text.length > columns) continue;
    axis.splice(column(tick), text.length, ...text.split(''));
    free = column(tick) + text.length + 1;
  }
  const critical = empty();
  for (const { kind, from, to } of path) if (to > from) fill(critical, from, to, kind === 'unknown' ? '?' : kind === 'sleep' || kind === 'look' ? '░' : '█');
  const letters = marks.map((mark, index) => ({ ...mark, letter: String.fromCharCode(97 + (index % 26)) }));
  const markCells = empty();
  for (const { letter, time } of letters) markCells[column(time)] = letter;
  return [
    line('', axis), ...rows,
    ...(path.length > 0 ? [line(title, critical)] : []),
    ...(marks.length > 0 ? [line('milestones', markCells), ...letters.map(({ letter, name, time }) => `  ${letter}  ${timeText(time)}  ${name}`)] : []),
    LEGEND,
  ].join('\n');
}
