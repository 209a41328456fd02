import { describe, expect, it } from 'vitest';
import { call, fabricatedRun, fileEntry, directoryEntry, messageOf, site } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const failed = fabricatedRun({
  exitCode: 22,
  stdout: 'installing toolctl 1.34.0\n',
  stderr: Array.from({ length: 11 }, (_, index) => `\u001b[31mcurl: attempt ${index + 1}\u001b[0m\n`).join(''),
  calls: [call(['curl', '-fsS', 'http://packages/toolctl_1.34.0', '-o', '/opt/bin/toolctl'], { exitCode: 22 })],
  after: { '/opt/bin': directoryEntry(), '/opt/bin/toolctl': fileEntry('half', 0o600) },
  lastStack: [site(15, 'fetchTool'), site(11, 'installTool')],
});

describe('toSucceed', () => {
  it('passes for 0 and looks at the exit code, negated or not', () => {
    const succeeded = fabricatedRun();
    expect(succeeded).toSucceed();
    expect(succeeded.looked.has('exitCode')).toBe(true);
    const other = fabricatedRun({ exitCode: 3 });
    expect(other).not.toSucceed();
    expect(other.looked.has('exitCode')).toBe(true);
  });

  it('D1: shows the whole story of a run that failed', () => {
    expect(messageOf(() => expect(failed).toSucceed())).toMatchInlineSnapshot(`
      "expect(run).toSucceed(): expected exit code 0, received 22

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 22

      it ended at harness/matchers/install.fixture.sh:15 in function fetchTool

          12| }
          13|
          14| fetchTool() {
        > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
          16|   chmod 755 "/opt/bin/\${1}"
          17| }

      called from harness/matchers/install.fixture.sh:11 in function installTool

      stdout:
        installing toolctl 1.34.0

      stderr (last 8 of 11 lines):
        curl: attempt 4
        curl: attempt 5
        curl: attempt 6
        curl: attempt 7
        curl: attempt 8
        curl: attempt 9
        curl: attempt 10
        curl: attempt 11

      calls:
        curl -fsS http://packages/toolctl_1.34.0 -o /opt/bin/toolctl   exit 22   at harness/matchers/install.fixture.sh:15 in function fetchTool

      changes:
        + /opt/bin/
        + /opt/bin/toolctl 0600 root:root 4 B

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });

  it('D1: shows the story of a run that should have failed', () => {
    expect(messageOf(() => expect(fabricatedRun()).not.toSucceed())).toMatchInlineSnapshot(`
      "expect(run).not.toSucceed(): expected another exit code than 0, received 0

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
});
