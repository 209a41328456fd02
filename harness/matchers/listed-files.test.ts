import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { file, fileFrom } from '../tree/entry.js';
import { after, before } from './changed-trees.fixture.js';
import { fabricatedRun, fileEntry, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const run = fabricatedRun({ before, after });

describe('owners', () => {
  const unreal = fabricatedRun({ before, after, context: { ownersAreReal: false, ownersAdvice: 'no range of ids is set up for you; apt-get install uidmap' } });

  it('S5: fail in both polarities where they are not real', () => {
    const expected = { '/opt/bin/toolctl': file(undefined, { owner: 'root:root' }) };
    expect(messageOf(() => expect(unreal).toHaveChanged(expected))).toMatchInlineSnapshot(`
      "expect(run).toHaveChanged({ '/opt/bin/toolctl' }): cannot be told on this machine

        /opt/bin/toolctl
          owners are not real on this machine: no range of ids is set up for you; apt-get install uidmap

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
    for (const expectation of [
      () => expect(unreal).not.toHaveChanged(expected),
      () => expect(unreal).toHaveChangedOnly(expected),
      () => expect(unreal).not.toHaveChangedOnly(expected),
      () => expect(unreal).toHaveFile('/opt/bin/toolctl', expected['/opt/bin/toolctl']),
      () => expect(unreal).not.toHaveFile('/opt/bin/toolctl', expected['/opt/bin/toolctl']),
    ]) expect(messageOf(expectation)).toContain('owners are not real on this machine: no range of ids');
    expect(unreal).toHaveChanged({ '/opt/bin/toolctl': file(undefined, { mode: 0o755 }) });
  });

  it('must be known to the sandbox, in both polarities', () => {
    expect(messageOf(() => expect(run).not.toHaveFile('/opt/bin/toolctl', file(undefined, { owner: 'gateway:root' })))).toContain("the sandbox knows no user 'gateway'");
    expect(messageOf(() => expect(run).not.toHaveFile('/opt/bin/toolctl', file(undefined, { owner: 'root:wheel' })))).toContain("the sandbox knows no group 'wheel'");
    expect(messageOf(() => expect(run).not.toHaveFile('/opt/bin/toolctl', file(undefined, { owner: 'root' })))).toContain("'root' is not of the form user:group");
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
