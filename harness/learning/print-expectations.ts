import type { Run } from '../shell/run.js';
import type { Fact } from './host-facts.js';
import { WIDTH, stringLiteral } from './literals.js';
import { settledText } from './settled-text.js';

type Stream = 'stdout' | 'stderr';

/** Lines and characters that are worth reading in a spec. */
const MOST_LINES = 60;
const MOST_CHARACTERS = 4000;

/** What two runs printed, as expectations that both meet. */
export function printExpectations(run: Run, again: Run, facts: readonly Fact[]): string[] {
  if (run.output === '' && again.output === '') return ["expect(run.output).toBe('');"];
  return (['stdout', 'stderr'] as const).flatMap((stream) => streamExpectation(stream, run[stream], again[stream], facts));
}

function streamExpectation(stream: Stream, text: string, again: string, facts: readonly Fact[]): string[] {
  const received = `expect(run.${stream})`;
  if (text === '' && again === '') return [`${received}.toBe('');`];
  const count = text.replace(/\n$/, '').split('\n').length;
  const isLong = count > MOST_LINES || text.length > MOST_CHARACTERS;
  const settled = isLong ? undefined : settledText(text, again, facts);
  if (settled instanceof RegExp) return [`${received}.toMatch(${String(settled)});`];
  if (settled !== undefined) return [`${received}.${textExpectation(settled)};`];
  const common = text.split('\n').find((line) => line.trim() !== '' && line.length <= WIDTH && again.split('\n').includes(line) && typeof settledText(line, line, facts) === 'string');
  const why = isLong ? `It printed ${count === 1 ? 'a long line' : `${count} lines`} on ${stream}` : `What it prints on ${stream} differs from run to run`;
  return common === undefined ? [`// ${why}.`] : [`// ${why}, this among it.`, `expect(run).toPrint(${stringLiteral(common)}, { on: '${stream}' });`];
}

/** One line as a plain text; several as a snapshot, which `vitest -u` writes anew. */
function textExpectation(text: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const isPlain = !/[\x00-\x08\x0b-\x1f\x7f]/.test(text);
  if (!isPlain || (lines.length === 1 && stringLiteral(text).length < WIDTH * 2)) return `toBe(${stringLiteral(text)})`;
  const inside = text.replace(/[`\\]|\$\{/g, '\\$&').split('\n');
  const indented = inside.map((line, index) => (index > 0 && line === '' ? '' : `  ${index === 0 ? '"' : ''}${line}${index === inside.length - 1 ? '"' : ''}`));
  // The closing quote stands on the last line, also where that is empty.
  if (inside.at(-1) === '') indented[indented.length - 1] = '  "';
  return `toMatchInlineSnapshot(\`\n${indented.join('\n')}\n\`)`;
}
