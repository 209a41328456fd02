import { expect, it } from 'vitest';
import { relativeText } from './relative.js';

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

// What `systemd-analyze timestamp` prints behind "From now:".
it.each([
  [-499, '499ms left'],
  [-44.9 * SECOND, '44s left'],
  [-89 * SECOND, '1min 29s left'],
  [-5.9 * MINUTE, '5min left'],
  [-64.9 * MINUTE, '1h 4min left'],
  [-359.9 * MINUTE, '5h 59min left'],
  [-24.4 * HOUR, '24h left'],
  [-25.9 * HOUR, '1 day 1h left'],
  [-2.1 * DAY, '2 days left'],
  [-7.9 * DAY, '1 week 0 days left'],
  [-39.9 * DAY, '1 month 9 days left'],
  [-400 * DAY, '1 year 1 month left'],
  [90 * SECOND, '1min 30s ago'],
  [3725 * SECOND, '1h 2min ago'],
  [0, 'now'],
])('what was %d ms ago is told as %s', (passed, text) => {
  expect(relativeText(passed)).toBe(text);
});
