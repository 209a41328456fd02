import type { HostPaths } from '../diagnostics/place.js';
import type { PathInterval } from './critical-path.js';
import type { Instant } from './happening.js';
import { aligned, timeText, whereText } from './table-text.js';

/** A critical path as a table, and how much of it is known. */
export function pathText({ happening, time }: Instant, intervals: readonly PathInterval[], hostPaths: HostPaths): string {
  const rows = intervals.map(({ kind, what, lane, from, to, share, site, isPresumed }) => [
    timeText(from), timeText(to), kind === 'wait' ? '' : timeText(to - from), kind === 'wait' ? '' : `${(share * 100).toFixed(1)} %`,
    lane, `${kind === 'wait' ? '^ ' : ''}${what}${isPresumed ? ' (presumed)' : ''}`, whereText(site, hostPaths),
  ]);
  const sum = (kind: PathInterval['kind']) => intervals.reduce((all, one) => (one.kind === kind ? all + one.to - one.from : all), 0);
  const parts = ([['unknown', 'not known'], ['look', 'between looks']] as const).flatMap(([kind, word]) => (sum(kind) > 0 ? [`${timeText(sum(kind))} ${word}`] : []));
  return [
    `to ${happening.what}: ${timeText(time)}${parts.length > 0 ? `, of which ${parts.join(', ')}` : ''}`,
    aligned([['from', 'to', 'took', 'share', 'who', 'what', 'where'], ...rows], 4),
  ].join('\n');
}
