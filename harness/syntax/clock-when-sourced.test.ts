import { expect, test } from 'vitest';
import { readsClockWhenSourced } from './clock-when-sourced.js';

test.each<[reads: boolean, ...scripts: string[]]>([
  [true, 'START=$(date +%s)'],
  [true, 'START=${EPOCHREALTIME//[!0-9]/}'],
  [true, "printf -v START '%(%s)T' -1"],
  [true, 'now() { date +%s; }', 'begin() { START=$(now); }\nbegin'],
  [true, 'a() { b() { :; }; }\nSTART=$EPOCHSECONDS'],
  [false, 'elapsed() { echo $((EPOCHSECONDS - START)); }\nSTART=$SECONDS'],
  [false, 'a() { b() { date; }; }\n# all is up to date\nDATE=date'],
  [false, 'a() { :; }\na'],
])('%j: %j', (reads, ...scripts) => {
  expect(readsClockWhenSourced(scripts)).toBe(reads);
});
