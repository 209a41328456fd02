import { expect, it } from 'vitest';
import { sideBySide } from './side-by-side.js';

it('puts equal lines at the same height, and marks those that differ', () => {
  const left = 'exit 0\ncalls\n  one\n  two\nchanges\n  + /a';
  const right = 'exit 1\ncalls\n  one\nchanges\n  + /a\n  + /b';
  expect(sideBySide(['as it is', left], ['with the defect', right], 43)).toBe([
    'as it is             | with the defect',
    '---------------------+---------------------',
    'exit 0               ! exit 1',
    'calls                | calls',
    '  one                |   one',
    '  two                <',
    'changes              | changes',
    '  + /a               |   + /a',
    '                     >   + /b',
  ].join('\n'));
});

it('folds what is longer than a column', () => {
  expect(sideBySide(['a', '1234567890'], ['b', '1234567890'], 13)).toBe([
    'a     | b',
    '------+------',
    '12345 | 12345',
    '67890 | 67890',
  ].join('\n'));
});

it('keeps empty lines', () => {
  expect(sideBySide(['a', ''], ['b', '\n'], 13)).toBe('a     | b\n------+------\n      |\n      >');
});
