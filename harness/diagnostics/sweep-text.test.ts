import { expect, it } from 'vitest';
import { brokenSweepText, type TriedValue } from './sweep-text.js';

const reason = 'oldOrNew(): it is neither';
const value = (id: string, reasons: readonly string[]): TriedValue => ({ id, what: 'killed', outcome: 'on the way', broken: reasons.map((one) => ({ reason: one, details: [] })), text: `at ${id}`, stack: [], again: undefined });

it('tells a value once that breaks the same twice: by what is left, and by the next run', () => {
  expect(brokenSweepText('x', [value('killed@0:4', [reason, reason]), value('killed@0:6', []), value('power-cut@0:4', [reason, reason])], new Map())).toMatchInlineSnapshot(`
    "x: 2 of 3 values break what must hold

    oldOrNew(): it is neither

      at killed@0:4

      the same of 1 other value:
        power-cut@0:4  at power-cut@0:4"
  `);
});
