import { describe, expect, it } from 'vitest';
import { fabricatedRun, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const failed = fabricatedRun({ exitCode: 22 });

describe('toExit', () => {
  it('takes a number or an asymmetric matcher', () => {
    expect(failed).toExit(22);
    expect(failed).not.toExit(1);
    expect(failed).toExit(expect.any(Number));
    expect(failed).toExit(expect.closeTo(22));
  });

  it('says which code was expected', () => {
    const run = fabricatedRun({ exitCode: 1, lastStack: [], context: { test: undefined } });
    expect(messageOf(() => expect(run).toExit(3))).toMatchInlineSnapshot(`
      "expect(run).toExit(3): expected exit code 3, received 1

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 1

      changes: none"
    `);
    expect(messageOf(() => expect(run).not.toExit(1))).toMatchInlineSnapshot(`
      "expect(run).not.toExit(1): expected another exit code than 1, received 1

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 1

      changes: none"
    `);
    expect(messageOf(() => expect(run).toExit(expect.closeTo(3)))).toMatchInlineSnapshot(`
      "expect(run).toExit(NumberCloseTo 3 (2 digits)): expected exit code NumberCloseTo 3 (2 digits), received 1

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 1

      changes: none"
    `);
  });
});
