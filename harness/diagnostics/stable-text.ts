/** A run is over within minutes of its start; a time this near to now was read from the clock, not given by a spec. */
const NEAR_NOW = 10 * 60_000;

/**
 * Text in which what differs from run to run has one spelling: `mktemp`'s random names become
 * `tmp.XXXXXXXXXX`, and times within ten minutes of now `<time>` (dates) and `<epoch>` (seconds, milliseconds,
 * micro- and nanoseconds since 1970). Other dates stay: they were given.
 * @param now milliseconds since 1970.
 */
export function stableText(text: string, now: number = Date.now()): string {
  return text
    .replace(/\btmp\.[A-Za-z0-9]{10}\b/g, 'tmp.XXXXXXXXXX')
    .replace(/\b(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d\b)?/g, (whole, day: string, time: string, _fraction, zone: string | undefined) => {
      const parsed = Date.parse(`${day}T${time}${zone ?? 'Z'}`);
      return Math.abs(parsed - now) < NEAR_NOW ? '<time>' : whole;
    })
    .replace(/(?<![\w.])(\d{10}|\d{13}|\d{16}|\d{19})(?!\w)/g, (whole) => {
      const milliseconds = Number(whole) * 10 ** (13 - whole.length);
      return Math.abs(milliseconds - now) < NEAR_NOW ? '<epoch>' : whole;
    });
}
