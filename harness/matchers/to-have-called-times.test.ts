import { describe, expect, it } from 'vitest';
import { call, fabricatedRun, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

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

describe('toHaveCalledTimes', () => {
  it('counts calls, all or those with these arguments', () => {
    expect(run).toHaveCalledTimes('sleep', 2);
    expect(run).toHaveCalledTimes('sleep', 2, '5');
    expect(run).toHaveCalledTimes('sleep', 0, '6');
    expect(run).not.toHaveCalledTimes('sleep', 1);
  });

  it('says how many there were', () => {
    expect(messageOf(() => expect(run).toHaveCalledTimes('sleep', 1))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalledTimes('sleep', 1): expected 1 call, received 2

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      the first call too many was made at harness/matchers/install.fixture.sh:15 in function fetchTool

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
    expect(messageOf(() => expect(run).toHaveCalledTimes('sleep', 3, '5'))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalledTimes('sleep', 3, '5'): expected 3 calls, received 2

        expected: sleep 5
        received: sleep 5   at harness/matchers/install.fixture.sh:15 in function fetchTool
        received: sleep 5   did not end   at harness/matchers/install.fixture.sh:15 in function fetchTool

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
    expect(messageOf(() => expect(run).not.toHaveCalledTimes('sleep', 2))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveCalledTimes('sleep', 2): expected another number of calls than 2, received 2

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
});
