const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** @returns milliseconds of `'250ms'`, `'6s'`, `'2m'` or `'1h'`. @throws Error naming `what` for other forms. */
export function durationOf(what: string, duration: unknown): number {
  const [, number, unit] = (typeof duration === 'string' && /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration)) || [];
  if (!number || !unit) throw new Error(`${what} is a number with ms, s, m or h, such as '250ms' or '6s', got ${JSON.stringify(duration)}`);
  return Number(number) * UNITS[unit as keyof typeof UNITS];
}

/** Milliseconds as {@link durationOf} reads them: `1.5s`, `100ms`, `1h`. */
export function durationText(milliseconds: number): string {
  if (milliseconds > 0 && milliseconds % UNITS.h === 0) return `${milliseconds / UNITS.h}h`;
  if (milliseconds > 0 && milliseconds % UNITS.m === 0) return `${milliseconds / UNITS.m}m`;
  return milliseconds >= UNITS.s ? `${milliseconds / UNITS.s}s` : `${milliseconds}ms`;
}
