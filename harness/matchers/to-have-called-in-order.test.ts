import { describe, expect, it } from 'vitest';
import { call, fabricatedRun, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const run = fabricatedRun({
  calls: [call(['systemctl', 'stop', 'gateway']), call(['curl', 'a']), call(['sleep', '1']), call(['curl', 'b']), call(['systemctl', 'start', 'gateway'])],
});

describe('toHaveCalledInOrder', () => {
  it('finds calls in order, with others between', () => {
    expect(run).toHaveCalledInOrder([['systemctl', 'stop', 'gateway'], ['curl', 'b'], ['systemctl', 'start', /gate/]]);
    expect(run).toHaveCalledInOrder([['curl'], ['curl']]);
    expect(run).not.toHaveCalledInOrder([['curl'], ['curl'], ['curl']]);
    expect(run).not.toHaveCalledInOrder([['curl', 'b'], ['curl', 'a']]);
  });

  it('goes by the order of calls, not by that of the record', () => {
    const shuffled = { ...run, record: { ...run.record, calls: [...run.record.calls].reverse() } };
    expect(shuffled).toHaveCalledInOrder([['curl', 'a'], ['curl', 'b']]);
  });

  it('says which call broke the order', () => {
    expect(messageOf(() => expect(run).toHaveCalledInOrder([['curl', 'b'], ['systemctl', 'stop', 'gateway'], ['sleep']]))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalledInOrder(3 calls): call 2 was made, but not after the one before it

        1. made      curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool
        2. not found systemctl stop gateway
        3. not tried sleep (any arguments)

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
    expect(messageOf(() => expect(run).toHaveCalledInOrder([['curl', 'a'], ['systemctl', 'restart', 'gateway']]))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalledInOrder(2 calls): call 2 was never made

        1. made      curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        2. not found systemctl restart gateway

        expected: systemctl restart gateway
        received: systemctl stop gateway   at harness/matchers/install.fixture.sh:15 in function fetchTool
          - restart
          + stop
            gateway
        received: systemctl start gateway   at harness/matchers/install.fixture.sh:15 in function fetchTool
          - restart
          + start
            gateway

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
    expect(messageOf(() => expect(run).not.toHaveCalledInOrder([['curl', 'a'], ['curl', 'b']]))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveCalledInOrder(2 calls): they were made in this order

        1. made      curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        2. made      curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool

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
  });

  it('refuses what can have no order, and names without a record', () => {
    expect(() => expect(run).toHaveCalledInOrder([['curl']])).toThrow(TypeError);
    expect(() => expect(run).toHaveCalledInOrder([['curl'], ['mv']])).toThrow(expect.objectContaining({ code: 'not-recorded' }));
    // A misplaced bracket must not pass for an order.
    expect(() => expect(run).not.toHaveCalledInOrder('curl' as never)).toThrow(TypeError);
  });
});
