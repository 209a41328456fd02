import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll } from 'vitest';

/** What a spec measured itself, by name; milliseconds. */
export const measured: Record<string, number[]> = {};

// The peak of this process's memory since its program started. `maxRSS` of getrusage() would be the peak of the
// process that started it, where that is higher (proc(5), VmHWM; getrusage(2), ru_maxrss).
afterAll(() => {
  const peak = Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  writeFileSync(process.env['BENCH_REPORT']!, JSON.stringify({ peak: peak * 1024, measured }));
});
