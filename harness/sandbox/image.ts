import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FileSpecs, Tree } from '../tree/entry.js';
import { entryOf, membersOf } from '../tree/specs.js';
import type { TarMember } from '../tree/tar.js';
import { STREAMS, TURNS } from '../stubs/supervisor.js';
import { baseline, GROUPS, USERS } from './baseline.js';
import { BASH_SIDE, BOX, GIVEN_STUBS, SHELL_STUBS, JOBS } from './places.js';
import type { ToolLink } from './tools.js';

/** How many stubs may wait for the host's answer at one time; a further one waits for a slot. Known to guard/ask.h and stubs/bash/answer.sh. */
const SLOTS = 16;

/** Sockets on which actors may listen in one run, as clock/library/waiters.h has it. */
const LISTENERS = 8;

/** Lists that the server reads at its start. */
export interface BoxLists {
  readonly scripts: readonly string[];
  readonly environment: readonly string[];
  readonly stubs: readonly string[];
  readonly spies: readonly string[];
  /** The instant at which a virtual clock starts, in seconds since the epoch; nothing for the real one. */
  readonly clock: readonly string[];
}

/** The first tree of a sandbox, apart from what belongs to shellrig: baseline, tools, then the shell's own files. @param isVirtual whether its time is. */
export function firstTree(tools: readonly ToolLink[], files: FileSpecs, isVirtual = false): TarMember[] {
  const members = new Map(withoutFiles(tools, isVirtual).map((member) => [member.path, member]));
  for (const member of shellFiles(tools, files).members) members.set(member.path, member);
  return [...members.values()];
}

/** A shell's own files at their canonical paths, and the tree that they are put into. */
export function shellFiles(tools: readonly ToolLink[], files: FileSpecs): { readonly members: TarMember[]; readonly tree: Tree } {
  const tree = withRootLinks(new Map(withoutFiles(tools).map((member) => [member.path, entryOf(member)])));
  return { members: membersOf(files, tree, { users: USERS, groups: GROUPS }), tree };
}

function withoutFiles(tools: readonly ToolLink[], isVirtual = false): TarMember[] {
  return [...baseline(isVirtual), ...tools.map(({ path, target }): TarMember => ({ path, type: 'symlink', mode: 0o777, uid: 0, gid: 0, target }))];
}

/** /lib and /lib64 are made by bubblewrap, before the tree is unpacked: tar itself needs them. */
function withRootLinks(tree: Tree): Tree {
  const link = (target: string) => ({ kind: 'symlink' as const, target, mode: 0o777, owner: '0:0' });
  return new Map([...tree, ['/lib', link('usr/lib')], ['/lib64', link('usr/lib64')]]);
}

/** What belongs to shellrig: its bash side, and the box through which host and sandbox speak. */
export function rigMembers(lists: BoxLists): TarMember[] {
  const members: TarMember[] = [];
  const directory = (path: string, mode = 0o755) => members.push({ path, type: 'directory', mode, uid: 0, gid: 0 });
  const file = (path: string, content: Uint8Array = new Uint8Array(), mode = 0o666) => members.push({ path, type: 'file', mode, uid: 0, gid: 0, content });
  const fifo = (path: string) => members.push({ path, type: 'fifo', mode: 0o666, uid: 0, gid: 0 });
  directory(BASH_SIDE);
  for (const [name, content] of bashSide()) file(`${BASH_SIDE}/${name}`, content, name === 'stub' ? 0o755 : 0o644);
  for (const path of Object.values(SHELL_STUBS)) directory(path);
  directory(BOX, 0o777);
  for (const path of Object.values(GIVEN_STUBS)) directory(path, 0o777);
  for (const name of ['slots', 'big', 'reply', 'tar', 'wake', 'listen', 'turn', 'beside', 'beside/reply', 'beside/wake', 'beside/stream']) directory(`${BOX}/${name}`, 0o777);
  for (const name of ['go', 'host', 'out', 'err', 'idle', 'acts', 'held', 'beside/bell']) fifo(`${BOX}/${name}`);
  for (const name of ['request', 'given.tar', 'stdin', 'log', 'variables', 'witness', 'moments', 'executed', 'act', 'beside/orders']) file(`${BOX}/${name}`);
  for (const [name, list] of Object.entries(lists) as [string, readonly string[]][]) file(`${BOX}/${name}`, nulEnded(list));
  for (let number = 0; number < LISTENERS; number += 1) file(`${BOX}/listen/${number}`);
  for (let job = 0; job < JOBS; job += 1) fifo(`${BOX}/turn/${job}`);
  for (let slot = 0; slot < SLOTS; slot += 1) {
    file(`${BOX}/reply/${slot}`);
    file(`${BOX}/tar/${slot}`);
    fifo(`${BOX}/wake/${slot}`);
  }
  for (let turn = 0; turn < TURNS; turn += 1) {
    file(`${BOX}/beside/reply/${turn}`);
    fifo(`${BOX}/beside/wake/${turn}`);
  }
  for (let stream = 0; stream < STREAMS; stream += 1) fifo(`${BOX}/beside/stream/${stream}`);
  return members;
}

/** A list as the bash side reads it. */
export function nulEnded(list: readonly string[]): Buffer {
  return Buffer.from(list.map((item) => `${item}\0`).join(''));
}

let side: [string, Buffer][] | undefined;

/** The bash files of the harness; `stub.sh` is installed as `stub`, the interpreter that stubs name. */
function bashSide(): [string, Buffer][] {
  side ??= ['../shell/bash', '../stubs/bash', '../systemd/bash'].flatMap((folder) => {
    const path = fileURLToPath(new URL(`${folder}/`, import.meta.url));
    return readdirSync(path)
      .filter((name) => name.endsWith('.sh'))
      .map((name): [string, Buffer] => [name === 'stub.sh' ? 'stub' : name, readFileSync(path + name)]);
  });
  return side;
}
