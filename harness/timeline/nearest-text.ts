import { editDistance } from '../diagnostics/suggest.js';
import { indented } from '../diagnostics/where.js';
import type { HostPaths } from '../diagnostics/place.js';
import type { Happening, Selector } from './happening.js';
import { rowText } from './table-text.js';

/** So many are told. */
const MOST = 3;

/** What happened that is most like what was looked for, each on a line with its instant. */
export function nearestText({ what }: Selector, happenings: readonly Happening[], hostPaths: HostPaths): string {
  const wanted = what.replace(/^(the end of|event|change of|act) /, '');
  const [first = ''] = wanted.split(' ');
  const ranked = happenings
    .filter(({ kind }) => kind !== 'end')
    .map((happening) => ({ happening, distance: editDistance(happening.what, wanted) / Math.max(happening.what.length, wanted.length, 1) - (first !== '' && happening.what.includes(first) ? 0.5 : 0) }))
    .filter(({ distance }) => distance < 0.6)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, MOST)
    .map(({ happening }) => happening);
  if (ranked.length === 0) return 'nothing that happened is like it';
  return `nearest:\n${indented(ranked.map((one) => rowText(one, hostPaths)).join('\n'))}`;
}
