/** By name; not every name has one. @typedef {Partial<Record<string, number>>} Times */

/**
 * How a node came to be ready, in milliseconds: see specs/milestones/way.ts.
 *
 * @typedef {{ milestones: Times, parts: Times }} Way
 */

/** What the boots gave. @typedef {{ free: Record<string, number>, before: Way, deferred: Way }} Report */

/** Smaller differences are none, in milliseconds. */
const NOTHING = 5;

/**
 * @param {{ before: Times, deferred: Times }} published
 * @param {Report} report
 * @returns {string} when the node came by its milestones in both orders, beside what was published; seconds
 */
export function milestonesOf(published, { before, deferred }) {
  const sides = /** @type {const} */ ([[published.before, before], [published.deferred, deferred]]);
  const rows = Object.keys(before.milestones).map((name) => [
    name,
    ...sides.flatMap(([said, { milestones }]) => {
      const [theirs, ours = 0] = [said[name], milestones[name]];
      return [theirs === undefined ? '-' : seconds(theirs), seconds(ours), theirs === undefined ? '-' : `${signed(ours - theirs)} (${percent((ours - theirs) / theirs)})`];
    }),
  ]);
  return table(['seconds since the provisioning began', 'before, published', 'ours', 'error', 'deferred, published', 'ours', 'error'], rows);
}

/**
 * @param {Report} report
 * @returns {string} by what kubelet started sooner: what was done before its start in either order, and how long that took
 */
export function differenceOf({ before, deferred }) {
  const names = [...new Set([...Object.keys(before.parts), ...Object.keys(deferred.parts)])];
  const rows = names.map((name) => {
    const [one = 0, other = 0] = [before.parts[name], deferred.parts[name]];
    return { name, one, other, difference: other - one };
  });
  const differing = rows.filter(({ difference }) => Math.abs(difference) >= NOTHING).toSorted((a, b) => a.difference - b.difference);
  const rest = rows.filter((row) => !differing.includes(row));
  const sum = (/** @type {readonly { one: number, other: number, difference: number }[]} */ some, /** @type {string} */ name) => some.reduce((all, row) => ({ name, one: all.one + row.one, other: all.other + row.other, difference: all.difference + row.difference }), { name, one: 0, other: 0, difference: 0 });
  const lines = [...differing, sum(rest, 'all else'), sum(rows, 'kubelet started')];
  return table(['until kubelet started, seconds', 'before', 'deferred', 'difference'], lines.map(({ name, one, other, difference }) => [name, seconds(one), seconds(other), signed(difference)]));
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return (milliseconds / 1000).toFixed(3);
}

/** @param {number} milliseconds */
function signed(milliseconds) {
  return `${milliseconds < 0 ? '-' : '+'}${seconds(Math.abs(milliseconds))}`;
}

/** @param {number} part */
function percent(part) {
  return `${part < 0 ? '-' : '+'}${Math.abs(part * 100).toFixed(0)} %`;
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 * @returns {string} in Markdown, its columns aligned
 */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ row) => `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
