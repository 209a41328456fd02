import { expect, it } from 'vitest';

it('is known', { meta: { lessons: ['D1'] } }, () => {
  expect(1).toBe(2);
});

it('is mended', { meta: { lessons: ['D2', 'D3'] } }, () => {
  expect(1).toBe(1);
});

it('carries none', () => {
  expect(1).toBe(1);
});
