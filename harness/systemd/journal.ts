/** One line of the journal. */
export interface JournalEntry {
  /** Milliseconds since the epoch, by the run's clock. */
  readonly time: number;
  readonly unit: string;
  /** Who says it: `systemd`, or the name of a command. */
  readonly identifier: string;
  readonly pid: number;
  readonly message: string;
}

/** What manager and services say. */
export class Journal {
  readonly entries: JournalEntry[] = [];

  /** @param now the time by the run's clock, in milliseconds since the epoch. */
  constructor(private readonly now: () => number) {}

  /** systemd says something about a unit. */
  say(unit: string, message: string): void {
    this.add(unit, 'systemd', 1, message);
  }

  add(unit: string, identifier: string, pid: number, message: string): void {
    this.entries.push({ time: this.now(), unit, identifier, pid, message });
  }

  /** What was said of a unit, from the entry of a number on. */
  of(unit: string, first = 0): JournalEntry[] {
    return this.entries.slice(first).filter((entry) => entry.unit === unit);
  }
}

/** The host's name as journalctl prints it. */
const HOST = 'sandbox';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** An entry as journalctl(1) prints it, without a line end. @throws Error for a format that the stand-in does not have. */
export function entryText({ time, identifier, pid, message }: JournalEntry, format: string): string | undefined {
  const text = `${HOST} ${identifier}[${pid}]: ${message}`;
  const fraction = (digits: number) => String(Math.round((time % 1000) * 1000)).padStart(6, '0').slice(0, digits);
  const date = new Date(time);
  switch (format) {
    case 'cat': return message;
    case 'short': return `${shortDate(time)} ${text}`;
    case 'short-precise': return `${shortDate(time)}.${fraction(6)} ${text}`;
    case 'short-iso': return `${date.toISOString().slice(0, 19)}+0000 ${text}`;
    case 'short-iso-precise': return `${date.toISOString().slice(0, 19)}.${fraction(6)}+0000 ${text}`;
    case 'short-unix': return `${Math.floor(time / 1000)}.${fraction(6)} ${text}`;
    default: return undefined;
  }
}

/** `Jan 01 00:00:00`. */
function shortDate(time: number): string {
  const date = new Date(time);
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, '0')} ${date.toISOString().slice(11, 19)}`;
}

/** `Tue 2030-01-01 00:00:00 UTC`. */
export function longDate(time: number): string {
  const date = new Date(time);
  return `${DAYS[date.getUTCDay()]} ${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} UTC`;
}

/** Microseconds of the units in which spans are told. */
const UNITS = [['d', 86_400_000_000], ['h', 3_600_000_000], ['min', 60_000_000], ['s', 1_000_000], ['ms', 1000], ['us', 1]] as const;

/**
 * A span as systemd prints it: `1min 30s`, `2.500s`, `100ms`, `0`. Below a minute one unit says all, with as many digits behind the
 * point as it is told exactly, nought or not.
 * @param digits of a second, to which it is told: 6, or 3.
 */
export function spanText(milliseconds: number, digits: 3 | 6 = 6): string {
  if (milliseconds === Infinity) return 'infinity';
  const parts: string[] = [];
  const finest = digits === 3 ? 1000 : 1;
  let rest = Math.round(milliseconds * 1000);
  for (const [unit, size] of UNITS) {
    if (rest < size || rest < finest) continue;
    const [whole, more] = [Math.floor(rest / size), rest % size];
    const places = Math.log10(size / finest);
    const isFraction = rest < 60_000_000 && more > 0 && places > 0;
    parts.push(isFraction ? `${whole}.${String(Math.floor(more / finest)).padStart(places, '0')}${unit}` : `${whole}${unit}`);
    rest = isFraction ? 0 : more;
  }
  return parts.length === 0 ? '0' : parts.join(' ');
}
