import { describe, expect, it } from 'vitest';
import { outputTail } from './output-tail.js';

describe('outputTail', () => {
  it('shows all of a short output and nothing of an empty one', () => {
    expect(outputTail('stdout', Buffer.from('a\n\nb\n'))).toBe('stdout:\n  a\n\n  b');
    expect(outputTail('stdout', Buffer.from(''))).toBeUndefined();
    expect(outputTail('stderr', Buffer.from('\n'))).toBeUndefined();
  });

  it('shows the last eight lines and says of how many', () => {
    const text = Array.from({ length: 10 }, (_, index) => `line ${index}`).join('\n');
    expect(outputTail('stderr', Buffer.from(text))).toBe(`stderr (last 8 of 10 lines):\n${[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `  line ${n}`).join('\n')}`);
  });

  it('drops colours, keeps of a progress bar its last state, cuts long lines', () => {
    expect(outputTail('stdout', Buffer.from('\u001b[1mbold\u001b[0m\r\n 10%\r 50%\r100%\n'))).toBe('stdout:\n  bold\n  100%');
    expect(outputTail('stdout', Buffer.from('x'.repeat(1000)))).toBe(`stdout:\n  ${'x'.repeat(300)}…`);
  });
});
