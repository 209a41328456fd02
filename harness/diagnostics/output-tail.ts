import stripAnsi from 'strip-ansi';

/** Lines shown of each stream. */
const LINES = 8;
const WIDEST = 300;

/**
 * The end of a stream as an indented block under its name, or undefined when nothing was written.
 * Terminal escapes are dropped, and of a carriage-return progress bar only the last state is kept.
 */
export function outputTail(name: string, bytes: Uint8Array): string | undefined {
  const text = stripAnsi(Buffer.from(bytes).toString('utf8')).replace(/\n$/, '');
  if (text === '') return undefined;
  const lines = text.split('\n').map((line) => line.replace(/\r$/, '')).map((line) => line.slice(line.lastIndexOf('\r') + 1));
  const title = lines.length > LINES ? `${name} (last ${LINES} of ${lines.length} lines):` : `${name}:`;
  const shown = lines.slice(-LINES).map((line) => `  ${line.length > WIDEST ? `${line.slice(0, WIDEST)}…` : line}`.trimEnd());
  return [title, ...shown].join('\n');
}
