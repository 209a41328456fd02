import { describe, expect, it } from 'vitest';
import { call, fabricatedRun, messageOf, site } from './record.fixture.js';
import { registerMatchers } from './register.js';
import { any, rest } from '../stubs/arguments.js';
import { noArguments } from './words.js';

registerMatchers();

const run = fabricatedRun({
  calls: [
    call(['curl', '-fsS', 'http://packages/toolctl_1.34.0', '-o', '/opt/bin/toolctl'], { exitCode: 22 }),
    call(['sleep', '5']),
    call(['curl', '--retry', '3', '-fsS', 'http://packages/toolctl_1.34.0', '-o', '/opt/bin/my tool']),
    call(['sleep', '5'], { exitCode: undefined, end: undefined }),
    call(['systemctl'], { site: undefined, stack: [] }),
  ],
});

describe('toHaveCalled', () => {
  it('compares every argument, and any call without them', () => {
    expect(run).toHaveCalled('curl');
    expect(run).toHaveCalled('sleep', '5');
    expect(run).not.toHaveCalled('sleep', '5', '6');
    expect(run).not.toHaveCalled('sleep', '50');
    expect(run).not.toHaveCalled('curl', '-fsS');
  });

  it('takes patterns, asymmetric matchers and marks for the rest', () => {
    expect(run).toHaveCalled('sleep', /^\d$/);
    expect(run).toHaveCalled('curl', '-fsS', expect.stringContaining('toolctl'), '-o', expect.anything());
    expect(run).toHaveCalled('curl', '--retry', rest);
    expect(run).toHaveCalled('sleep', '5', rest);
    expect(run).not.toHaveCalled('sleep', '5', '6', rest);
    expect(run).toHaveCalled('systemctl', noArguments);
    expect(run).not.toHaveCalled('curl', noArguments);
    expect(run).toHaveCalled('sleep', any);
    expect(run).not.toHaveCalled('sleep', any, any);
  });

  it('is not led astray by a pattern that keeps its place', () => {
    const sticky = /5/g;
    expect(run).toHaveCalledTimes('sleep', 2, sticky);
    expect(run).toHaveCalledTimes('sleep', 2, sticky);
  });

  it('refuses marks in other places', () => {
    expect(() => expect(run).toHaveCalled('curl', rest, 'x')).toThrow(TypeError);
    expect(() => expect(run).toHaveCalled('sleep', noArguments, 'x')).toThrow(TypeError);
  });

  it('D1: shows the nearest calls word by word', () => {
    expect(messageOf(() => expect(run).toHaveCalled('curl', '-fsS', /gateway/, '-o', '/opt/bin/my tool'))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalled('curl', '-fsS', /gateway/, '-o', '/opt/bin/my tool'): curl was called 2 times, never with these arguments

        expected: curl -fsS /gateway/ -o '/opt/bin/my tool'
        received: curl --retry 3 -fsS http://packages/toolctl_1.34.0 -o '/opt/bin/my tool'   at harness/matchers/install.fixture.sh:15 in function fetchTool
          + --retry
          + 3
            -fsS
          - /gateway/
          + http://packages/toolctl_1.34.0
            -o '/opt/bin/my tool'
        received: curl -fsS http://packages/toolctl_1.34.0 -o /opt/bin/toolctl   exit 22   at harness/matchers/install.fixture.sh:15 in function fetchTool
            -fsS
          - /gateway/
          + http://packages/toolctl_1.34.0
            -o
          - '/opt/bin/my tool'
          + /opt/bin/toolctl

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      calls:
        curl -fsS http://packages/toolctl_1.34.0 -o /opt/bin/toolctl   exit 22   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 5   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl --retry 3 -fsS http://packages/toolctl_1.34.0 -o '/opt/bin/my tool'   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 5   did not end   at harness/matchers/install.fixture.sh:15 in function fetchTool
        systemctl

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });

  it('says so when there was no such call at all', () => {
    expect(messageOf(() => expect(fabricatedRun()).toHaveCalled('curl', '-fsS', expect.stringMatching(/x/)))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalled('curl', '-fsS', StringMatching /x/): curl was never called

        expected: curl -fsS StringMatching /x/

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(fabricatedRun()).toHaveCalled('curl'))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalled('curl'): curl was never called

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });

  it('shows where a call that should not be was made', () => {
    expect(messageOf(() => expect(run).not.toHaveCalled('sleep', '5'))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveCalled('sleep', '5'): it was called 2 times

        not expected: sleep 5

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      the call was made at harness/matchers/install.fixture.sh:15 in function fetchTool

          12| }
          13|
          14| fetchTool() {
        > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
          16|   chmod 755 "/opt/bin/\${1}"
          17| }

      called from harness/matchers/install.fixture.sh:11 in function installTool

      calls:
        curl -fsS http://packages/toolctl_1.34.0 -o /opt/bin/toolctl   exit 22   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 5   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl --retry 3 -fsS http://packages/toolctl_1.34.0 -o '/opt/bin/my tool'   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 5   did not end   at harness/matchers/install.fixture.sh:15 in function fetchTool
        systemctl

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(run).not.toHaveCalled('systemctl'))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveCalled('systemctl'): it was called once

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      calls:
        curl -fsS http://packages/toolctl_1.34.0 -o /opt/bin/toolctl   exit 22   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 5   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl --retry 3 -fsS http://packages/toolctl_1.34.0 -o '/opt/bin/my tool'   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 5   did not end   at harness/matchers/install.fixture.sh:15 in function fetchTool
        systemctl

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });

  it('throws for a name whose calls leave no record, negated too', () => {
    expect(messageOf(() => expect(run).toHaveCalled('mv', 'a', 'b'))).toMatchInlineSnapshot(`
      "'mv' is a tool: its calls are not recorded.

        Declare it as a spy, which records calls and lets the real one do the work:
          stubs: { 'mv': real() }   or, for a shell function: spy()

        Recorded are: curl, sleep, systemctl"
    `);
    expect(messageOf(() => expect(run).not.toHaveCalled('sistemctl'))).toMatchInlineSnapshot(`
      "'sistemctl' is not declared in this shell: its calls are not recorded. Did you mean 'systemctl'?

        Declare it as a spy, which records calls and lets the real one do the work:
          stubs: { 'sistemctl': real() }   or, for a shell function: spy()

        Recorded are: curl, sleep, systemctl"
    `);
    expect(() => expect(run).not.toHaveCalled('mv')).toThrow(expect.objectContaining({ name: 'StrictError', code: 'not-recorded' }));
  });
});

describe('long and odd calls', () => {
  it('are cut, counted and quoted', () => {
    const many = fabricatedRun({
      calls: [call(['curl', 'x'.repeat(100_000), 'two\nlines', "it's", '']), ...Array.from({ length: 20 }, () => call(['sleep', '1'], { stack: [site(15, 'main')] }))],
    });
    expect(messageOf(() => expect(many).toHaveCalled('curl', `${'x'.repeat(99_999)}y`, rest))).toContain(`- '…${'x'.repeat(30)}y'`);
    expect(messageOf(() => expect(many).toHaveCalled('curl', 'y'))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalled('curl', 'y'): curl was called once, never with these arguments

        expected: curl y
        received: curl 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (100000 characters)' $'two\\nlines' 'it'\\''s' ''   at harness/matchers/install.fixture.sh:15 in function fetchTool
          - y
          + 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (100000 characters)'
          + $'two\\nlines'
          + 'it'\\''s'
          + ''

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      calls:
        curl 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (100000 characters)' $'two\\nlines' 'it'\\''s' ''   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        sleep 1   at harness/matchers/install.fixture.sh:15 at top level
        … 9 more calls

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });
});
