import { describe, expect, it } from 'vitest';
import { fabricatedRun, messageOf } from './record.fixture.js';
import { registerMatchers } from './register.js';

registerMatchers();

const run = fabricatedRun({
  events: [
    { path: '/var/log/events/1.json', value: { task: 'install', message: 'Completed: installTool toolctl', tags: { node: 'a', pool: 'b' } } },
    { path: '/var/log/events/2.json', value: { task: 'start', message: 'Completed: systemctl start' } },
    { path: '/var/log/events/3.json', value: { task: 'start', message: 'Completed: systemctl start' } },
  ],
});

describe('toEmit', () => {
  it('matches a part of some event', () => {
    expect(run).toEmit({ task: 'install' });
    expect(run).toEmit({ tags: { pool: 'b' } });
    expect(run).toEmit({ message: expect.stringMatching(/toolctl$/) });
    expect(run).toEmit(expect.objectContaining({ task: 'start' }));
    expect(run).not.toEmit({ task: 'install', message: 'Completed: systemctl start' });
    expect(run).not.toEmit({ task: 'stop' });
    expect(run).not.toEmit({ absent: expect.anything() });
  });

  it('says which event comes nearest', () => {
    expect(messageOf(() => expect(run).toEmit({ task: 'install', message: expect.stringContaining('gateway'), level: 'info' }))).toMatchInlineSnapshot(`
      "expect(run).toEmit({ task: "install", message: StringContaining "gateway", level: "info" }): none of 3 events matches

        nearest: /var/log/events/1.json
          - message: StringContaining "gateway"
          + message: "Completed: installTool toolctl"
          - level: "info"
          + level: (absent)

        events:
          { task: "install", message: "Completed: installTool toolctl", tags: { node: "a", pool: "b" } }
          { task: "start", message: "Completed: systemctl start" }
          { task: "start", message: "Completed: systemctl start" }

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
    expect(messageOf(() => expect(fabricatedRun()).toEmit({ task: 'install' }))).toMatchInlineSnapshot(`
      "expect(run).toEmit({ task: "install" }): no event was emitted

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
    expect(messageOf(() => expect(run).not.toEmit({ task: 'start' }))).toMatchInlineSnapshot(`
      "expect(run).not.toEmit({ task: "start" }): it was emitted 2 times

        events:
          { task: "start", message: "Completed: systemctl start" }
          { task: "start", message: "Completed: systemctl start" }

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
  });
});
