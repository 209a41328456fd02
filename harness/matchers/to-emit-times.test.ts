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

describe('toEmitTimes', () => {
  it('counts the events that match', () => {
    expect(run).toEmitTimes({ task: 'start' }, 2);
    expect(run).toEmitTimes({ task: 'stop' }, 0);
    expect(run).not.toEmitTimes({ task: 'start' }, 1);
  });

  it('says how many there were', () => {
    expect(messageOf(() => expect(run).toEmitTimes({ task: 'start' }, 1))).toMatchInlineSnapshot(`
      "expect(run).toEmitTimes({ task: "start" }, 1): expected 1, received 2

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
    expect(messageOf(() => expect(run).not.toEmitTimes({ task: 'start' }, 2))).toContain('expected another number than 2, received 2');
  });
});
