import { directoryEntry, fileEntry, symlinkEntry } from './record.fixture.js';

/** A tree before a run. */
export const before = {
  '/opt': directoryEntry(),
  '/opt/bin': directoryEntry(),
  '/opt/bin/toolctl-1.34.0': fileEntry('toolctl v1.34.0', 0o600, '1001:1001'),
  '/etc/hosts': fileEntry('127.0.0.1 localhost\n10.0.0.1 old\n'),
  '/etc/same': fileEntry('same'),
  '/var/cache': directoryEntry(),
  '/var/cache/a.deb': fileEntry('a'),
  '/var/cache/b.deb': fileEntry('b'),
};

/** The tree after it: everything that can happen to a path has happened to one. */
export const after = {
  '/opt': directoryEntry(),
  '/opt/bin': directoryEntry(),
  '/opt/bin/toolctl': fileEntry('toolctl v1.34.0', 0o755),
  '/opt/new': directoryEntry(),
  '/opt/new/deep': directoryEntry(),
  '/opt/new/deep/link': symlinkEntry('/opt/bin/toolctl'),
  '/etc/hosts': fileEntry('127.0.0.1 localhost\n10.0.0.2 new\n'),
  '/etc/same': fileEntry('same'),
};
