/** When every run begins by its clock, in seconds since the epoch. */
export const NOW = Date.parse('2030-01-01T00:00:00Z') / 1000;

/** An instant of a run, so many seconds after it began, as events tell it: `2030-01-01 00:00:42.123`. */
export function instant(seconds: number): string {
  return new Date(Math.floor((NOW + seconds) * 1000)).toISOString().replace('T', ' ').replace('Z', '');
}

/** Provisioning that began so many seconds before the run, for `given({ vars })`. */
export function begun(secondsAgo: number): Readonly<Record<'CSE_STARTTIME_SECONDS', string>> {
  return { CSE_STARTTIME_SECONDS: String(NOW - secondsAgo) };
}
