import type { HostPaths } from '../diagnostics/place.js';
import { indented } from '../diagnostics/where.js';
import type { Happening, Instant } from './happening.js';
import { rowText, timeText, whereText } from './table-text.js';

/** So much of what lies between two instants is told, from either end. */
const MOST = 8;

/** Two instants with their places, in their order, and what happened in between; one line where both are one. */
export function betweenText(instants: readonly [Instant, Instant], happenings: readonly Happening[], hostPaths: HostPaths): string {
  const [earlier, later] = [...instants].sort((one, other) => one.time - other.time || (one.order ?? Infinity) - (other.order ?? Infinity)) as [Instant, Instant];
  const between = happenings.filter((one) => one !== earlier.happening && one !== later.happening && isAfter(one, earlier) && !isAfter(one, later));
  const lines = between.map((one) => rowText(one, hostPaths));
  const shown = lines.length <= 2 * MOST ? lines : [...lines.slice(0, MOST), `… ${lines.length - 2 * MOST} more`, ...lines.slice(-MOST)];
  const texts = [instantText(earlier, hostPaths), ...(shown.length > 0 ? [indented(shown.join('\n'))] : []), instantText(later, hostPaths)];
  return (earlier.happening === later.happening && earlier.time === later.time && earlier.order === later.order ? texts.slice(0, 1) : texts).join('\n');
}

function isAfter({ start, order }: Happening, instant: Instant): boolean {
  return start > instant.time || (start === instant.time && (order ?? Infinity) > (instant.order ?? Infinity));
}

function instantText({ happening: { what, lane, start, site }, time }: Instant, hostPaths: HostPaths): string {
  const isEnd = time > start;
  return `${timeText(time)}  ${lane}  ${isEnd ? 'end of ' : ''}${what}${site ? `   at ${whereText(site, hostPaths)}` : ''}`;
}
