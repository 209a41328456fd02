import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll } from 'vitest';

/** What a spec measured itself, by name; milliseconds. */
export const measured: Record<string, number[]> = {};

// `peak` is the most memory that this process has had since its program started: `maxRSS` of getrusage() would be that
// of the process that started it, where that is more (proc(5), VmHWM; getrusage(2), ru_maxrss). `kept` is what of the
// heap is in use, and of what it holds outside, once everything has been collected that can be.
afterAll(() => {
  const peak = Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(process.env['BENCH_REPORT']!, JSON.stringify({ peak: peak * 1024, kept: heapUsed + external, measured }));
});
