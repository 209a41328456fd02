import { ACTORS } from './lanes.js';
import { lanesOf, ticksOf, tickText, type Bar, type LaneRow, type Picture } from './picture.js';
import { PATH_LANE, STYLE } from './svg-style.js';
import { clipped, timeText } from './table-text.js';

/** All in pixels of a picture that is shown as it is. */
const WIDTH = 1200;
const LEFT = 190;
const RIGHT = 90;
const ROW = 20;
const BAR = 15;
const GAP = 10;
const LETTER = 6.7;

/** A timeline as an SVG file that needs nothing else: lanes, an axis in seconds, milestones, and the critical path. */
export function svgOf(picture: Picture): string {
  const { title, duration, marks, path } = picture;
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(duration, 1e-6);
  const x = (time: number) => round(LEFT + time * scale);
  const head = placed(marks.map(({ name, time }) => ({ text: `${name} ${timeText(time)}`, at: x(time) })));
  const top = 74 + Math.max(0, ...head.map(({ row }) => row + 1)) * 17;
  let y = top + (path.length > 0 ? ROW + 2 * GAP : GAP);
  const lanes = lanesOf(picture).map((lane) => {
    const at = y;
    const height = Math.max(1, ...lane.bars.map(({ depth }) => depth + 1)) * ROW;
    y += height + GAP;
    return { lane, at, height };
  });
  const bottom = y;
  const parts = [
    text(20, 30, clipped(title, 110), 'title'),
    legend(),
    ...ticksOf(duration, 10).map((tick) => `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${bottom}"/>${text(x(tick), bottom + 16, tickText(tick), 'axis')}`),
    ...lanes.flatMap(({ lane, at, height }, index) => [
      ...(index % 2 === 0 ? [`<rect class="band" x="0" y="${at - GAP / 2}" width="${WIDTH}" height="${height + GAP}"/>`] : []),
      text(LEFT - 12, at + 14, clipped(lane.name, 26), 'lane'),
      ...barsOf(lane, at, x),
    ]),
    ...criticalOf(picture, lanes, top, x),
    ...head.map(({ text: label, at, row, anchor }) => `<line class="mark" x1="${at}" x2="${at}" y1="${62 + row * 17}" y2="${bottom}"/>${text(at + (anchor === 'start' ? 4 : -4), 72 + row * 17, label, `label ${anchor}`)}`),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 30}" width="${WIDTH}" height="${bottom + 30}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>',
    `<rect class="ground" width="${WIDTH}" height="${bottom + 30}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function barsOf({ name, bars, points }: LaneRow, at: number, x: (time: number) => number): string[] {
  return [
    ...bars.map((bar) => {
      const [left, right, y] = [x(bar.from), x(bar.to), at + bar.depth * ROW + 2];
      const next = Math.min(WIDTH - 8, ...bars.filter((one) => one.depth === bar.depth && one.from >= bar.to).map(({ from }) => x(from)));
      return `<g><rect class="bar ${bar.kind}" x="${left}" y="${y}" width="${Math.max(1.5, round(right - left))}" height="${BAR}" rx="2"/>${hover(bar)}${labelOf(bar.what, left, right, next, y)}</g>`;
    }),
    ...points.map(({ what, time }, index) => {
      const room = Math.floor(((points[index + 1] ? x(points[index + 1]!.time) : WIDTH) - x(time) - 20) / LETTER);
      const label = room >= 8 && name === ACTORS ? text(x(time) + 10, at + 13, clipped(what, room), 'beside') : '';
      return `<g><path class="point" d="M ${x(time)} ${at + 3} l 6 6 l -6 6 l -6 -6 z"/><title>${escaped(`${what}, at ${timeText(time)}`)}</title>${label}</g>`;
    }),
  ];
}

/** What fits into a bar, or else beside it; the rest is told where the mouse is. */
function labelOf(what: string, left: number, right: number, next: number, y: number): string {
  const room = Math.floor((right - left - 8) / LETTER);
  const beside = Math.floor((next - right - 8) / LETTER);
  if (room >= Math.min(what.length, 8)) return text(left + 4, y + 11.5, clipped(what, room), 'inside');
  return beside >= 5 ? text(right + 4, y + 11.5, clipped(what, beside), 'beside') : '';
}

/** A strip of its own at the top, and lines from lane to lane where it goes on in another. */
function criticalOf({ path }: Picture, lanes: readonly { lane: LaneRow; at: number; height: number }[], top: number, x: (time: number) => number): string[] {
  if (path.length === 0) return [];
  const y = top + GAP;
  const long = path.filter(({ from, to }) => to > from);
  const laneAt = (name: string) => lanes.find(({ lane }) => lane.name === name);
  return [
    text(LEFT - 12, y + 12, PATH_LANE, 'lane strong'),
    ...long.map(({ kind, what, lane, from, to, share }) => {
      const [left, right] = [x(from), x(to)];
      const room = Math.floor((right - left - 8) / LETTER);
      return `<g><rect class="critical ${kind}" x="${left}" y="${y}" width="${Math.max(1.5, round(right - left))}" height="${BAR + 2}"/><title>${escaped(`${lane}: ${what}, ${timeText(to - from)} (${(share * 100).toFixed(1)} %)`)}</title>${room >= 4 ? text(left + 4, y + 12.5, clipped(what, room), 'on-path') : ''}</g>`;
    }),
    ...long.flatMap(({ lane, from, to }) => {
      const found = laneAt(lane);
      return found ? [`<rect class="trace" x="${x(from)}" y="${found.at + found.height - 2}" width="${Math.max(1.5, round(x(to) - x(from)))}" height="3"/>`] : [];
    }),
    ...long.slice(1).flatMap((part, index) => {
      const [one, other] = [laneAt(long[index]!.lane), laneAt(part.lane)];
      return one && other && one !== other ? [`<line class="trace-line" x1="${x(part.from)}" x2="${x(part.from)}" y1="${one.at + one.height}" y2="${other.at + other.height}"/>`] : [];
    }),
  ];
}

function legend(): string {
  const items: readonly (readonly [Bar['kind'] | 'path' | 'unknown', string])[] = [['call', 'works'], ['sleep', 'sleeps'], ['coming', 'coming up or down'], ['on', 'up'], ['failed', 'failed'], ['path', 'critical path'], ['unknown', 'not known']];
  let at = 20;
  return items.map(([kind, word]) => {
    const left = at;
    at += 26 + word.length * LETTER + 14;
    return `<rect class="${kind === 'path' || kind === 'unknown' ? `critical ${kind}` : `bar ${kind}`}" x="${round(left)}" y="42" width="16" height="11" rx="2"/>${text(left + 21, 52, word, 'key')}`;
  }).join('');
}

/** Labels that would lie over each other come into rows of their own; near the right edge they stand to the left. */
function placed(labels: readonly { text: string; at: number }[]): { text: string; at: number; row: number; anchor: 'start' | 'end' }[] {
  const spans: { from: number; to: number; row: number }[] = [];
  return labels.map(({ text: label, at }) => {
    const length = label.length * LETTER + 12;
    const anchor = at + length > WIDTH ? 'end' as const : 'start' as const;
    const [from, to] = anchor === 'start' ? [at, at + length] : [at - length, at];
    let row = 0;
    while (spans.some((span) => span.row === row && span.from < to && from < span.to)) row += 1;
    spans.push({ from, to, row });
    return { text: label, at, row, anchor };
  });
}

function hover({ what, from, to }: Bar): string {
  return `<title>${escaped(`${what}, ${timeText(from)} to ${timeText(to)}, ${timeText(to - from)}`)}</title>`;
}

function text(x: number, y: number, words: string, name: string): string {
  return `<text class="${name}" x="${round(x)}" y="${round(y)}">${escaped(words)}</text>`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}

function escaped(words: string): string {
  return words.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\uFFFD').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
