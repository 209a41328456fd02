import { durationOf, durationText } from '../clock/duration.js';
import { fileAndLine } from '../diagnostics/place.js';
import { indented } from '../diagnostics/where.js';
import type { RunRecord, Sleep } from '../shell/run.js';
import { verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

/**
 * `expect(run).toHaveSlept(duration)`: a program slept so long, at least once; without a duration: at all. What waits for
 * something with a time limit (`read -t`, `timeout`) does not sleep, nor does a stub of `sleep`.
 * @throws Error for what is no duration, and where the clock was not virtual: then no sleep is recorded.
 */
export function toHaveSlept(this: MatcherContext, received: unknown, duration?: string): Verdict {
  const { record } = receivedRun(received, 'toHaveSlept');
  const found = sleepsLike(record, duration);
  return verdict(found.length > 0, record, () => ({
    reason: `${written(this.isNot, 'toHaveSlept', duration === undefined ? '' : `'${duration}'`)}: ${this.isNot ? `slept ${timesText(found.length)}` : 'did not'}`,
    details: [sleepsText(record)],
  }));
}

/**
 * `expect(run).toHaveSleptTimes(duration, times)`: programs slept so long this often.
 * @throws as {@link toHaveSlept}.
 */
export function toHaveSleptTimes(this: MatcherContext, received: unknown, duration: string, times: number): Verdict {
  const { record } = receivedRun(received, 'toHaveSleptTimes');
  const found = sleepsLike(record, duration);
  return verdict(found.length === times, record, () => ({
    reason: `${written(this.isNot, 'toHaveSleptTimes', `'${duration}', ${times}`)}: expected ${this.isNot ? 'not ' : ''}${timesText(times)}, received ${timesText(found.length)}`,
    details: [sleepsText(record)],
  }));
}

function sleepsLike(record: RunRecord, duration: string | undefined): readonly Sleep[] {
  if (!record.sleeps) throw new Error("sleeps are recorded by a virtual clock only, and this shell has clock: 'real'");
  const time = duration === undefined ? undefined : durationOf('a duration', duration);
  return record.sleeps.filter((sleep) => time === undefined || Math.abs(sleep.time - time) < 0.001);
}

function timesText(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}

function sleepsText({ sleeps = [], context }: RunRecord): string {
  if (sleeps.length === 0) return 'nothing slept';
  const lines = sleeps.map(({ program, time, site }) => `${program} ${durationText(time)}${site ? `   at ${fileAndLine(site, context.hostPaths)}` : ''}`);
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return `slept:\n${indented([...counts].map(([line, count]) => `${count} x ${line}`).join('\n'))}`;
}
