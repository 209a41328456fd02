import { expect, it } from 'vitest';
import { nearest } from './nearest.js';

const PATHS = ['specs/install/cache-hit.spec.ts', 'specs/install/download.spec.ts', 'specs/tls/bootstrap.spec.ts', 'specs/events/logger.spec.ts'];

it.each([
  ['cahce-hit', 'specs/install/cache-hit.spec.ts'],
  ['dowload', 'specs/install/download.spec.ts'],
  ['specs/tls/botstrap.spec.ts', 'specs/tls/bootstrap.spec.ts'],
  ['evnts', 'specs/events/logger.spec.ts'],
])('the nearest to %s is %s', (word, expected) => {
  expect(nearest(word, PATHS)[0]).toBe(expected);
});

it('gives three at most', () => {
  expect(nearest('x', PATHS)).toHaveLength(3);
  expect(nearest('x', [])).toEqual([]);
});
