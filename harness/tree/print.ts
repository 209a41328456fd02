import type { Entry } from './entry.js';

/** The sandbox's user and group names, to numbers. */
export interface Names {
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
}

/** A path and what lies there, on one line: `/opt/bin/gateway 0755 root:root 15 B`, `/etc/x -> y root:root`. */
export function printEntry(path: string, entry: Entry, names: Names): string {
  return [path + (entry.kind === 'directory' ? '/' : ''), ...details(entry, names)].join(' ');
}

/** What a path is, for a sentence: `a file`, `a symlink to /x`. */
export function kindText(entry: Entry): string {
  return entry.kind === 'symlink' ? `a symlink to ${entry.target}` : `a ${entry.kind}`;
}

/** `0755`, `4755`. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** `root:root`; the number where no name is known. */
export function ownerText(owner: string, names: Names): string {
  const [user, group] = owner.split(':').map(Number);
  return `${nameOf(user!, names.users)}:${nameOf(group!, names.groups)}`;
}

function details(entry: Entry, names: Names): string[] {
  const owner = ownerText(entry.owner, names);
  // A symlink's own mode has no meaning on Linux.
  if (entry.kind === 'symlink') return ['->', entry.target, owner];
  const parts = [modeText(entry.mode), owner];
  if (entry.kind === 'file') parts.push(`${entry.content.length} B`);
  else if (entry.kind !== 'directory') parts.push(entry.kind);
  return parts;
}

function nameOf(id: number, names: ReadonlyMap<string, number>): string {
  for (const [name, number] of names) if (number === id) return name;
  return String(id);
}
