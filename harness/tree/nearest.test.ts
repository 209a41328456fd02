import { describe, expect, it } from 'vitest';
import { directoryEntry, fileEntry } from '../matchers/record.fixture.js';
import { nearestPaths } from './nearest.js';

const tree = new Map([
  ...['/opt', '/opt/bin', '/usr/bin', '/var/empty'].map((path) => [path, directoryEntry()] as const),
  ...['/opt/bin/kubelet', '/opt/bin/kubectl', '/usr/bin/kubelet', '/etc/hosts'].map((path) => [path, fileEntry('')] as const),
]);

describe('nearestPaths', () => {
  it('names the same name elsewhere first, then what is spelt alike, then neighbours', () => {
    expect(nearestPaths('/opt/local/kubelet', tree)).toEqual(['/opt/bin/kubelet', '/usr/bin/kubelet', '/opt/bin']);
    expect(nearestPaths('/etc/host', tree)).toEqual(['/etc/hosts']);
    expect(nearestPaths('/opt/bin/unlike', tree)).toEqual(['/opt/bin/kubectl', '/opt/bin/kubelet']);
  });

  it('names nothing where nothing is near', () => {
    expect(nearestPaths('/somewhere/else/entirely', tree)).toEqual([]);
    expect(nearestPaths('/x', new Map())).toEqual([]);
  });
});
