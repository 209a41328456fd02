import { describe, expect, it } from 'vitest';
import { called } from '../clock/actors.js';
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

  it.each<[string, unknown, unknown, string]>([
    ['a number', 5, {}, "toHappenBefore: the first instant must be ['NAME', ARG...] or a selector such as called('NAME'), is number 5."],
    ['nothing', ['curl'], undefined, "toHappenBefore: the second instant must be ['NAME', ARG...] or a selector such as called('NAME'), is undefined."],
    ['an object', called('curl'), {}, "toHappenBefore: the second instant must be ['NAME', ARG...] or a selector such as called('NAME'), is an object."],
    ['a call without a name', [], ['curl'], "toHappenBefore: the first instant: the name of its command must be a text that is not empty, is undefined."],
    ['a call of an empty name', ['curl'], [''], "toHappenBefore: the second instant: the name of its command must be a text that is not empty, is string ''."],
    ['a bare name', 'curl', 'curl', "toHappenBefore: the first instant must be ['NAME', ARG...] or a selector such as called('NAME'), is string 'curl'. Did you mean ['curl']?"],
    ['a word that is none', ['curl'], ['curl', 'a', 5], "toHappenBefore: the second instant[2] must be text, a RegExp, an asymmetric matcher, any, rest or noArguments, is number 5."],
  ])('refuses %s, negated or not', (_, first, second, message) => {
    expect(() => expect(run).toHappenBefore(first as never, second as never)).toThrow(message);
    expect(() => expect(run).not.toHappenBefore(first as never, second as never)).toThrow(message);
  });

  it('says that both name the same instant where they do', () => {
    expect(messageOf(() => expect(run).toHappenBefore(['curl', 'a'], ['curl'])).split('\n\n').slice(0, 3).join('\n\n')).toMatchInlineSnapshot(`
      "expect(run).toHappenBefore(['curl', 'a'], ['curl']): both name the same instant

        curl a   at harness/matchers/install.fixture.sh:15 in function fetchTool

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0"
    `);
    expect(run).not.toHappenBefore(['curl', 'a'], ['curl', 'a']);
  });
});
