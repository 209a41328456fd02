import { diffArrays } from 'diff';

/**
 * Two texts beside each other, line by line, equal lines at the same height: ` | ` stands between equal lines, ` > `
 * before a line that only the right one has, ` < ` behind one that only the left one has, ` ! ` between two that differ.
 * @param width characters of the whole; longer lines are folded.
 */
export function sideBySide(left: readonly [title: string, text: string], right: readonly [title: string, text: string], width: number): string {
  const column = Math.floor((width - 3) / 2);
  const rows = alignedRows(left[1].split('\n'), right[1].split('\n'));
  const lines = [
    row([left[0]], [right[0]], '|', column),
    [`${'-'.repeat(column)}-+-${'-'.repeat(column)}`],
    ...rows.map(([one, other]) => row(folded(one, column), folded(other, column), markOf(one, other), column)),
  ];
  return lines.flat().join('\n');
}

type Row = readonly [left: string | undefined, right: string | undefined];

function alignedRows(left: readonly string[], right: readonly string[]): Row[] {
  const rows: Row[] = [];
  const parts = diffArrays([...left], [...right]);
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]!;
    const next = parts[index + 1];
    if (!part.added && !part.removed) {
      rows.push(...part.value.map((line): Row => [line, line]));
    } else if (part.removed && next?.added) {
      const most = Math.max(part.value.length, next.value.length);
      for (let line = 0; line < most; line += 1) rows.push([part.value[line], next.value[line]]);
      index += 1;
    } else {
      rows.push(...part.value.map((line): Row => (part.removed ? [line, undefined] : [undefined, line])));
    }
  }
  return rows;
}

function markOf(left: string | undefined, right: string | undefined): string {
  if (left === right) return '|';
  if (left === undefined) return '>';
  return right === undefined ? '<' : '!';
}

function folded(line: string | undefined, column: number): string[] {
  if (line === undefined) return [''];
  const parts: string[] = [];
  for (let at = 0; at < line.length || at === 0; at += column) parts.push(line.slice(at, at + column));
  return parts;
}

function row(left: readonly string[], right: readonly string[], mark: string, column: number): string[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => `${(left[index] ?? '').padEnd(column)} ${mark} ${right[index] ?? ''}`.trimEnd());
}
