import { describe, expect, it } from 'vitest';
import { isOwnFrame, placedAt, specPlace } from './spec-place.js';
import { StrictError } from './strict-error.js';

const here = fileOf(new Error().stack ?? '');

describe('specPlace', () => {
  it('is the line that asked, without frames of the harness', () => {
    const place = specPlace();
    const frames = place().split('\n');
    expect(frames[0]).toContain('spec-place.test.ts');
    expect(frames.filter((frame) => isOwnFrame(frame))).toEqual([]);
  });
});

describe('placedAt', () => {
  const place = () => '    at spec.ts:1:2';

  it('moves what shellrig says to the spec', () => {
    const error = new StrictError('unused-stub', 'one\n\n  two');
    expect((placedAt(error, place) as Error).stack).toBe(`${error.name}: one\n\n  two\n    at spec.ts:1:2`);
  });

  it('moves a plain error that was made in the harness', () => {
    const error = new Error('there is no script');
    error.stack = `Error: there is no script\n    at add (${here.replace('spec-place.test.ts', 'place.ts')}:1:1)`;
    expect((placedAt(error, place) as Error).stack).toBe('Error: there is no script\n    at spec.ts:1:2');
  });

  it.each([
    ['an error of the spec', new Error('mine')],
    ['a bug', Object.assign(new Error('shellrig bug: x'), { stack: `Error: shellrig bug: x\n    at f (${here.replace('spec-place.test.ts', 'place.ts')}:1:1)` })],
    ['a TypeError', new TypeError('x is not a function')],
    ['what is no error', 'text'],
  ])('leaves alone %s', (_, thrown) => {
    const stack = (thrown as Error).stack;
    expect(placedAt(thrown, place)).toBe(thrown);
    expect((thrown as Error).stack).toBe(stack);
  });
});

function fileOf(stack: string): string {
  return /at (?:.*\()?(?:file:\/\/)?(\/.*spec-place\.test\.ts)/.exec(stack)?.[1] ?? '';
}
