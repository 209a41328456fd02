import { describe, expect, it } from 'vitest';
import { directory, file, removed, symlink } from '../tree/entry.js';
import { after, before } from './changed-trees.fixture.js';
import { directoryEntry, fabricatedRun, fileEntry, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const run = fabricatedRun({ before, after });
const all = {
  '/opt/bin/toolctl': file('toolctl v1.34.0', { mode: 0o755, owner: 'root:root' }),
  '/opt/bin/toolctl-1.34.0': removed,
  '/opt/new/deep/link': symlink('/opt/bin/toolctl'),
  '/etc/hosts': '127.0.0.1 localhost\n10.0.0.2 new\n',
  '/var/cache/': removed,
};

describe('toHaveChangedOnly', () => {
  it('implies created parents and what lay in a removed directory', () => {
    expect(run).toHaveChangedOnly(all);
  });

  it('implies no parent of odd mode or owner, and none without a listed path below it', () => {
    const odd = fabricatedRun({ after: { '/opt/x': directoryEntry(0o700), '/opt/x/f': fileEntry('1') } });
    expect(odd).not.toHaveChangedOnly({ '/opt/x/f': '1' });
    expect(odd).toHaveChangedOnly({ '/opt/x/f': '1', '/opt/x': directory({ mode: 0o700 }) });
    expect(messageOf(() => expect(odd).toHaveChangedOnly({ '/opt/x/f': '1' }))).toContain('  A directory above a listed path is implied only where it is 0755 and root:root');
    expect(messageOf(() => expect(odd).toHaveChangedOnly({ '/opt/y': '1' }))).not.toContain('is implied only');
    const other = fabricatedRun({ after: { '/opt/x': directoryEntry(), '/opt/x/f': fileEntry('1') } });
    expect(messageOf(() => expect(other).toHaveChangedOnly({ '/opt/x/g': '1' }))).not.toContain('is implied only');
    const foreign = fabricatedRun({ after: { '/opt/x': directoryEntry(0o755, '5:5'), '/opt/x/f': fileEntry('1') } });
    expect(foreign).not.toHaveChangedOnly({ '/opt/x/f': '1' });
    expect(fabricatedRun({ after: { '/opt/y': directoryEntry() } })).not.toHaveChangedOnly({});
  });

  it('does not take a directory that is still there for a removed one', () => {
    const emptied = fabricatedRun({ before: { '/a': directoryEntry(), '/a/f': fileEntry('1') }, after: { '/a': directoryEntry() } });
    expect(emptied).not.toHaveChangedOnly({ '/a': removed });
    expect(emptied).toHaveChangedOnly({ '/a/f': removed });
  });

  it('of nothing means that nothing changed', () => {
    expect(fabricatedRun({ before })).toHaveChangedOnly({});
    expect(run).not.toHaveChangedOnly({});
  });

  it('D1: shows what is not listed, with modes and differences of text', () => {
    expect(messageOf(() => expect(run).toHaveChangedOnly({ '/opt/bin/toolctl': file(undefined, { mode: 0o750 }) }))).toMatchInlineSnapshot(`
      "expect(run).toHaveChangedOnly({ '/opt/bin/toolctl' }): 1 of 1 did not change so, 8 not listed changed

        /opt/bin/toolctl
          mode: expected 0750, found 0755

        not listed:
          ~ /etc/hosts
               127.0.0.1 localhost
              -10.0.0.1 old
              +10.0.0.2 new
          - /opt/bin/toolctl-1.34.0
          + /opt/new/ 0755 root:root
          + /opt/new/deep/ 0755 root:root
          + /opt/new/deep/link -> /opt/bin/toolctl root:root
          - /var/cache/ and 2 below it

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes:
        ~ /etc/hosts
             127.0.0.1 localhost
            -10.0.0.1 old
            +10.0.0.2 new
        + /opt/bin/toolctl 0755 root:root 15 B
        - /opt/bin/toolctl-1.34.0
        + /opt/new/
        + /opt/new/deep/
        + /opt/new/deep/link -> /opt/bin/toolctl root:root
        - /var/cache/ and 2 below it

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(run).not.toHaveChangedOnly(all))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveChangedOnly({ '/opt/bin/toolctl', '/opt/bin/toolctl-1.34.0', 3 more }): it changed exactly that

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes:
        ~ /etc/hosts
             127.0.0.1 localhost
            -10.0.0.1 old
            +10.0.0.2 new
        + /opt/bin/toolctl 0755 root:root 15 B
        - /opt/bin/toolctl-1.34.0
        + /opt/new/
        + /opt/new/deep/
        + /opt/new/deep/link -> /opt/bin/toolctl root:root
        - /var/cache/ and 2 below it

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });
});
