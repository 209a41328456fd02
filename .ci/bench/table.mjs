import { median } from './measure.mjs';

/**
 * One line of the table.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {'ms' | 's' | 'MB' | '/s'} unit
 * @property {import('./measure.mjs').Samples} shellrig
 * @property {import('./measure.mjs').Samples} [bats] the same work there
 * @property {import('./measure.mjs').Samples} [bash] the same work without a harness
 * @property {string} [budget] as it is shown
 * @property {(slowness: number) => boolean} [holds] whether the budget does on a machine so much slower than the one it was
 *   set on; undefined where there is none
 * @property {number} [slowness] of the machine while this was measured; 1 by default
 */

/** @param {Row} row */
export function isOver(row) {
  return row.holds?.(row.slowness ?? 1) === false;
}

/**
 * @param {readonly Row[]} rows
 * @returns {string} a table in Markdown, its columns aligned
 */
export function tableOf(rows) {
  const lines = rows.map((row) => [
    row.name,
    ...[row.shellrig, row.bats, row.bash].map((samples) => measureText(samples, row.unit)),
    ratioText(row.shellrig, row.bats),
    ratioText(row.shellrig, row.bash),
    row.budget ?? '',
    row.holds === undefined ? '' : isOver(row) ? 'OVER' : 'ok',
    row.holds === undefined ? '' : (row.slowness ?? 1).toFixed(2),
  ]);
  const all = [['', 'shellrig', 'bats', 'plain bash', 'of bats', 'of bash', 'budget', 'verdict', 'slowness'], ...lines];
  const widths = Array.from({ length: 9 }, (_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)));
  const [head, ...body] = all.map((line) => `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`);
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [head, rule, ...body].join('\n');
}

/**
 * The median, and the range where there are several.
 *
 * @param {import('./measure.mjs').Samples | undefined} samples
 * @param {string} unit
 */
function measureText(samples, unit) {
  if (samples === undefined || samples.length === 0) return '';
  const digits = (/** @type {number} */ value) => value.toFixed(value < 100 && unit !== 'MB' ? 2 : 0);
  const range = samples.length > 1 ? ` (${digits(Math.min(...samples))}-${digits(Math.max(...samples))})` : '';
  return `${digits(median(samples))} ${unit}${range}`;
}

/**
 * @param {import('./measure.mjs').Samples} samples
 * @param {import('./measure.mjs').Samples | undefined} peers
 */
function ratioText(samples, peers) {
  if (peers === undefined || peers.length === 0) return '';
  return `${(median(samples) / median(peers)).toFixed(2)}x`;
}
