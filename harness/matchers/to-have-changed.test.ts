import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { directory, file, fileFrom, removed, symlink } from '../tree/entry.js';
import { directoryEntry, fabricatedRun, fileEntry, messageOf, symlinkEntry } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const before = {
  '/opt': directoryEntry(),
  '/opt/bin': directoryEntry(),
  '/opt/bin/kubectl-1.34.0': fileEntry('kubectl v1.34.0', 0o600, '1001:1001'),
  '/etc/hosts': fileEntry('127.0.0.1 localhost\n10.0.0.1 old\n'),
  '/etc/same': fileEntry('same'),
  '/var/cache': directoryEntry(),
  '/var/cache/a.deb': fileEntry('a'),
  '/var/cache/b.deb': fileEntry('b'),
};
const after = {
  '/opt': directoryEntry(),
  '/opt/bin': directoryEntry(),
  '/opt/bin/kubectl': fileEntry('kubectl v1.34.0', 0o755),
  '/opt/new': directoryEntry(),
  '/opt/new/deep': directoryEntry(),
  '/opt/new/deep/link': symlinkEntry('/opt/bin/kubectl'),
  '/etc/hosts': fileEntry('127.0.0.1 localhost\n10.0.0.2 new\n'),
  '/etc/same': fileEntry('same'),
};
const run = fabricatedRun({ before, after });
const all = {
  '/opt/bin/kubectl': file('kubectl v1.34.0', { mode: 0o755, owner: 'root:root' }),
  '/opt/bin/kubectl-1.34.0': removed,
  '/opt/new/deep/link': symlink('/opt/bin/kubectl'),
  '/etc/hosts': '127.0.0.1 localhost\n10.0.0.2 new\n',
  '/var/cache/': removed,
};

