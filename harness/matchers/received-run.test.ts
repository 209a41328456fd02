import { describe, expect, it } from 'vitest';
import { fabricatedRun, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const failed = fabricatedRun({ exitCode: 22 });

describe('what is not a run', () => {
  it('is a forgotten await', () => {
    const promise = Promise.resolve(failed);
    expect(messageOf(() => expect(promise).toSucceed())).toMatchInlineSnapshot(`"expect(run).toSucceed() received a promise, not a run. Write \`await\` before .call(), .exec() or .source()."`);
    expect(messageOf(() => expect(promise).not.toHaveCalled('curl'))).toMatchInlineSnapshot(`"expect(run).toHaveCalled() received a promise, not a run. Write \`await\` before .call(), .exec() or .source()."`);
  });

  it('is anything else', () => {
    expect(messageOf(() => expect('text').toPrint('x'))).toMatchInlineSnapshot(`"expect(run).toPrint() takes what .call(), .exec() or .source() resolves to; it received the string "text"."`);
    expect(messageOf(() => expect(undefined).toEmit({}))).toMatchInlineSnapshot(`"expect(run).toEmit() takes what .call(), .exec() or .source() resolves to; it received undefined."`);
    expect(messageOf(() => expect(failed.record).not.toHaveChanged())).toMatchInlineSnapshot(`"expect(run).toHaveChanged() takes what .call(), .exec() or .source() resolves to; it received an object with context, exitCode, stdout, stderr, output."`);
  });

  it('may be a promise when the expectation resolves it', async () => {
    await expect(Promise.resolve(failed)).resolves.toExit(22);
    await expect(Promise.resolve(failed)).resolves.not.toSucceed();
  });
});
