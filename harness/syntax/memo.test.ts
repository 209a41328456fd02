import { expect, test, vi } from 'vitest';
import { memoised } from './memo.js';

test('computes once for each text, and forgets the one that was unused longest', () => {
  const compute = vi.fn<(text: string) => number | undefined>((text) => text.length || undefined);
  const lengthOf = memoised(compute, 2);
  expect([lengthOf('a'), lengthOf(''), lengthOf('a'), lengthOf('')]).toEqual([1, undefined, 1, undefined]);
  expect(compute).toHaveBeenCalledTimes(2);
  lengthOf('a');
  lengthOf('ccc');
  expect(compute.mock.calls).toEqual([['a'], [''], ['ccc']]);
  lengthOf('a');
  lengthOf('');
  expect(compute.mock.calls).toEqual([['a'], [''], ['ccc'], ['']]);
});
