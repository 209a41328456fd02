import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fabricatedRecord } from '../matchers/record.fixture.js';
import { defineShell } from '../shell/define-shell.js';
import { fails, returns, takes } from '../stubs/stub.js';
import { traceText } from './trace.js';

const shell = defineShell({
  source: [fileURLToPath(new URL('testdata/traced.sh', import.meta.url))],
  stubs: { notify: returns('') },
});

it('tells functions, subshells, conditions and calls in the order in which they ran', async () => {
  const run = await shell.call('outer');
  expect(run).toExit(3);
  expect(traceText(run.record)).toMatchInlineSnapshot(`
    ".call('outer') ended with exit code 3

      harness/diagnostics/testdata/traced.sh:4 outer       outer() {
      harness/diagnostics/testdata/traced.sh:5 outer       local word
      harness/diagnostics/testdata/traced.sh:6 outer       word=$(inner)
      harness/diagnostics/testdata/traced.sh:6 outer [2]   word=$(inner)
      harness/diagnostics/testdata/traced.sh:12 inner [2]    inner() {
      harness/diagnostics/testdata/traced.sh:13 inner [2]    notify one && notify two
                                                               ⇒ notify one
      harness/diagnostics/testdata/traced.sh:13 inner [2]    "
                                                               ⇒ notify two
      harness/diagnostics/testdata/traced.sh:14 inner [2]    echo word
      harness/diagnostics/testdata/traced.sh:7 outer       if ! check "$word"; then
      harness/diagnostics/testdata/traced.sh:17 check        check() { [ "$1" = other ]; }
      harness/diagnostics/testdata/traced.sh:17 check        "
      harness/diagnostics/testdata/traced.sh:8 outer       return 3   → 3

    effects:
      exit 3
      calls
        inner › notify one
        inner › notify two"
  `);
});

it('tells the lines of a script that exists in the sandbox alone', async () => {
  const run = await shell.call('writes_one');
  expect(run).toSucceed();
  expect(traceText(run.record)).toMatchInlineSnapshot(`
    ".call('writes_one') ended with exit code 0

      harness/diagnostics/testdata/traced.sh:19 writes_one  writes_one() {
      harness/diagnostics/testdata/traced.sh:20 writes_one  echo 'notify from-within' >/tmp/written.sh
      harness/diagnostics/testdata/traced.sh:21 writes_one  bash /tmp/written.sh
      /tmp/written.sh:1 main [2]                              notify from-within
                                                                ⇒ notify from-within

    effects:
      exit 0
      calls
        main › notify from-within
      changes
        + /tmp/written.sh 0644 root:root 19 B"
  `);
});

it('tells of a subshell what the script executed in it, and nothing of the recording', async () => {
  const run = await shell.call('one_liner');
  expect(run).toExit(4);
  expect(run.record.steps.map(({ line }) => line)).not.toContain(1);
  expect(run.record.background).toMatchObject([{ exitCode: 4, site: { line: 24, function: 'one_liner' } }]);
});

it('tells what slept, and when', async () => {
  const run = await shell.given({ stubs: { notify: fails({ times: 2 }).then(takes('250ms')) } }).call('polls');
  expect(run).toSucceed();
  expect(traceText(run.record)).toMatchInlineSnapshot(`
    ".call('polls') ended with exit code 0 after 10.25s

      harness/diagnostics/testdata/traced.sh:26 polls  polls() {
      harness/diagnostics/testdata/traced.sh:27 polls  until notify; do   → 1
                                                         ⇒ notify   exit 1
      harness/diagnostics/testdata/traced.sh:28 polls  sleep 5
                                                         ⧗ sleep 5s   at 0ms
      harness/diagnostics/testdata/traced.sh:27 polls  until notify; do   → 1
                                                         ⇒ notify   exit 1
      harness/diagnostics/testdata/traced.sh:28 polls  sleep 5
                                                         ⧗ sleep 5s   at 5s
      harness/diagnostics/testdata/traced.sh:27 polls  until notify; do
                                                         ⇒ notify

    effects:
      exit 0
      calls
        polls › notify → exit 1
        polls › notify → exit 1
        polls › notify
      sleeps
        polls › sleep 5s × 2"
  `);
});

it('tells a run without steps', () => {
  expect(traceText(fabricatedRecord({ stdout: 'text\n' }))).toMatchInlineSnapshot(`
    ".call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      (no step was recorded)

    stdout:
      text

    effects:
      exit 0
      prints
        stdout 1 line"
  `);
});
