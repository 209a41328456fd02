import { describe, expect, it } from 'vitest';
import { call, fabricatedRun, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const run = fabricatedRun({
  calls: [call(['systemctl', 'stop', 'gateway']), call(['curl', 'a']), call(['sleep', '1']), call(['curl', 'b']), call(['systemctl', 'start', 'gateway'])],
});

describe('toHappenBefore', () => {
  it('compares the first call like each', () => {
    expect(run).toHappenBefore(['systemctl', 'stop', 'gateway'], ['curl']);
    expect(run).not.toHappenBefore(['curl', 'b'], ['curl', 'a']);
  });

  it('fails in both polarities when one never happened', () => {
    expect(messageOf(() => expect(run).toHappenBefore(['curl', 'c'], ['sleep']))).toMatchInlineSnapshot(`
      "expect(run).toHappenBefore(['curl', 'c'], ['sleep']): curl c never happened

        expected: curl c
        received: curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
          - c
          + a
        received: curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool
          - c
          + b

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
        systemctl stop gateway   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 1   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool
        systemctl start gateway   at harness/matchers/install.fixture.sh:15 in function fetchTool

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(run).not.toHappenBefore(['sleep'], ['curl', 'c']))).toContain('curl c never happened');
  });

  it('shows both calls in their order', () => {
    expect(messageOf(() => expect(run).toHappenBefore(['curl', 'b'], ['sleep', '1']))).toMatchInlineSnapshot(`
      "expect(run).toHappenBefore(['curl', 'b'], ['sleep', '1']): it happened after it

        sleep 1   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      curl b was made at harness/matchers/install.fixture.sh:15 in function fetchTool

          12| }
          13|
          14| fetchTool() {
        > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
          16|   chmod 755 "/opt/bin/\${1}"
          17| }

      called from harness/matchers/install.fixture.sh:11 in function installTool

      calls:
        systemctl stop gateway   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 1   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool
        systemctl start gateway   at harness/matchers/install.fixture.sh:15 in function fetchTool

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(run).not.toHappenBefore(['sleep', '1'], ['curl', 'b']))).toMatchInlineSnapshot(`
      "expect(run).not.toHappenBefore(['sleep', '1'], ['curl', 'b']): it did

        sleep 1   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      sleep 1 was made at harness/matchers/install.fixture.sh:15 in function fetchTool

          12| }
          13|
          14| fetchTool() {
        > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
          16|   chmod 755 "/opt/bin/\${1}"
          17| }

      called from harness/matchers/install.fixture.sh:11 in function installTool

      calls:
        systemctl stop gateway   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 1   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool
        systemctl start gateway   at harness/matchers/install.fixture.sh:15 in function fetchTool

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });
});
