import { describe, expect, test } from 'vitest';
import { needsFreshProcess } from './fresh-process.js';
import { functionsOf } from './functions.js';

const source = `
plain() { echo a; }
locked() {
  local file
  file=/run/lock.$$
}
indirect() { plain; retry 3 locked; }
retry() { shift; "$@"; }
job() {
  sleep 1 &
  kill %1
}
`;
const functions = functionsOf(source).map((definition) => Object.assign({ path: 'a.sh' }, definition));

describe('needsFreshProcess', () => {
  test.each<[entry: string | string[], need: object | undefined]>([
    ['plain', undefined],
    ['locked', { reason: 'uses $$', line: 5, function: 'locked' }],
    ['indirect', { reason: 'uses $$', line: 5, function: 'locked' }],
    ['job', { reason: 'uses job control (kill %1)', line: 11, function: 'job' }],
    [['retry', '3', 'job'], { reason: 'uses job control (kill %1)', line: 11, function: 'job' }],
    [['retry', '3', 'plain'], undefined],
    ['unknown', undefined],
  ])('%j', (entry, need) => {
    const found = needsFreshProcess(entry, functions);
    expect(found && { reason: found.reason, line: found.line, function: found.function }).toEqual(need);
  });

  test('hands back the definition as it was given', () => {
    expect(needsFreshProcess('indirect', functions)?.definition.path).toBe('a.sh');
  });

  test('is found at the end of 5,000 lines and 714 calls', () => {
    const block = (n: number) => `step_${n}() {\n  local x=\${1:-"a b"}\n  if [[ $x =~ ^a+$ ]]; then\n    echo "$(printf '%s' "$x")" | sed 's/a/b/'\n  fi\n  step_${n + 1}\n}\n`;
    const script = `${Array.from({ length: 714 }, (_, n) => block(n)).join('')}step_714() {\n  echo $$\n}\n`;

    expect(needsFreshProcess('step_0', functionsOf(script))?.line).toBe(script.split('\n').length - 2);
  });
});
