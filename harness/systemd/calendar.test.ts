import { describe, expect, it } from 'vitest';
import { nextElapse } from './calendar.js';

/** A Tuesday. */
const NOW = Date.parse('2030-01-01T00:00:00Z');

describe('OnCalendar=', () => {
  // What `systemd-analyze calendar --base-time='2030-01-01 00:00:00 UTC'` prints as the next elapse.
  it.each([
    ['minutely', '2030-01-01T00:01:00Z'],
    ['hourly', '2030-01-01T01:00:00Z'],
    ['daily', '2030-01-02T00:00:00Z'],
    ['weekly', '2030-01-07T00:00:00Z'],
    ['monthly', '2030-02-01T00:00:00Z'],
    ['quarterly', '2030-04-01T00:00:00Z'],
    ['semiannually', '2030-07-01T00:00:00Z'],
    ['yearly', '2031-01-01T00:00:00Z'],
    ['*:0/10', '2030-01-01T00:10:00Z'],
    ['06:30', '2030-01-01T06:30:00Z'],
    ['*-*-* 04,16:00:30', '2030-01-01T04:00:30Z'],
    ['Mon..Fri *-*-* 00:00', '2030-01-02T00:00:00Z'],
    ['Sat,Sun 12:15', '2030-01-05T12:15:00Z'],
    ['*-02-29', '2032-02-29T00:00:00Z'],
    ['Sun *-*-1..7 02:00', '2030-01-06T02:00:00Z'],
    ['12-24 18:00 UTC', '2030-12-24T18:00:00Z'],
    ['2031-03-04', '2031-03-04T00:00:00Z'],
    ['*:0/59', '2030-01-01T00:59:00Z'],
    ['*-1/11-1', '2030-12-01T00:00:00Z'],
    ['*-*-1/30', '2030-01-31T00:00:00Z'],
    ['2030/2-1-1', '2032-01-01T00:00:00Z'],
    ['5..7/2:00', '2030-01-01T05:00:00Z'],
    ['0..23:0..59:59', '2030-01-01T00:00:59Z'],
    ['*-12-31 23:59:59', '2030-12-31T23:59:59Z'],
    ['Sat..Sun', '2030-01-05T00:00:00Z'],
  ])('%s', (value, expected) => {
    expect(new Date(nextElapse({ key: 'OnCalendar', value, place: 'x.timer:1' }, NOW) ?? 0).toISOString()).toBe(expected.replace('Z', '.000Z'));
  });

  // What systemd-analyze does not take either.
  it.each([
    ['*:77'], ['Mon..Fri *-*-* 25:00'], ['*-13-01'], ['10:00:00:00'], ['24:00'], ['*:60'], ['*:0:60'], ['*-0-1'], ['*-*-0'], ['*-*-32'], ['1969-1-1'], ['2200-1-1'],
    ['10..26:00'], ['5..3:00'], ['*:5..60'], ['*:70/5'], ['*:0/60'], ['*-1/12-1'], ['*-*-1/31'], ['0/24:00'], ['3/2..8:00'], ['0..30/5:00'],
    ['*/2:00'], ['*..5:00'], ['*,5:00'], ['5,,6:00'], ['5,:00'], ['1-2-3-4'], ['Mond'], ['Mon..'], ['Mon..Wed..Fri'], ['Fri..Mon'], ['Mon, Tue'], ['UTC'], ['10'],
  ])('%s is none', (value) => {
    expect(() => nextElapse({ key: 'OnCalendar', value, place: 'x.timer:1' }, NOW)).toThrow(`x.timer:1: OnCalendar=${value} is no calendar event`);
  });

  it('comes no more, or is none', () => {
    expect(nextElapse({ key: 'OnCalendar', value: '2029-01-01', place: 'x.timer:1' }, NOW)).toBeUndefined();
    for (const value of ['', 'dayly', '*-*~1', 'Mon..Fry', '12:00 Europe/Berlin', '*:*/0']) {
      expect(() => nextElapse({ key: 'OnCalendar', value, place: 'x.timer:1' }, NOW)).toThrow('x.timer:1: OnCalendar=');
    }
  });
});
