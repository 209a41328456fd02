import { expect, it } from 'vitest';
import { printed } from './printed.js';

it('writes values as a spec would', () => {
  expect(printed({ a: 1, 'b-c': ['x', null, undefined], d: {}, e: /x/g, f: new Date(0), g: Buffer.from('abc') }))
    .toBe('{ a: 1, "b-c": ["x", null, undefined], d: {}, e: /x/g, f: 1970-01-01T00:00:00.000Z, g: 3 B }');
});

it('names asymmetric matchers', () => {
  expect(printed(expect.stringContaining('x'))).toBe('StringContaining "x"');
  expect(printed(expect.not.stringMatching(/y/))).toBe('StringNotMatching /y/');
  expect(printed(expect.objectContaining({ a: expect.any(Number) }))).toBe('ObjectContaining { a: Any<Number> }');
  expect(printed(expect.anything())).toBe('Anything');
  expect(printed({ asymmetricMatch: () => true, toString: () => 'even' })).toBe('even');
});
