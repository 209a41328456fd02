import { describe, expect, it } from 'vitest';
import { stableText } from './stable-text.js';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('stableText', () => {
  it('gives random names one spelling', () => {
    expect(stableText('rm -r /tmp/tmp.Ab3dE6fGhI/x /tmp/tmp.short')).toBe('rm -r /tmp/tmp.XXXXXXXXXX/x /tmp/tmp.short');
  });

  it('gives the time of day one spelling and leaves dates that were given', () => {
    expect(stableText('"2026-03-01 12:00:01.123" 2026-03-01T11:59:59Z 2026-03-01T13:00:00+01:00', now)).toBe('"<time>" <time> <time>');
    expect(stableText('2024-01-01 00:00:00 2026-03-01 12:30:00', now)).toBe('2024-01-01 00:00:00 2026-03-01 12:30:00');
  });

  it('gives seconds, milliseconds and nanoseconds of now one spelling', () => {
    expect(stableText(`/e/${now}.json ${now / 1000} ${now}000000 x${now}`, now)).toBe(`/e/<epoch>.json <epoch> <epoch> x${now}`);
    expect(stableText('1700000000 1.1772366400 123', now)).toBe('1700000000 1.1772366400 123');
  });
});
