import { problem } from './problem.js';
import type { Said } from './values.js';

const DAY = 86_400_000;
/** As in a week, Monday first; by their first three letters too. */
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** What each field may be, as `systemd-analyze calendar` takes it: 60 seconds are none. */
const RANGES = { years: [1970, 2199], months: [1, 12], days: [1, 31], hours: [0, 23], minutes: [0, 59], seconds: [0, 59] } as const;
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
type Field = keyof typeof RANGES;

function eventOf({ key, value, place }: Said): Record<Field | 'weekdays', Fits> {
  const text = WORDS[value.toLowerCase()] ?? value.replace(/ UTC$/, '');
  const refuse = () => problem(place, `${key}=${value} is no calendar event that the stand-in knows, such as daily or Mon..Fri *-*-* 06:30`);
  const found = /^(?:([A-Za-z,.]+)(?:\s+|$))?(?:([\d*,./]+-[\d*,./]+(?:-[\d*,./]+)?)(?:\s+|$))?([\d*,./]+:[\d*,./]+(?::[\d*,./]+)?)?$/.exec(text);
  if (!found || text === '') throw refuse();
  const [, weekdays = '', date = '*-*-*', time = '00:00:00'] = found;
  const parts = date.split('-');
  const [year = '*', month = '*', day = '*'] = parts.length === 2 ? ['*', ...parts] : parts;
  const [hour = '0', minute = '0', second = '0'] = time.split(':');
  const field = (name: Field, of: string): Fits => fieldOf(of, name, refuse);
  return { years: field('years', year), months: field('months', month), days: field('days', day), weekdays: weekdaysOf(weekdays, refuse), hours: field('hours', hour), minutes: field('minutes', minute), seconds: field('seconds', second) };
}

/** `*`, or of `5`, `1..5`, `0/10` and `1..5/2` one or several. */
function fieldOf(text: string, name: Field, refuse: () => Error): Fits {
  if (text === '*') return () => true;
  const [least, most] = RANGES[name];
  const numberOf = (digits: string) => {
    const number = Number(digits);
    return name === 'years' && number < 100 ? number + (number < 70 ? 2000 : 1900) : number;
  };
  const items = text.split(',').map((item) => {
    const [, from, to, by] = /^(\d+)(?:\.\.(\d+))?(?:\/(\d+))?$/.exec(item) ?? [];
    if (from === undefined) throw refuse();
    const first = numberOf(from);
    const last = to !== undefined ? numberOf(to) : by !== undefined ? most : first;
    const step = Number(by ?? 1);
    if (first < least || last < first || last > most || step === 0 || (to === undefined && step > most - least)) throw refuse();
    return (number: number) => number >= first && number <= last && (number - first) % step === 0;
  });
  return (number) => items.some((fits) => fits(number));
}

/** `Mon..Fri`, `Sat,Sun`, or nothing for all. */
function weekdaysOf(text: string, refuse: () => Error): Fits {
  if (text === '') return () => true;
  const dayOf = (name: string) => {
    const found = DAYS.findIndex((day) => [day, day.slice(0, 3)].includes(name.toLowerCase()));
    if (found === -1) throw refuse();
    return found;
  };
  const items = text.split(',').map((item) => {
    const [from = '', to = from, ...rest] = item.split('..');
    const [first, last] = [dayOf(from), dayOf(to)];
    if (first > last || rest.length > 0) throw refuse();
    return (number: number) => number >= first && number <= last;
  });
  // A Date's week begins with Sunday.
  return (number) => items.some((fits) => fits((number + 6) % 7));
}
