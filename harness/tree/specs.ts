import { parentsOf } from './compare.js';
import type { Entry, EntrySpec, FileSpecs, Tree } from './entry.js';
import type { Names } from './print.js';
import type { TarMember } from './tar.js';

/**
 * The archive members that put declared files into a tree, parents that are missing first.
 * @param tree what is there already. @param names to resolve owners with.
 * @throws Error for what cannot be given: a relative path, a pattern as content, an unknown owner.
 */
export function membersOf(files: FileSpecs, tree: Tree, names: Names): TarMember[] {
  const members: TarMember[] = [];
  const links = Object.entries(files).flatMap(([path, spec]) => (typeof spec === 'object' && spec.spec === 'symlink' ? [[path, entryOf(memberOf(path, spec, names))] as const] : []));
  const linked: Tree = links.length === 0 ? tree : new Map([...tree, ...links]);
  const made = new Set<string>();
  for (const [written, value] of Object.entries(files)) {
    if (!written.startsWith('/')) throw new Error(`files: a path in the sandbox is absolute, got ${JSON.stringify(written)}`);
    const path = canonicalPath(written, linked);
    for (const parent of parentsOf(path).reverse()) {
      if (tree.has(parent) || made.has(parent) || canonicalPath(`${parent}/.`, linked) !== `${parent}/.`) continue;
      made.add(parent);
      if (!(parent in files)) members.push({ path: parent, type: 'directory', mode: 0o755, uid: 0, gid: 0 });
    }
    made.add(path);
    members.push(memberOf(path, typeof value === 'string' ? { spec: 'file', content: value } : value, names));
  }
  return members;
}

/** An archive member as the entry that it becomes. */
export function entryOf(member: TarMember): Entry {
  const rest = { mode: member.mode, owner: `${member.uid}:${member.gid}` };
  switch (member.type) {
    case 'file':
      return { kind: 'file', content: Buffer.from(member.content ?? new Uint8Array()), ...rest };
    case 'symlink':
      return { kind: 'symlink', target: member.target ?? '', ...rest };
    default:
      return { kind: member.type, ...rest };
  }
}

/** An entry as the archive member that puts it back. Sockets and devices cannot be put back: undefined. */
export function memberFor(path: string, entry: Entry): TarMember | undefined {
  const [uid = 0, gid = 0] = entry.owner.split(':').map(Number);
  const rest = { path, mode: entry.mode, uid, gid };
  switch (entry.kind) {
    case 'file':
      return { ...rest, type: 'file', content: entry.content };
    case 'symlink':
      return { ...rest, type: 'symlink', target: entry.target };
    case 'directory':
    case 'fifo':
      return { ...rest, type: entry.kind };
    default:
      return undefined;
  }
}

/** A path with the links among its parents followed, as the kernel would (the last part is not followed). */
export function canonicalPath(path: string, tree: Tree): string {
  let done = '';
  const parts = path.split('/').filter((part) => part !== '');
  for (let index = 0, hops = 0; index < parts.length - 1; index += 1) {
    const part = parts[index] as string;
    if (part === '..') {
      done = done.slice(0, Math.max(0, done.lastIndexOf('/')));
      continue;
    }
    const entry = tree.get(`${done}/${part}`);
    if (entry?.kind === 'symlink' && hops < 40) {
      hops += 1;
      parts.splice(0, index + 1, ...(entry.target.startsWith('/') ? [] : done.split('/').filter(Boolean)), ...entry.target.split('/').filter((name) => name !== '' && name !== '.'));
      done = '';
      index = -1;
    } else {
      done += `/${part}`;
    }
  }
  return `${done}/${parts.at(-1) ?? ''}`;
}

function memberOf(path: string, spec: EntrySpec, names: Names): TarMember {
  switch (spec.spec) {
    case 'file': {
      const { content = '' } = spec;
      if (typeof content !== 'string' && !(content instanceof Uint8Array)) {
        throw new Error(`files: ${path} is given with a pattern; a file is given with text or bytes, patterns are for expectations`);
      }
      return { path, type: 'file', mode: spec.mode ?? 0o644, ...ownerOf(path, spec.owner, names), content: Buffer.from(content as Uint8Array) };
    }
    case 'directory':
      return { path, type: 'directory', mode: spec.mode ?? 0o755, ...ownerOf(path, spec.owner, names) };
    case 'symlink':
      if (typeof spec.target !== 'string') throw new Error(`files: ${path} is given as a link to a pattern; give the target as text`);
      return { path, type: 'symlink', mode: 0o777, uid: 0, gid: 0, target: spec.target };
    case 'fifo':
      return { path, type: 'fifo', mode: 0o644, uid: 0, gid: 0 };
    default:
      throw new Error(`files: ${path} cannot be given as ${spec.spec}; give a file, directory, symlink or fifo`);
  }
}

function ownerOf(path: string, owner: string | undefined, { users, groups }: Names): { uid: number; gid: number } {
  if (owner === undefined) return { uid: 0, gid: 0 };
  const [user, group, more] = owner.split(':');
  if (!user || !group || more !== undefined) throw new Error(`files: ${path} has the owner ${JSON.stringify(owner)}; an owner is user:group, for instance 'root:root' or '1001:1001'`);
  const number = (name: string, table: ReadonlyMap<string, number>, what: string) => {
    const id = /^\d+$/.test(name) ? Number(name) : table.get(name);
    if (id === undefined) throw new Error(`files: ${path} has the owner ${JSON.stringify(owner)}, but the sandbox has no ${what} ${JSON.stringify(name)}; use a number or one of ${[...table.keys()].join(', ')}`);
    return id;
  };
  return { uid: number(user, users, 'user'), gid: number(group, groups, 'group') };
}
