import { expect, it } from 'vitest';
import type { Step } from '../shell/run.js';
import { startedAt } from './started-at.js';

const LINES = ['sleep 1 && echo', 'sleep 100 &', 'sleep 3 2>&1', 'wait', 'log &>/dev/null', '(cd / && /usr/bin/sleep 5) & echo'];
const steps = LINES.map((_, index): Step => ({ file: 'a.sh', line: index + 1, function: 'main', pid: 5, depth: 0, previousStatus: 0, order: index }));

it.each([
  ['a simple command', 'sleep 100', steps.slice(0, 5), 2],
  ['the last of several', 'sleep 5', steps, 6],
  ['a command by its path', '/usr/bin/sleep 100', steps.slice(0, 5), 2],
  ['nothing that only redirects', 'log', steps, undefined],
  ['no other command', 'curl x', steps, undefined],
  ['no command at all', '', steps, undefined],
])('finds %s', (_, command, among, line) => {
  expect(startedAt(command, among, (step) => LINES[step.line - 1])?.line).toBe(line);
});
