const [SECOND, MINUTE, HOUR, DAY, WEEK] = [1000, 60_000, 3_600_000, 86_400_000, 604_800_000];
/** Of a year of 365.25 days. */
const [MONTH, YEAR] = [2_629_800_000, 31_557_600_000];

/** How far off a time is, as systemctl prints it, in at most two units: `5s ago`, `1h 4min left`. @param passed milliseconds since then; less than 0: until then. */
export function relativeText(passed: number): string {
  const span = Math.abs(passed);
  return span === 0 ? 'now' : `${spanText(span)} ${passed > 0 ? 'ago' : 'left'}`;
}

function spanText(span: number): string {
  const whole = (unit: number, rest = span) => Math.floor(rest / unit);
  if (span >= YEAR) return `${counted(whole(YEAR), 'year')} ${counted(whole(MONTH, span % YEAR), 'month')}`;
  if (span >= MONTH) return `${counted(whole(MONTH), 'month')} ${counted(whole(DAY, span % MONTH), 'day')}`;
  if (span >= WEEK) return `${counted(whole(WEEK), 'week')} ${counted(whole(DAY, span % WEEK), 'day')}`;
  if (span >= 2 * DAY) return `${whole(DAY)} days`;
  if (span >= 25 * HOUR) return `1 day ${whole(HOUR, span - DAY)}h`;
  if (span >= 6 * HOUR) return `${whole(HOUR)}h`;
  if (span >= HOUR) return `${whole(HOUR)}h ${whole(MINUTE, span % HOUR)}min`;
  if (span >= 5 * MINUTE) return `${whole(MINUTE)}min`;
  if (span >= MINUTE) return `${whole(MINUTE)}min ${whole(SECOND, span % MINUTE)}s`;
  if (span >= SECOND) return `${whole(SECOND)}s`;
  return span >= 1 ? `${whole(1)}ms` : `${Math.floor(span * 1000)}us`;
}

function counted(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
