import { describe, expect, test } from 'vitest';
import { mentionsProcessIdentity, processIdentityUses } from './process-identity.js';

const uses: [source: string, ...found: string[]][] = [
  ['echo $$', '1 uses $$'],
  ['echo "/tmp/x.$$"', '1 uses $$'],
  ['echo ${$} "${$%1}"', '1 uses $$', '1 uses $$'],
  ['cat <<E\n$$\nE', '2 uses $$'],
  ['x=$(\n( echo $$ )\n)', '2 uses $$'],
  ['(( x = $$ ))', '1 uses $$'],
  ['[[ $BASHPID == $$ ]]', '1 uses $$'],
  ['exec 9>"/run/$$.lock"', '1 uses $$'],
  ['echo `echo \\`echo \\$\\$\\``', '1 uses $$'],
  ['echo $PPID ${PPID} $((PPID + 1))', '1 uses $PPID', '1 uses $PPID', '1 uses $PPID'],
  ['set -m', '1 turns on job control (set -m)'],
  ['set -eum -o pipefail', '1 turns on job control (set -m)'],
  ['set -o pipefail -o monitor', '1 turns on job control (set -m)'],
  ['set -eo pipefail -m', '1 turns on job control (set -m)'],
  ['set \\\n  -m', '1 turns on job control (set -m)'],
  ['shopt -so monitor', '1 turns on job control (shopt -o monitor)'],
  ['fg', '1 uses job control (fg)'],
  ['sleep 1 & bg %1', '1 uses job control (bg)'],
  ['kill $(jobs -p)', '1 uses job control (jobs)'],
  ['if true; then %1; fi', '1 uses job control (%1)'],
  ['%2 &', '1 uses job control (%2)'],
  ['wait %1 || kill -TERM %+', '1 uses job control (wait %1)', '1 uses job control (kill %+)'],
  ['kill 0', '1 signals a process group (kill 0)'],
  ['kill -TERM 0', '1 signals a process group (kill 0)'],
  ['kill -s TERM -- -5', '1 signals a process group (kill -5)'],
  ['kill -9 -1', '1 signals a process group (kill -1)'],
  ['kill -- -"$group"', '1 signals a process group (kill -$group)'],
  ['kill -- -$$', '1 signals a process group (kill -$$)', '1 uses $$'],
  ['command kill 0; /bin/kill 0', '1 signals a process group (kill 0)', '1 signals a process group (kill 0)'],
  ["\n\ntrap 'kill 0' EXIT", '3 signals a process group (kill 0)'],
  ['trap "rm -f $file; kill 0" EXIT', '1 signals a process group (kill 0)'],
  ["eval 'echo $$'", '1 uses $$'],
];

const nothing = [
  "echo '$$'",
  'echo \\$\\$ "\\$\\$" $\'$$\'',
  "cat <<'E'\n$$\nkill 0\nE",
  '# kill 0 $$ $PPID',
  'echo $BASHPID $! $PPIDS "$" $',
  'set -eu; set +m; set -- -m; set -o pipefail; set x -m; set -e +o monitor',
  'kill "$pid"; kill -9 "$pid"; kill -s 0 "$pid"; kill -0 "$pid"; kill -l 0; kill -n 9 12',
  'wait; wait -n "$pid"; date +%s; printf %s x; x=${y%1}; echo 50 %1',
  'fgrep x; background; job=1; prefix/fg=1',
  "bash -c 'echo $$'",
];

describe('processIdentityUses', () => {
  test.each(uses)('%j', (source, ...found) => {
    expect(processIdentityUses(source).map(({ line, reason }) => `${line} ${reason}`)).toEqual(found);
  });

  test.each(nothing)('nothing in %j', (source) => {
    // With `kill` in front, the text goes to the parser whatever its words.
    expect(processIdentityUses(`: kill\n${source}`)).toEqual([]);
  });
});

describe('mentionsProcessIdentity', () => {
  test.each(uses)('sees %j', (source) => {
    expect(mentionsProcessIdentity(source)).toBe(true);
  });

  test('is false for an everyday script, so that it is not parsed', () => {
    const everyday = 'set -euo pipefail\nf() {\n  local x=${1%.*}\n  printf "%s\\n" "$x" | sort -m\n  wait "$!"\n}\n';
    expect(mentionsProcessIdentity(everyday)).toBe(false);
  });
});
