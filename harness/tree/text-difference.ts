import { structuredPatch } from 'diff';

/** Lines of a difference that are shown; the rest is counted. */
const MOST_LINES = 12;
/** Above this many characters a difference is neither computed nor helpful. */
const MOST_CHARACTERS = 100_000;
const WIDEST = 200;

/**
 * The difference of two texts in unified form, without file names: two lines of context, at most 12 lines.
 * @returns undefined when one of them is too long to compare.
 */
export function textDifference(before: string, after: string): string | undefined {
  if (before.length + after.length > MOST_CHARACTERS) return undefined;
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 2 });
  const lines = hunks.flatMap((hunk, index) => [
    ...(index > 0 || hunk.oldStart > 3 ? [`@@ line ${Math.max(1, hunk.newStart)} @@`] : []),
    ...hunk.lines.map((line) => line.replace('\\ No newline at end of file', '\\ no newline at the end')),
  ]);
  const shown = lines.slice(0, MOST_LINES).map((line) => (line.length > WIDEST ? `${line.slice(0, WIDEST)}…` : line).trimEnd());
  if (lines.length > MOST_LINES) shown.push(`… ${lines.length - MOST_LINES} more lines of difference`);
  return shown.join('\n');
}

/** The bytes as text, or undefined when they are not UTF-8 text. */
export function asText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
