import { describe, expect, it } from 'vitest';
import { fabricatedRun, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const run = fabricatedRun({ stdout: 'one\n\u001b[32mtwo\u001b[0m three\n', stderr: 'warning: four\n' });

describe('toPrint', () => {
  it('looks into both streams, or the one named, without terminal escapes', () => {
    expect(run).toPrint('two three');
    expect(run).toPrint(/^warning/);
    expect(run).toPrint(/^two/m, { on: 'stdout' });
    expect(run).not.toPrint('four', { on: 'stdout' });
    expect(run).not.toPrint('five');
    expect(run).not.toPrint('three\nwarning');
  });

  it('says where the text is, or that it is nowhere', () => {
    expect(messageOf(() => expect(run).toPrint('five'))).toMatchInlineSnapshot(`
      "expect(run).toPrint("five"): it is not on stdout or stderr

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      stdout:
        one
        two three

      stderr:
        warning: four

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(run).toPrint('four', { on: 'stdout' }))).toMatchInlineSnapshot(`
      "expect(run).toPrint("four", { on: 'stdout' }): it is not on stdout; it is on stderr

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      stdout:
        one
        two three

      stderr:
        warning: four

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(run).not.toPrint(/thre+/))).toMatchInlineSnapshot(`
      "expect(run).not.toPrint(/thre+/): it is on stdout

        line 2: two three

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      stdout:
        one
        two three

      stderr:
        warning: four

      changes: none

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });

  it('refuses what could not fail', () => {
    expect(messageOf(() => expect(run).toPrint(''))).toMatchInlineSnapshot(`"toPrint() takes a text that is not empty, or a RegExp; received "". For "prints nothing": expect(run.stdout).toBe('')."`);
    expect(messageOf(() => expect(run).not.toPrint('x', { on: 'stdin' as never }))).toMatchInlineSnapshot(`"toPrint(): the option \`on\` takes 'stdout' or 'stderr'; received "stdin"."`);
  });
});
