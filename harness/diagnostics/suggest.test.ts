import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, suggest } from './suggest.js';

describe('suggest', () => {
  it.each([
    ['sistemctl', 'systemctl'],
    ['curl-', 'curl'],
    ['aptget', 'apt-get'],
    ['APT-GET', 'apt-get'],
    ['cp', 'cp'],
  ])('finds for %s the candidate %s', (word, expected) => {
    expect(suggest(word, ['apt-get', 'cp', 'curl', 'systemctl'])).toBe(expected);
  });

  it('finds nothing where nothing is near', () => {
    expect(suggest('gateway', ['curl', 'mv'])).toBeUndefined();
    expect(suggest('x', [])).toBeUndefined();
  });

  it('takes the first by name of two that are as near, whatever their order', () => {
    expect(suggest('ac', ['ad', 'ab'])).toBe('ab');
    expect(suggest('ac', ['ab', 'ad'])).toBe('ab');
  });
});

describe('didYouMean', () => {
  it('is a sentence to append, or nothing', () => {
    expect(didYouMean('crul', ['curl'])).toBe(" Did you mean 'curl'?");
    expect(didYouMean('zzzz', ['curl'])).toBe('');
  });
});

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
  ])('from "%s" to "%s" is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });
});
