import { describe, expect, it } from 'vitest';
import { asText, textDifference } from './text-difference.js';

const numbered = (count: number, change: (line: number) => string = String): string => `${Array.from({ length: count }, (_, index) => change(index + 1)).join('\n')}\n`;

describe('textDifference', () => {
  it('shows what changed with two lines of context, and where', () => {
    expect(textDifference(numbered(20), numbered(20, (line) => (line === 10 ? 'ten' : String(line))))).toMatchInlineSnapshot(`
      "@@ line 8 @@
       8
       9
      -10
      +ten
       11
       12"
    `);
  });

  it('shows a missing newline at the end', () => {
    expect(textDifference('a\n', 'a')).toMatchInlineSnapshot(`
      "-a
      +a
      \\ no newline at the end"
    `);
  });

  it('cuts what is long', () => {
    const difference = textDifference(numbered(30), numbered(30, (line) => `x${line}`))!;
    expect(difference.split('\n')).toHaveLength(13);
    expect(difference).toContain('… 48 more lines of difference');
    expect(textDifference('x'.repeat(60_000), 'y'.repeat(60_000))).toBeUndefined();
  });
});

describe('asText', () => {
  it('takes UTF-8 without NUL for text', () => {
    expect(asText(Buffer.from('ä\n'))).toBe('ä\n');
    expect(asText(Buffer.from('\ufeffx'))).toBe('\ufeffx');
    expect(asText(Buffer.from([0xff, 0x41]))).toBeUndefined();
    expect(asText(Buffer.from('a\0b'))).toBeUndefined();
  });
});
