import { expect, it } from 'vitest';
import { printed } from './printed.js';

it('writes values as a spec would', () => {
  expect(printed({ a: 1, 'b-c': ['x', null, undefined], d: {}, e: /x/g, f: new Date(0), g: Buffer.from('abc') }))
    .toBe('{ a: 1, "b-c": ["x", null, undefined], d: {}, e: /x/g, f: 1970-01-01T00:00:00.000Z, g: 3 B }');
});

it.each([
  [expect.stringContaining('x'), 'StringContaining "x"'],
  [expect.not.stringMatching(/y/), 'StringNotMatching /y/'],
  [expect.objectContaining({ a: expect.any(Number) }), 'ObjectContaining { a: Any<Number> }'],
  [expect.anything(), 'Anything'],
  [{ asymmetricMatch: () => true, toString: () => 'even' }, 'even'],
])('names asymmetric matchers: %#', (matcher, expected) => {
  expect(printed(matcher)).toBe(expected);
});
