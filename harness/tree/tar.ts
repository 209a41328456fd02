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
  /** When it was last modified, in nanoseconds since the epoch; default as {@link packTar} is told. */
  readonly mtime?: bigint | undefined;
  /** For files. */
  readonly content?: Uint8Array;
  /** For symbolic links. */
  readonly target?: string;
}

/** A time to set on what lies at a path, a link itself included, once the members before it are written. */
export interface TimeMember {
  readonly path: string;
  readonly type: 'time';
  readonly mtime: bigint;
}

const BLOCK = 512;
const TYPE_FLAG = { file: '0', symlink: '2', directory: '5', fifo: '6', time: 'T' } as const;

/**
 * Packs the members in the order given. Times are for the builtin alone, as tar does not know such members.
 * @param mtime of those without one of their own: nanoseconds since the epoch, default now; or when they are unpacked.
 */
export function packTar(members: Iterable<TarMember | TimeMember>, mtime: bigint | 'unpacked' = BigInt(Date.now()) * 1_000_000n): Buffer {
  const blocks: Uint8Array[] = [];
  for (const member of members) {
    // A header that begins with NUL ends the archive.
    const name = bytesOf((member.path.slice(1) || '.') + (member.type === 'directory' ? '/' : ''));
    const attributes = member.type === 'time' ? OWN : member;
    const target = member.type === 'symlink' ? bytesOf(member.target ?? '') : EMPTY;
    for (const [text, type] of [[name, LONG_NAME], [target, LONG_TARGET]] as const) {
      if (text.length > NAME_BYTES) blocks.push(header(LONG_LINK, type, OWN, text.length + 1, EMPTY, 0n), padded(Buffer.concat([text, NUL])));
    }
    const content = member.type === 'file' ? (member.content ?? EMPTY) : EMPTY;
    blocks.push(header(name, TYPE_FLAG[member.type], attributes, content.length, target, member.mtime ?? mtime));
    if (content.length > 0) blocks.push(padded(content));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

const NAME_BYTES = 100;
const LONG_NAME = 'L';
const LONG_TARGET = 'K';
/** Where GNU tar keeps a ctime, which it reads of incremental archives only. */
const FRACTION_AT = 357;
const SECOND = 1_000_000_000n;
const LONG_LINK = Buffer.from('././@LongLink');
const OWN = { mode: 0o644, uid: 0, gid: 0 };
const EMPTY = Buffer.alloc(0);
const NUL = Buffer.alloc(1);

function header(name: Buffer, type: string, { mode, uid, gid }: Pick<TarMember, 'mode' | 'uid' | 'gid'>, size: number, target: Buffer, mtime: bigint | 'unpacked'): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0, 0, NAME_BYTES);
  octal(block, 100, 8, mode);
  octal(block, 108, 8, uid);
  octal(block, 116, 8, gid);
  octal(block, 124, 12, size);
  // A fraction that is none, for the builtin: every instant is some file's.
  const [seconds, fraction] = mtime === 'unpacked' ? [0n, SECOND] : [mtime / SECOND, mtime % SECOND];
  octal(block, 136, 12, Number(seconds));
  block.write('        ', 148);
  block.write(type, 156);
  target.copy(block, 157, 0, NAME_BYTES);
  block.write('ustar  \0', 257);
  octal(block, FRACTION_AT, 12, Number(fraction));
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