describe('toHaveChanged', () => {
  it('asks each listed path and no other', () => {
    expect(run).toHaveChanged({ '/opt/bin/kubectl': file(/^kubectl/) });
    expect(run).toHaveChanged({ '/opt/bin/kubectl': file(expect.stringContaining('1.34'), { mode: 0o755 }), '/opt/new/': directory() });
    expect(run).not.toHaveChanged({ '/opt/bin/kubectl': file('other') });
    expect(run).not.toHaveChanged({ '/etc/same': 'same' });
    expect(run).not.toHaveChanged({ '/nowhere': removed });
  });

  it('negated, fails when one of several changed so', () => {
    expect(() => expect(run).not.toHaveChanged({ '/etc/same': 'same', '/opt/bin/kubectl': file() })).toThrow('/opt/bin/kubectl so');
  });

  it('takes bare paths and nothing at all', () => {
    expect(run).toHaveChanged();
    expect(run).toHaveChanged('/etc/hosts');
    expect(run).toHaveChanged(['/etc/hosts', '/opt/new']);
    expect(run).not.toHaveChanged('/etc/same');
    expect(run).not.toHaveChanged(['/etc/same', '/nowhere']);
    expect(fabricatedRun({ before })).not.toHaveChanged();
    expect(() => expect(run).toHaveChanged('etc/hosts')).toThrow(TypeError);
  });

  it('D1: says of each path how it differs', () => {
    expect(messageOf(() => expect(run).toHaveChanged({
      '/etc/hosts': '127.0.0.1 localhost\n10.0.0.3 newest\n',
      '/etc/same': 'same',
      '/opt/bin/kubectl': file('kubectl v1.35.0', { mode: 0o700, owner: 'daemon:daemon' }),
      '/opt/bin/kubectl-1.34.0': file(),
      '/opt/new/deep/link': symlink('/opt/bin/kubectl-1.34.0'),
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

        /opt/bin/kubectl
          content: expected "kubectl v1.35.0", found "kubectl v1.34.0"
          mode: expected 0700, found 0755
          owner: expected daemon:daemon, found root:root

        /opt/bin/kubectl-1.34.0
          the run removed it

        /opt/new/deep/link
          target: expected "/opt/bin/kubectl-1.34.0", found "/opt/bin/kubectl"

        /opt/new
          expected a file, found a directory

        /nowhere
          expected a file, found nothing

        /etc/passwd
          expected it to be removed, but it was not there before the run

        /opt/bin
          expected it to be removed, found a directory

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes:
        ~ /etc/hosts   33 -> 33 B
             127.0.0.1 localhost
            -10.0.0.1 old
            +10.0.0.2 new
        + /opt/bin/kubectl 0755 root:root 15 B
        - /opt/bin/kubectl-1.34.0
        + /opt/new/
        + /opt/new/deep/
        + /opt/new/deep/link -> /opt/bin/kubectl root:root
        - /var/cache/ and 2 below it

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });

  it('says what changed against the expectation', () => {
    expect(messageOf(() => expect(run).not.toHaveChanged({ '/etc/hosts': file() }))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveChanged({ '/etc/hosts' }): the run changed /etc/hosts so

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes:
        ~ /etc/hosts   33 -> 33 B
             127.0.0.1 localhost
            -10.0.0.1 old
            +10.0.0.2 new
        + /opt/bin/kubectl 0755 root:root 15 B
        - /opt/bin/kubectl-1.34.0
        + /opt/new/
        + /opt/new/deep/
        + /opt/new/deep/link -> /opt/bin/kubectl root:root
        - /var/cache/ and 2 below it

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(run).not.toHaveChanged(['/etc/same', '/etc/hosts']))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveChanged('/etc/same', '/etc/hosts'): /etc/hosts changed

          ~ /etc/hosts   33 -> 33 B
               127.0.0.1 localhost
              -10.0.0.1 old
              +10.0.0.2 new

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes:
        ~ /etc/hosts   33 -> 33 B
             127.0.0.1 localhost
            -10.0.0.1 old
            +10.0.0.2 new
        + /opt/bin/kubectl 0755 root:root 15 B
        - /opt/bin/kubectl-1.34.0
        + /opt/new/
        + /opt/new/deep/
        + /opt/new/deep/link -> /opt/bin/kubectl root:root
        - /var/cache/ and 2 below it

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    expect(messageOf(() => expect(fabricatedRun({ before })).toHaveChanged())).toMatchInlineSnapshot(`
      "expect(run).toHaveChanged(): the run changed nothing

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

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

describe('toHaveChangedOnly', () => {
  it('implies created parents and what lay in a removed directory', () => {
    expect(run).toHaveChangedOnly(all);
  });

  it('implies no parent of odd mode or owner, and none without a listed path below it', () => {
    const odd = fabricatedRun({ after: { '/opt/x': directoryEntry(0o700), '/opt/x/f': fileEntry('1') } });
    expect(odd).not.toHaveChangedOnly({ '/opt/x/f': '1' });
    expect(odd).toHaveChangedOnly({ '/opt/x/f': '1', '/opt/x': directory({ mode: 0o700 }) });
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
    expect(messageOf(() => expect(run).toHaveChangedOnly({ '/opt/bin/kubectl': file(undefined, { mode: 0o750 }) }))).toMatchInlineSnapshot(`
      "expect(run).toHaveChangedOnly({ '/opt/bin/kubectl' }): 1 of 1 did not change so, 8 not listed changed

        /opt/bin/kubectl
          mode: expected 0750, found 0755

        not listed:
          ~ /etc/hosts   33 -> 33 B
               127.0.0.1 localhost
              -10.0.0.1 old
              +10.0.0.2 new
          - /opt/bin/kubectl-1.34.0
          + /opt/new/ 0755 root:root
          + /opt/new/deep/ 0755 root:root
          + /opt/new/deep/link -> /opt/bin/kubectl root:root
          - /var/cache/ and 2 below it

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

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
    expect(messageOf(() => expect(run).not.toHaveChangedOnly(all))).toMatchInlineSnapshot(`
      "expect(run).not.toHaveChangedOnly({ '/opt/bin/kubectl', '/opt/bin/kubectl-1.34.0', 3 more }): it changed exactly that

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes:
        ~ /etc/hosts   33 -> 33 B
             127.0.0.1 localhost
            -10.0.0.1 old
            +10.0.0.2 new
        + /opt/bin/kubectl 0755 root:root 15 B
        - /opt/bin/kubectl-1.34.0
        + /opt/new/
        + /opt/new/deep/
        + /opt/new/deep/link -> /opt/bin/kubectl root:root
        - /var/cache/ and 2 below it

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });
});

describe('owners', () => {
  const unreal = fabricatedRun({ before, after, context: { ownersAreReal: false, ownersAdvice: 'no range of ids is set up for you; apt-get install uidmap' } });

  it('S5: fail in both polarities where they are not real', () => {
    const expected = { '/opt/bin/kubectl': file(undefined, { owner: 'root:root' }) };
    expect(messageOf(() => expect(unreal).toHaveChanged(expected))).toMatchInlineSnapshot(`
      "expect(run).toHaveChanged({ '/opt/bin/kubectl' }): cannot be told on this machine

        /opt/bin/kubectl
          owners are not real on this machine: no range of ids is set up for you; apt-get install uidmap

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes:
        ~ /etc/hosts   33 -> 33 B
             127.0.0.1 localhost
            -10.0.0.1 old
            +10.0.0.2 new
        + /opt/bin/kubectl 0755 root:root 15 B
        - /opt/bin/kubectl-1.34.0
        + /opt/new/
        + /opt/new/deep/
        + /opt/new/deep/link -> /opt/bin/kubectl root:root
        - /var/cache/ and 2 below it

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
    for (const expectation of [
      () => expect(unreal).not.toHaveChanged(expected),
      () => expect(unreal).toHaveChangedOnly(expected),
      () => expect(unreal).not.toHaveChangedOnly(expected),
      () => expect(unreal).toHaveFile('/opt/bin/kubectl', expected['/opt/bin/kubectl']),
      () => expect(unreal).not.toHaveFile('/opt/bin/kubectl', expected['/opt/bin/kubectl']),
    ]) expect(messageOf(expectation)).toContain('owners are not real on this machine: no range of ids');
    expect(unreal).toHaveChanged({ '/opt/bin/kubectl': file(undefined, { mode: 0o755 }) });
  });

  it('must be known to the sandbox, in both polarities', () => {
    expect(messageOf(() => expect(run).not.toHaveFile('/opt/bin/kubectl', file(undefined, { owner: 'kubelet:root' })))).toContain("the sandbox knows no user 'kubelet'");
    expect(messageOf(() => expect(run).not.toHaveFile('/opt/bin/kubectl', file(undefined, { owner: 'root:wheel' })))).toContain("the sandbox knows no group 'wheel'");
    expect(messageOf(() => expect(run).not.toHaveFile('/opt/bin/kubectl', file(undefined, { owner: 'root' })))).toContain("'root' is not of the form user:group");
  });
});

describe('bytes', () => {
  it('are compared with those of a file of the host', () => {
    const script = new URL('./install.fixture.sh', import.meta.url).pathname;
    expect(fabricatedRun({ after: { '/opt/x': fileEntry(readFileSync(script)) } })).toHaveChanged({ '/opt/x': fileFrom(script) });
    expect(messageOf(() => expect(fabricatedRun({ after: { '/opt/x': fileEntry('#!/bin/sh') } })).toHaveFile('/opt/x', fileFrom(script)))).toMatchInlineSnapshot(`
      "expect(run).toHaveFile('/opt/x', …): it is not as expected

        /opt/x
          content: expected 450 B (the bytes of install.fixture.sh), found 9 B; they differ from byte 7 on

      .call('installTool', 'kubectl', '1.34.0') ended with exit code 0

      it ended at harness/matchers/install.fixture.sh:11 in function installTool

           8|     mv "/opt/bin/\${name}-\${version}" "/opt/bin/\${name}"
           9|     return
          10|   fi
        > 11|   fetchTool "$name" "$version"
          12| }
          13|
          14| fetchTool() {

      changes:
        + /opt/x 9 B

      again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });

  it('that are no text are told by their number', () => {
    const binary = fabricatedRun({ after: { '/opt/x': fileEntry(Buffer.from([0, 1, 2, 255])) } });
    expect(messageOf(() => expect(binary).toHaveFile('/opt/x', 'text'))).toContain('expected 4 B, found 4 B; they differ from byte 0 on');
    expect(messageOf(() => expect(binary).toHaveFile('/opt/x', file(/text/)))).toContain('expected /text/, found 4 B that are not text');
    expect(binary).toHaveFile('/opt/x', file(new Uint8Array([0, 1, 2, 255])));
  });
});
