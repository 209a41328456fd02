/**
 * The tar archives in which files travel into a sandbox. tar keeps what a tree is made of (modes, owners, links, FIFOs),
 * and a builtin inside (unpack.h) writes any number of files with the sandbox's own rights. Written here because it is
 * on the path of every example and must be synchronous; the streaming libraries are not.
 * Format: POSIX.1-1988 ustar; names that do not fit have members of their own before them, as GNU tar writes them
 * (tar(5), "GNU tar Archives"), since those hold any bytes and pax records hold UTF-8 only.
 */
import { bytesOf } from './names.js';

/** One member of an archive. Paths are absolute; owners are numbers as the sandbox sees them. */
export interface TarMember {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'fifo';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** For files. */
  readonly content?: Uint8Array;
  /** For symbolic links. */
  readonly target?: string;
}

const BLOCK = 512;
const TYPE_FLAG = { file: '0', symlink: '2', directory: '5', fifo: '6' } as const;

/**
 * Packs the members in the order given.
 * @param mtime of all of them: seconds since the epoch; 0 for when they are unpacked.
 */
export function packTar(members: Iterable<TarMember>, mtime = Math.floor(Date.now() / 1000)): Buffer {
  const blocks: Uint8Array[] = [];
  for (const member of members) {
    const name = bytesOf(member.path.slice(1) + (member.type === 'directory' ? '/' : ''));
    const target = bytesOf(member.target ?? '');
    for (const [text, type] of [[name, LONG_NAME], [target, LONG_TARGET]] as const) {
      if (text.length > NAME_BYTES) blocks.push(header(LONG_LINK, type, OWN, text.length + 1, EMPTY, 0), padded(Buffer.concat([text, NUL])));
    }
    const content = member.type === 'file' ? (member.content ?? EMPTY) : EMPTY;
    blocks.push(header(name, TYPE_FLAG[member.type], member, content.length, target, mtime));
    if (content.length > 0) blocks.push(padded(content));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

const NAME_BYTES = 100;
const LONG_NAME = 'L';
const LONG_TARGET = 'K';
const LONG_LINK = Buffer.from('././@LongLink');
const OWN = { mode: 0o644, uid: 0, gid: 0 };
const EMPTY = Buffer.alloc(0);
const NUL = Buffer.alloc(1);

function header(name: Buffer, type: string, { mode, uid, gid }: Pick<TarMember, 'mode' | 'uid' | 'gid'>, size: number, target: Buffer, mtime: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0, 0, NAME_BYTES);
  octal(block, 100, 8, mode);
  octal(block, 108, 8, uid);
  octal(block, 116, 8, gid);
  octal(block, 124, 12, size);
  octal(block, 136, 12, mtime);
  block.write('        ', 148);
  block.write(type, 156);
  target.copy(block, 157, 0, NAME_BYTES);
  block.write('ustar  \0', 257);
  let sum = 0;
  // By index: with an iterator this is most of what a first session packs.
  for (let at = 0; at < BLOCK; at += 1) sum += block[at]!;
  octal(block, 148, 7, sum);
  return block;
}

function octal(block: Buffer, offset: number, width: number, value: number): void {
  block.write(value.toString(8).padStart(width - 1, '0') + '\0', offset, width, 'latin1');
}

function padded(content: Uint8Array): Uint8Array {
  const rest = content.length % BLOCK;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK - rest)]);
}
