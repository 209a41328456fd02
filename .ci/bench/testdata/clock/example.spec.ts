import { expect, it } from 'vitest';
import { defineShell } from 'shellrig';
import { measured } from '../report.js';

const shell = defineShell({ clock: 'virtual', limits: { time: '120s', processes: 4000 } });

/** The milliseconds that a run of a text takes, by the real clock; how many seconds passed in it is told by its last line. */
async function time(name: string, text: string, seconds: number): Promise<void> {
  await shell.call('true');
  const started = performance.now();
  const run = await shell.call('bash', '-c', `${text}; echo $SECONDS`);
  measured[name] = [performance.now() - started];
  expect(run.stdout.trimEnd().split('\n').at(-1)).toBe(String(seconds));
}

it('an hour', () => time('hour', 'sleep 3600', 3600));
it('1,000 sleepers', () => time('sleepers', 'for ((i = 1; i <= 1000; i++)); do (sleep $((2000 - i)); echo $i) & done; wait', 1999), 130_000);
it('10,000 sleeps', () => time('sleeps', 'for ((i = 0; i < 10000; i++)); do sleep 1; done', 10_000), 130_000);
