import { describe, expect, it } from 'vitest';
import { directory, file, removed, symlink } from '../tree/entry.js';
import { after, before } from './changed-trees.fixture.js';
import { fabricatedRun, fileEntry, messageOf, symlinkEntry } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const run = fabricatedRun({ before, after });

describe('toHaveChanged', () => {
  it('asks each listed path and no other', () => {
    expect(run).toHaveChanged({ '/opt/bin/toolctl': file(/^toolctl/) });
    expect(run).toHaveChanged({ '/opt/bin/toolctl': file(expect.stringContaining('1.34'), { mode: 0o755 }), '/opt/new/': directory() });
    expect(run).not.toHaveChanged({ '/opt/bin/toolctl': file('other') });
    expect(run).not.toHaveChanged({ '/etc/same': 'same' });
    expect(run).not.toHaveChanged({ '/nowhere': removed });
  });

  it('negated, fails when one of several changed so', () => {
    expect(() => expect(run).not.toHaveChanged({ '/etc/same': 'same', '/opt/bin/toolctl': file() })).toThrow('/opt/bin/toolctl so');
  });

  it('takes bare paths and nothing at all', () => {
    expect(run).toHaveChanged();
    expect(run).toHaveChanged('/etc/hosts');
    expect(run).toHaveChanged(['/etc/hosts', '/opt/new']);
    expect(run).not.toHaveChanged('/etc/same');
    expect(run).not.toHaveChanged(['/etc/same', '/nowhere']);
    expect(fabricatedRun({ before })).not.toHaveChanged();
    expect(() => expect(run).toHaveChanged('etc/hosts')).toThrow(TypeError);
    expect(() => expect(run).toHaveChanged({})).toThrow('lists no path');
    expect(() => expect(run).not.toHaveChanged([])).toThrow('lists no path');
  });

  it('follows links among the parents of a path', () => {
    const linked = fabricatedRun({ before: { '/bin': symlinkEntry('usr/bin'), '/usr/bin/old': fileEntry('1') }, after: { '/bin': symlinkEntry('usr/bin'), '/usr/bin/new': fileEntry('2') } });
    expect(linked).toHaveChangedOnly({ '/bin/new': '2', '/bin/old': removed });
    expect(linked).toHaveChanged(['/bin/new', '/bin/old']);
    expect(linked).toHaveFile('/bin/new');
    expect(linked).not.toHaveFile('/bin/old');
  });

  it('D1: says of each path how it differs', () => {
    expect(messageOf(() => expect(run).toHaveChanged({
      '/etc/hosts': '127.0.0.1 localhost\n10.0.0.3 newest\n',
      '/etc/same': 'same',
      '/opt/bin/toolctl': file('toolctl v1.35.0', { mode: 0o700, owner: 'daemon:daemon' }),
      '/opt/bin/toolctl-1.34.0': file(),
      '/opt/new/deep/link': symlink('/opt/bin/toolctl-1.34.0'),
      '/opt/new': file('x'),
      '/nowhere': 'x',
      '/etc/passwd': removed,
      '/opt/bin': removed,
    }))).toMatchInlineSnapshot(`
      "expect(run).toHaveChanged({ '/etc/hosts', '/etc/same', 7 more }): 9 of 9 did not change so

        /etc/hosts
          content (- expected, + found):
             127.0.0.1 localhost
            -10.0.0.3 newest
            +10.0.0.2 new

        /etc/same
          it is as listed, but it was so before the run

        /opt/bin/toolctl
          content: expected "toolctl v1.35.0", found "toolctl v1.34.0"
          mode: expected 0700, found 0755
          owner: expected daemon:daemon, found root:root

        /opt/bin/toolctl-1.34.0
          the run removed it

        /opt/new/deep/link
          target: expected "/opt/bin/toolctl-1.34.0", found "/opt/bin/toolctl"

        /opt/new
          expected a file, found a directory

        /nowhere
          expected a file, found nothing

        /etc/passwd
          expected it to be removed, but it was not there before the run

        /opt/bin
          expected it to be removed, found a directory

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

  it('says what changed against the expectation', () => {
    expect(messageOf(() => expect(run).not.toHaveChanged({ '/etc/hosts': file() }))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveChanged({ '/etc/hosts' }): the run changed /etc/hosts so

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
    expect(messageOf(() => expect(run).not.toHaveChanged(['/etc/same', '/etc/hosts']))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveChanged('/etc/same', '/etc/hosts'): /etc/hosts changed

          ~ /etc/hosts
               127.0.0.1 localhost
              -10.0.0.1 old
              +10.0.0.2 new

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
    expect(messageOf(() => expect(fabricatedRun({ before })).toHaveChanged())).toMatchInlineSnapshot(`
      "expect(run).toHaveChanged(): the run changed nothing

      .call('installTool', 'toolctl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(fabricatedRun({ before })).toHaveChanged('/etc/hosts'))).toContain('/etc/hosts did not change');
    expect(messageOf(() => expect(run).not.toHaveChanged())).toContain('expected no change, received 9');
  });
});
