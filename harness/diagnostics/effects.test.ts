import { describe, expect, it } from 'vitest';
import { call, directoryEntry, fabricatedRecord, fileEntry, site, symlinkEntry } from '../matchers/record.fixture.js';
import { effects } from './effects.js';

const record = fabricatedRecord({
  exitCode: 3,
  stdout: 'one\ntwo\n',
  stderr: 'no newline',
  calls: [
    call(['curl', '-o', '/tmp/tmp.Ab3dE6fGhI/a b', 'http://x'], { exitCode: 22 }),
    call(['systemctl', 'start', 'gateway'], { stack: [site(3, 'main')] }),
    call(['sleep', '1'], { exitCode: undefined, end: undefined, site: undefined, stack: [] }),
  ],
  before: {
    '/etc/conf': fileEntry('a\nb\nc\n', 0o600),
    '/etc/mode': fileEntry('same', 0o644),
    '/opt/old': directoryEntry(),
    '/opt/old/x': fileEntry('x'),
    '/usr/bin/tool': symlinkEntry('/opt/bin/tool-1'),
    '/var/data': fileEntry(Buffer.from([0, 1])),
    '/var/kind': fileEntry('file'),
  },
  after: {
    '/etc/conf': fileEntry('a\nB\nc\n', 0o600),
    '/etc/mode': fileEntry('same', 0o755, '1:1'),
    '/opt/bin': directoryEntry(),
    '/opt/bin/tool': fileEntry('#!/bin/sh\n', 0o755),
    '/run/pipe': { kind: 'fifo', mode: 0o600, owner: '0:0' },
    '/tmp/tmp.Ab3dE6fGhI': directoryEntry(0o700),
    '/usr/bin/tool': symlinkEntry('/opt/bin/tool-2'),
    '/var/data': fileEntry(Buffer.from([0, 1, 2])),
    '/var/kind': symlinkEntry('/x'),
    '/var/log/events': directoryEntry(),
    '/var/log/events/1.json': fileEntry('{}'),
  },
  events: [{ path: '/var/log/events/1.json', value: { Timestamp: new Date().toISOString(), TaskName: 'install' } }],
});

describe('effects', () => {
  it('tells all that a run did, with functions for places', () => {
    expect(effects(record)).toMatchInlineSnapshot(`
      "exit 3
      calls
        fetchTool › curl -o '/tmp/tmp.XXXXXXXXXX/a b' http://x → exit 22
        main › systemctl start gateway
        sleep 1 → did not end
      changes
        ~ /etc/conf
             a
            -b
            +B
             c
        ~ /etc/mode   mode 0644 -> 0755   owner root:root -> daemon:daemon
        + /opt/bin/ 0755 root:root
        + /opt/bin/tool 0755 root:root 10 B
        - /opt/old/ and 1 below it
        + /run/pipe 0600 root:root fifo
        + /tmp/tmp.XXXXXXXXXX/ 0700 root:root
        ~ /usr/bin/tool   target /opt/bin/tool-1 -> /opt/bin/tool-2
        ~ /var/data   2 -> 3 B
        ~ /var/kind -> /x root:root   was a file
        + /var/log/events/ 0755 root:root
      events
        {"Timestamp":"<time>","TaskName":"install"}
      prints
        stdout 2 lines
        stderr 1 line"
    `);
  });

  it('adds lines when asked for', () => {
    expect(effects(record, { at: true }).split('\n').slice(1, 5)).toMatchInlineSnapshot(`
      [
        "calls",
        "  fetchTool (harness/matchers/install.fixture.sh:15) › curl -o '/tmp/tmp.XXXXXXXXXX/a b' http://x → exit 22",
        "  main (harness/matchers/install.fixture.sh:3) › systemctl start gateway",
        "  sleep 1 → did not end",
      ]
    `);
  });

  it('of a run that did nothing are its exit code', () => {
    expect(effects(fabricatedRecord())).toBe('exit 0');
  });
});
