import { describe, expect, it } from 'vitest';
import { directory, file, removed, symlink } from '../tree/entry.js';
import { directoryEntry, fabricatedRun, fileEntry, messageOf, symlinkEntry } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const run = fabricatedRun({
  before: {
    '/opt/bin': directoryEntry(),
    '/opt/bin/gateway': fileEntry('v1', 0o755),
    '/opt/bin/toolctl': fileEntry('v1', 0o755),
    '/usr/bin/gateway': symlinkEntry('/opt/bin/gateway'),
    '/run/pipe': { kind: 'fifo', mode: 0o644, owner: '0:0' },
  },
});

describe('toHaveFile', () => {
  it('asks what is there, changed or not', () => {
    expect(run).toHaveFile('/opt/bin/gateway');
    expect(run).toHaveFile('/opt/bin/gateway', 'v1');
    expect(run).toHaveFile('/opt/bin/gateway', file(undefined, { mode: 0o755 }));
    expect(run).toHaveFile('/opt/bin/', directory());
    expect(run).toHaveFile('/usr/bin/gateway', symlink(/gateway$/));
    expect(run).toHaveFile('/run/pipe', { spec: 'fifo' });
    expect(run).not.toHaveFile('/opt/bin/toolmgr');
    expect(run).not.toHaveFile('/opt/bin/gateway', 'v2');
  });

  it('says what is there instead, and what is near', () => {
    expect(messageOf(() => expect(run).toHaveFile('/opt/bn/gateway'))).toMatchInlineSnapshot(`
      "expect(run).toHaveFile('/opt/bn/gateway'): nothing is there

        nearest:
          /opt/bin/gateway
          /usr/bin/gateway
          /opt/bin

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
    expect(messageOf(() => expect(run).toHaveFile('/opt/bin/gateway', file('v2\n', { mode: 0o644 })))).toMatchInlineSnapshot(`
      "expect(run).toHaveFile('/opt/bin/gateway', …): it is not as expected

        /opt/bin/gateway
          content: expected "v2\\n", found "v1"
          mode: expected 0644, found 0755

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
    expect(messageOf(() => expect(run).not.toHaveFile('/opt/bin/gateway'))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveFile('/opt/bin/gateway'): it is there

        /opt/bin/gateway 0755 root:root 2 B

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
    expect(messageOf(() => expect(run).toHaveFile('/opt/bin/gateway', symlink('/x')))).toContain('expected a symlink, found a file');
  });

  it('fails in both polarities for a link or a directory that nobody named', () => {
    expect(messageOf(() => expect(run).toHaveFile('/usr/bin/gateway'))).toContain('a symlink to /opt/bin/gateway is there');
    expect(messageOf(() => expect(run).not.toHaveFile('/opt/bin'))).toContain('a directory is there');
  });

  it('refuses `removed` and relative paths', () => {
    expect(messageOf(() => expect(run).toHaveFile('/x', removed))).toMatchInlineSnapshot(`"toHaveFile('/x', removed): expect(run).not.toHaveFile('/x') says that nothing is there, toHaveChanged({ '/x': removed }) that the run removed it."`);
    expect(messageOf(() => expect(run).not.toHaveFile('opt/bin'))).toMatchInlineSnapshot(`"toHaveFile() takes absolute paths; received 'opt/bin'."`);
  });
});
