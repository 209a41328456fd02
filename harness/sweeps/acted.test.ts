import { describe, expect, it } from 'vitest';
import { filesOf, runInline } from '../vitest/inline-project.js';

const files = await filesOf(new URL('testdata/acted/', import.meta.url));
const { failures, report } = await runInline(files);

/** What a sweep prints at its end, by its title. */
const tableOf = (suite: string, title: string) => new RegExp(`^stdout \\| waits.spec.ts > ${suite} > ${title}\n(.* values,.*\n(?:.+\n)+)`, 'm').exec(report)?.[1]?.trimEnd();
const failureOf = (suite: string, title: string) => failures.get(`waits.spec.ts > ${suite} > ${title}`);

describe('sweepMoments', () => {
  it('has somebody act at every moment, of alike ones at some', () => {
    expect(failureOf('acted', 'polls, acted on at any moment')).toBeUndefined();
    expect(tableOf('acted', 'polls, acted on at any moment')).toMatchInlineSnapshot(`
      "polls, acted on at any moment: 53 values,
        call   exit 0      8
        step   exit 0     35
        step   exit 4      2
        waits  exit 0      8
        not tried: 5 of 13 times before the step ((i < LIMIT)), at waits.sh:9 in function polls (seed 690800)
        not tried: 4 of 12 times before the step [[ -e $1 ]], at waits.sh:10 in function polls (seed 690800)
        not tried: 4 of 12 times before the step sleep 1, at waits.sh:14 in function polls (seed 690800)
        not tried: 4 of 12 calls of sleep 1, at waits.sh:14 in function polls (seed 690800)
        not tried: 4 of 12 times that everything waits, at waits.sh:14 in function polls (seed 690800)
        not tried: 4 of 12 times before the step ((i++)), at waits.sh:9 in function polls (seed 690800)"
    `);
  });

  it('draws some of many', () => {
    expect(tableOf('acted', 'polls at some, acted on at any moment')).toMatch(/^polls at some, acted on at any moment: 10 values,$/m);
    expect(tableOf('acted', 'polls at some, acted on at any moment')).toMatch(/^ {2}not tried: 43 of 53 moments \(seed \d+; `most` allows more\)$/m);
  });

  it('finds the gap between the look and the watch, which no plain run does', () => {
    expect(failureOf('plain', 'watches')).toBeUndefined();
    expect(tableOf('acted', 'watches, acted on at any moment')).toMatchInlineSnapshot(`
      "watches, acted on at any moment: 6 values,
        call   exit 0: BROKEN      1
        step   exit 0              2
        step   exit 0: BROKEN      1
        step   exit 4              1
        waits  exit 0              1"
    `);
    expect(failureOf('acted', 'watches, acted on at any moment')).toMatchInlineSnapshot(`
      "StrictError: watches, acted on at any moment: 2 of 6 values break what must hold

      expect: expected 12000 to be less than or equal to 1000

        the actor acts before the step inotifywait -qq -t "$LIMIT" -e create -e moved_to --include "/\${1##*/}\\$" "\${1%/*}", at waits.sh:22 in function watches

        that run ended with exit code 0, at waits.sh:24 in function watches

        stdout:
          ready after

        that is at waits.sh:22 in function watches

            19|
            20| # What is made between the look and the watch is not seen.
            21| watches() {
          > 22|   [[ -e $1 ]] || inotifywait -qq -t "$LIMIT" -e create -e moved_to --include "/\${1##*/}\\$" "\${1%/*}"
            23|   [[ -e $1 ]] || return 4
            24|   echo "ready after \${SECONDS}s"
            25| }

        this value alone, with all it executes:
          npx shellrig test waits.spec.ts -t 'acted watches, acted on at any moment$' --value step@0:1 --trace

        the same of 1 other value:
          call@0.0:0  the actor acts as inotifywait -qq -t 12 -e create -e moved_to --include /ready$ /run begins, at waits.sh:22 in function watches"
    `);
  });

  it('finds a rename that is noticed when the time is up, which no plain run does', () => {
    expect(failureOf('plain', 'watches_writes')).toBeUndefined();
    expect(failureOf('acted', 'watches writes, acted on at any moment')).toMatchInlineSnapshot(`
      "StrictError: watches writes, acted on at any moment: 5 of 10 values break what must hold

      expect: expected 12000 to be less than or equal to 1000

        the actor acts before the step ((SECONDS < end)), at waits.sh:31 in function watches_writes

        that run ended with exit code 0, at waits.sh:34 in function watches_writes

        stdout:
          ready after

        that is at waits.sh:31 in function watches_writes

            28| watches_writes() {
            29|   local end=$((SECONDS + LIMIT))
            30|   until [[ -e $1 ]]; do
          > 31|     ((SECONDS < end)) || return 4
            32|     timeout "$LIMIT" inotifywait -qq -e close_write "\${1%/*}"
            33|   done
            34|   echo "ready after \${SECONDS}s"

        this value alone, with all it executes:
          npx shellrig test waits.spec.ts -t 'acted watches writes, acted on at any moment$' --value step@0:2 --trace

        the same of 4 other values:
          step@0:3  the actor acts before the step timeout "$LIMIT" inotifywait -qq -e close_write "\${1%/*}", at waits.sh:32 in function watches_writes
          call@0.0:0  the actor acts as timeout 12 inotifywait -qq -e close_write /run begins, at waits.sh:32 in function watches_writes
          call@0.0.0:0  the actor acts as inotifywait -qq -e close_write /run begins, at waits.sh:32 in function watches_writes
          waits@1  the actor acts as everything waits, 0ms after the start, at waits.sh:32 in function watches_writes"
    `);
  });

  it('finds a wait without a limit, where nobody acts or too late', () => {
    expect(tableOf('acted', 'reads, acted on at any moment')).toMatchInlineSnapshot(`
      "reads, acted on at any moment: 7 values,
        call   exit 0                      1
        never  waits for ever: BROKEN      1
        step   exit 0                      3
        step   waits for ever: BROKEN      1
        waits  waits for ever: BROKEN      1"
    `);
    expect(failureOf('acted', 'reads, acted on at any moment')).toContain('the run: The script waits for something that never comes, and was ended');
  });

  it('needs a virtual clock', () => {
    expect(failureOf('acted', 'by the real clock, acted on at any moment')).toContain("a sweep of moments needs a clock that stands while somebody acts: defineShell({ clock: 'virtual' })");
  });

  it('shows where somebody acted, of one value alone', async () => {
    const again = await runInline(files, { args: ['-t', 'acted watches,'], env: { SHELLRIG_VALUE: 'waits@1', SHELLRIG_TRACE: '1' } });
    expect(again.failures.size).toBe(0);
    expect(again.report.slice(again.report.indexOf('.call('), again.report.indexOf('effects:'))).toMatchInlineSnapshot(`
      ".call('watches', '/run/ready') ended with exit code 0

        waits.sh:21 watches  watches() {
        waits.sh:22 watches  [[ -e $1 ]] || inotifywait -qq -t "$LIMIT" -e create -e moved_to --include "/\${1##*/}\\$" "\${1%/*}"   → 1
        waits.sh:22 watches  "
                             -- the actor acted here, at
        waits.sh:23 watches  [[ -e $1 ]] || return 4
        waits.sh:24 watches  echo "ready after \${SECONDS}s"

      stdout:
        ready after

      "
    `);
  });
});

