import { fileAndLine, type HostPaths } from '../diagnostics/place.js';
import type { Site } from '../stubs/call.js';
import type { Happening } from './happening.js';

/** What happened, a line each: when, how long it took, who, what, where. */
export function tableText(happenings: readonly Happening[], hostPaths: HostPaths): string {
  const rows = happenings.map((one) => [timeText(one.start), tookText(one), one.lane, one.what, whereText(one.site, hostPaths)]);
  return aligned([['at', 'took', 'who', 'what', 'where'], ...rows], 2);
}

/** Words that fit into so many letters. */
export function clipped(words: string, room: number): string {
  return words.length <= room ? words : `${words.slice(0, Math.max(1, room - 1))}…`;
}

/** One thing on one line. */
export function rowText(one: Happening, hostPaths: HostPaths): string {
  const took = tookText(one);
  return `${timeText(one.start)}  ${one.lane}  ${one.what}${took === '' ? '' : `   took ${took}`}${one.site ? `   at ${whereText(one.site, hostPaths)}` : ''}`;
}

/** A place in a table: `install.sh:12 unpack`; empty where there is none. */
export function whereText(site: Site | undefined, hostPaths: HostPaths): string {
  return site ? `${fileAndLine(site, hostPaths)}${site.function === 'main' ? '' : ` ${site.function}`}` : '';
}

/** Milliseconds as people read them on a time line: `12.345 s`; to the microsecond where it must be. */
export function timeText(milliseconds: number): string {
  const micro = Math.round(milliseconds * 1000);
  return `${(micro / 1e6).toFixed(micro % 1000 === 0 ? 3 : 6)} s`;
}

function tookText({ start, end }: Happening): string {
  if (end === undefined) return 'did not end';
  return end > start ? timeText(end - start) : '';
}

/** @param right how many columns from the left are numbers. */
export function aligned(rows: readonly (readonly string[])[], right: number): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => (column < right ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ').trimEnd()).join('\n');
}
