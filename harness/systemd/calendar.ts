import { problem } from './problem.js';
import type { Said } from './values.js';

const DAY = 86_400_000;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** How far ahead a time may lie: what comes only on a leap day is found. */
const MOST_DAYS = 366 * 9;

/** systemd.time(7), "Calendar Events": what the words stand for. */
const WORDS: Readonly<Record<string, string>> = {
  minutely: '*-*-* *:*:00', hourly: '*-*-* *:00:00', daily: '*-*-* 00:00:00', weekly: 'Mon *-*-* 00:00:00', monthly: '*-*-01 00:00:00',
  quarterly: '*-01,04,07,10-01 00:00:00', semiannually: '*-01,07-01 00:00:00', yearly: '*-01-01 00:00:00', annually: '*-01-01 00:00:00',
};

/**
 * When a calendar event of OnCalendar= comes next, in milliseconds since the epoch; undefined where it does not any more.
 * Times are UTC, to the second. @param after it is later than this.
 * @throws StrictError for what is none, and for time zones and days counted from the end of a month.
 */
export function nextElapse(said: Said, after: number): number | undefined {
  const { years, months, days, weekdays, hours, minutes, seconds } = eventOf(said);
  const first = Math.floor(after / DAY) * DAY;
  for (let day = 0; day < MOST_DAYS; day += 1) {
    const date = new Date(first + day * DAY);
    if (!years(date.getUTCFullYear()) || !months(date.getUTCMonth() + 1) || !days(date.getUTCDate()) || !weekdays(date.getUTCDay())) continue;
    for (let hour = 0; hour < 24; hour += 1) {
      if (!hours(hour)) continue;
      for (let minute = 0; minute < 60; minute += 1) {
        if (!minutes(minute)) continue;
        for (let second = 0; second < 60; second += 1) {
          const time = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
          if (time > after && seconds(second)) return time;
        }
      }
    }
  }
  return undefined;
}

type Fits = (number: number) => boolean;

function eventOf({ key, value, place }: Said): Record<'years' | 'months' | 'days' | 'weekdays' | 'hours' | 'minutes' | 'seconds', Fits> {
  const text = WORDS[value.toLowerCase()] ?? value.replace(/ UTC$/, '');
  const refuse = () => problem(place, `${key}=${value} is no calendar event that the stand-in knows, such as daily or Mon..Fri *-*-* 06:30`);
  const [, weekdays = '', date = '*-*-*', time = '00:00:00'] = /^(?:([A-Za-z,.]+)(?:\s+|$))?(?:([\d*,./]+-[\d*,./]+(?:-[\d*,./]+)?)(?:\s+|$))?([\d*,./]+:[\d*,./]+(?::[\d*,./]+)?)?$/.exec(text) ?? [];
  if (!/^(?:[A-Za-z,.]+(\s|$))?([\d*,./-]+(\s|$))?([\d*,./:]+)?$/.test(text) || text === '') throw refuse();
  const parts = date.split('-');
  const [year = '*', month = '*', day = '*'] = parts.length === 2 ? ['*', ...parts] : parts;
  const [hour = '0', minute = '0', second = '0'] = time.split(':');
  const field = (of: string): Fits => fieldOf(of, refuse);
  return { years: field(year), months: field(month), days: field(day), weekdays: weekdaysOf(weekdays, refuse), hours: field(hour), minutes: field(minute), seconds: field(second) };
}

/** `*`, `5`, `1,2`, `1..5`, `0/10`. */
function fieldOf(text: string, refuse: () => Error): Fits {
  const items = text.split(',').map((item) => {
    const [, from, to, step] = /^(\*|\d+)(?:\.\.(\d+))?(?:\/(\d+))?$/.exec(item) ?? [];
    if (from === undefined || step === '0') throw refuse();
    const first = from === '*' ? 0 : Number(from);
    const last = to !== undefined ? Number(to) : from === '*' || step !== undefined ? Infinity : first;
    return (number: number) => number >= first && number <= last && (number - first) % Number(step ?? 1) === 0;
  });
  return (number) => items.some((fits) => fits(number));
}

/** `Mon..Fri`, `Sat,Sun`, or nothing for all. */
function weekdaysOf(text: string, refuse: () => Error): Fits {
  if (text === '') return () => true;
  const dayOf = (name: string) => {
    const found = DAYS.findIndex((day) => name.toLowerCase().startsWith(day));
    if (found === -1) throw refuse();
    return found;
  };
  const items = text.split(',').map((item) => {
    const [from = '', to = from] = item.split('..');
    const [first, last] = [dayOf(from), dayOf(to)];
    return (number: number) => (first <= last ? number >= first && number <= last : number >= first || number <= last);
  });
  return (number) => items.some((fits) => fits(number));
}