describe('sweepMoments without an act', () => {
  it('lets two that run at once meet in every way', () => {
    expect(tableOf('held', 'two writers, held at any moment')).toMatchInlineSnapshot(`
      "two writers, held at any moment: 19 values,
        call    exit 0              2
        change  exit 0: BROKEN      2
        opened  exit 0: BROKEN      2
        step    exit 0             11
        step    exit 0: BROKEN      2"
    `);
    expect(failureOf('held', 'two writers with a lock, held at any moment')).toBeUndefined();
    expect(tableOf('held', 'two writers with a lock, held at any moment')).toMatchInlineSnapshot(`
      "two writers with a lock, held at any moment: 27 values,
        call    exit 0      4
        change  exit 0      4
        opened  exit 0      4
        step    exit 0     15"
    `);
  });

  it('makes one slow, so that it meets who comes later', () => {
    expect(failureOf('plain', 'one writer after the other')).toBeUndefined();
    expect(failureOf('held', 'one writer after the other, held at any moment')).toMatchInlineSnapshot(`
      "StrictError: one writer after the other, held at any moment: 3 of 21 values break what must hold

      expect: expect(run).toHaveFile('/srv/count', …): it is not as expected

        held before the step echo "$((count + 1))" > /srv/count, at waits.sh:48 in function adds_one

        /srv/count
            content (- expected, + found):
              -2
              +1

        .call('one_writer_after_the_other') ended with exit code 0

        it ended at waits.sh:61 in function one_writer_after_the_other

            58|   adds_one &
            59|   sleep 1
            60|   adds_one &
          > 61|   wait
            62| }
            63|
            64| two_writers_with_a_lock() {

        changes:
          ~ /srv/count
              -0
              +1

        again, with all it executes:
          npx shellrig test waits.spec.ts -t 'held one writer after the other, held at any moment$' --value step@0.0:3 --trace

        that is at waits.sh:48 in function adds_one

            45| adds_one() {
            46|   local count
            47|   count=$(cat /srv/count)
          > 48|   echo "$((count + 1))" >/srv/count
            49| }
            50|
            51| two_writers() {

        called from waits.sh:58 in function one_writer_after_the_other

        this value alone, with all it executes:
          npx shellrig test waits.spec.ts -t 'held one writer after the other, held at any moment$' --value step@0.0:3 --trace

        the same of 2 other values:
          change@0.0:4  held before open /srv/count in bash, at waits.sh:48 in function adds_one
          opened@0.0:5  held after open /srv/count in bash, at waits.sh:48 in function adds_one"
    `);
  });

  it('shows where a process was held, and when it went on, of one value alone', async () => {
    const again = await runInline(files, { args: ['-t', 'held one writer after the other,'], env: { SHELLRIG_VALUE: 'step@0.0:3', SHELLRIG_TRACE: '1' } });
    expect(again.report).toMatch(/waits\.sh:48 adds_one \[2\] +echo .*\n(?: +⧗ sleep .*\n)* +-- held here, at\n/);
    expect(again.report).toMatch(/waits\.sh:48 adds_one \[4\] +echo .*\n +-- what was held goes on here, at\n/);
  });
});
