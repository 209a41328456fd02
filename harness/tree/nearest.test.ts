import { describe, expect, it } from 'vitest';
import { directoryEntry, fileEntry } from '../matchers/record.fixture.js';
import { nearestPaths } from './nearest.js';

const tree = new Map([
  ...['/opt', '/opt/bin', '/usr/bin', '/var/empty'].map((path) => [path, directoryEntry()] as const),
  ...['/opt/bin/gateway', '/opt/bin/toolctl', '/usr/bin/gateway', '/etc/hosts'].map((path) => [path, fileEntry('')] as const),
]);

describe('nearestPaths', () => {
  it('names the same name elsewhere first, then what is spelt alike, then neighbours', () => {
    expect(nearestPaths('/opt/local/gateway', tree)).toEqual(['/opt/bin/gateway', '/usr/bin/gateway', '/opt/bin']);
    expect(nearestPaths('/etc/host', tree)).toEqual(['/etc/hosts']);
    expect(nearestPaths('/opt/bin/unlike', tree)).toEqual(['/opt/bin/gateway', '/opt/bin/toolctl']);
  });

  it('names nothing where nothing is near', () => {
    expect(nearestPaths('/somewhere/else/entirely', tree)).toEqual([]);
    expect(nearestPaths('/x', new Map())).toEqual([]);
  });
});
