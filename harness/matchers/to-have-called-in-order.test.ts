import { describe, expect, it } from 'vitest';
import { call, fabricatedRun, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const run = fabricatedRun({
  calls: [call(['systemctl', 'stop', 'kubelet']), call(['curl', 'a']), call(['sleep', '1']), call(['curl', 'b']), call(['systemctl', 'start', 'kubelet'])],
});

describe('toHaveCalledInOrder', () => {
  it('finds calls in order, with others between', () => {
    expect(run).toHaveCalledInOrder([['systemctl', 'stop', 'kubelet'], ['curl', 'b'], ['systemctl', 'start', /kube/]]);
    expect(run).toHaveCalledInOrder([['curl'], ['curl']]);
    expect(run).not.toHaveCalledInOrder([['curl'], ['curl'], ['curl']]);
    expect(run).not.toHaveCalledInOrder([['curl', 'b'], ['curl', 'a']]);
  });

  it('goes by the order of calls, not by that of the record', () => {
    const shuffled = { ...run, record: { ...run.record, calls: [...run.record.calls].reverse() } };
    expect(shuffled).toHaveCalledInOrder([['curl', 'a'], ['curl', 'b']]);
  });

  it('says which call broke the order', () => {
    expect(messageOf(() => expect(run).toHaveCalledInOrder([['curl', 'b'], ['systemctl', 'stop', 'kubelet'], ['sleep']]))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalledInOrder(3 calls): call 2 was made, but not after the one before it

        1. made      curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool
        2. not found systemctl stop kubelet
        3. not tried sleep (any arguments)

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      calls:
        systemctl stop kubelet   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 1   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool
        systemctl start kubelet   at harness/matchers/install.fixture.sh:15 in function fetchTool

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(run).toHaveCalledInOrder([['curl', 'a'], ['systemctl', 'restart', 'kubelet']]))).toMatchInlineSnapshot(`
      "expect(run).toHaveCalledInOrder(2 calls): call 2 was never made

        1. made      curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        2. not found systemctl restart kubelet

        expected: systemctl restart kubelet
        received: systemctl stop kubelet   at harness/matchers/install.fixture.sh:15 in function fetchTool
          - restart
          + stop
            kubelet
        received: systemctl start kubelet   at harness/matchers/install.fixture.sh:15 in function fetchTool
          - restart
          + start
            kubelet

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      calls:
        systemctl stop kubelet   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 1   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool
        systemctl start kubelet   at harness/matchers/install.fixture.sh:15 in function fetchTool

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(run).not.toHaveCalledInOrder([['curl', 'a'], ['curl', 'b']]))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveCalledInOrder(2 calls): they were made in this order

        1. made      curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        2. made      curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      calls:
        systemctl stop kubelet   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 1   at harness/matchers/install.fixture.sh:15 in function fetchTool
        curl b   at harness/matchers/install.fixture.sh:15 in function fetchTool
        systemctl start kubelet   at harness/matchers/install.fixture.sh:15 in function fetchTool

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
