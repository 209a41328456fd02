import { expect, test } from 'vitest';
import { linesOf } from './lines.js';

test.each([
  ['', 0, 1],
  ['ab', 1, 1],
  ['a\nb', 1, 1],
  ['a\nb', 2, 2],
  ['a\n\nb', 2, 2],
  ['a\n\nb', 3, 3],
  ['a\n', 2, 2],
])('%j: offset %i is on line %i', (source, offset, line) => {
  expect(linesOf(source)(offset)).toBe(line);
});
