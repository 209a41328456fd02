/**
 * The tar archives in which files travel into a sandbox. tar keeps what a tree is made of (modes, owners,
 * links, FIFOs) and one `tar -x` inside writes any number of files with the sandbox's own rights. Written here
 * because it is on the path of every example and must be synchronous; the streaming libraries are not.
 * Format: POSIX.1-1988 ustar with pax records for what does not fit (POSIX.1-2001, pax(1), "pax Interchange Format").
 */

/** One member of an archive. Paths are absolute; owners are numbers as the sandbox sees them. */
export interface TarMember {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'fifo';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch; default now. */
  readonly mtime?: number;
  /** For files. */
  readonly content?: Uint8Array;
  /** For symbolic links. */
  readonly target?: string;
}

const BLOCK = 512;
const TYPE_FLAG = { file: '0', symlink: '2', directory: '5', fifo: '6' } as const;

/** Packs the members in the order given. */
export function packTar(members: Iterable<TarMember>): Buffer {
  const blocks: Buffer[] = [];
  const now = Math.floor(Date.now() / 1000);
  for (const member of members) {
    const name = member.path.slice(1) + (member.type === 'directory' ? '/' : '');
    const target = member.target ?? '';
    const records = paxRecords(name, target);
    if (records.length > 0) {
      blocks.push(header('PaxHeader', 'x', { ...member, mode: 0o644, uid: 0, gid: 0 }, records.length, '', now), padded(records));
    }
    const content = member.type === 'file' ? Buffer.from(member.content ?? new Uint8Array()) : Buffer.alloc(0);
    blocks.push(header(name, TYPE_FLAG[member.type], member, content.length, target, now));
    if (content.length > 0) blocks.push(padded(content));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

function paxRecords(name: string, target: string): Buffer {
  const records: string[] = [];
  if (!fits(name)) records.push(paxRecord('path', name));
  if (!fits(target)) records.push(paxRecord('linkpath', target));
  return Buffer.from(records.join(''));
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= 100;
}

/** `LENGTH key=value\n`, where LENGTH counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  length = bytes + String(length).length;
  return `${length}${rest}`;
}

function header(name: string, type: string, member: TarMember, size: number, target: string, now: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100);
  octal(block, 100, 8, member.mode);
  octal(block, 108, 8, member.uid);
  octal(block, 116, 8, member.gid);
  octal(block, 124, 12, size);
  octal(block, 136, 12, member.mtime ?? now);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(target, 157, 100);
  block.write('ustar\0' + '00', 257);
  let sum = 0;
  for (const byte of block) sum += byte;
  octal(block, 148, 7, sum);
  return block;
}

function octal(block: Buffer, offset: number, width: number, value: number): void {
  block.write(value.toString(8).padStart(width - 1, '0') + '\0', offset, width, 'latin1');
}

function padded(content: Buffer): Buffer {
  const rest = content.length % BLOCK;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK - rest)]);
}
