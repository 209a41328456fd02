import { closeSync, constants, fstatSync, ftruncateSync, openSync, readdirSync, readFileSync, readSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { BOX } from './places.js';

/**
 * The host's end of a sandbox's box (see `harness/shell/protocol.ts`): files and FIFOs that exist since the image was
 * unpacked. The host opens and writes them and never creates one, since a file made by an id that the sandbox does
 * not have is refused by the kernel.
 */
export class Box {
  private readonly path: string;
  private readonly fifos: Record<'go' | 'out' | 'err', number>;
  private readonly files: Record<'request' | 'given.tar' | 'stdin' | 'log', number>;
  private readonly host: Socket;
  private readonly chunk = Buffer.allocUnsafe(64 * 1024);
  private readonly wakes = new Map<string, number>();
  private pending = '';

  /**
   * @param root host path of the sandbox's root directory.
   * @param onLine called for each line that the inside says to the host.
   */
  constructor(root: string, onLine: (line: string) => void) {
    this.path = root + BOX;
    // Held open for reading and writing: no open inside ever waits, and none sees an end of file.
    const fifo = (name: string) => openSync(`${this.path}/${name}`, constants.O_RDWR | constants.O_NONBLOCK);
    const file = (name: string) => openSync(`${this.path}/${name}`, constants.O_RDWR);
    this.fifos = { go: fifo('go'), out: fifo('out'), err: fifo('err') };
    this.files = { request: file('request'), 'given.tar': file('given.tar'), stdin: file('stdin'), log: file('log') };
    this.host = new Socket({ fd: fifo('host'), readable: true, writable: false });
    this.host.on('error', () => {});
    this.host.on('data', (data) => {
      this.pending += data.toString();
      const lines = this.pending.split('\n');
      this.pending = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    this.host.unref();
  }

  /** Keeps the event loop alive while something is awaited, and only then. */
  hold(waiting: boolean): void {
    if (waiting) this.host.ref();
    else this.host.unref();
  }

  /** Replaces a file that the box always has. */
  put(name: 'request' | 'given.tar' | 'stdin' | 'log', content: Uint8Array): void {
    const descriptor = this.files[name];
    ftruncateSync(descriptor, 0);
    for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at, content.length - at, at);
  }

  /** Replaces another file of the box, by its path below it. */
  write(name: string, content: Uint8Array): void {
    writeFileSync(`${this.path}/${name}`, content, { flag: 'r+' });
  }

  /** Empties and fills, for files that must not keep a longer old text. */
  replace(name: string, content: Uint8Array): void {
    const descriptor = openSync(`${this.path}/${name}`, constants.O_WRONLY | constants.O_TRUNC);
    try {
      for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at);
    } finally {
      closeSync(descriptor);
    }
  }

  read(name: string): Buffer {
    return readFileSync(`${this.path}/${name}`);
  }

  /** The log so far; readable even when the sandbox is gone or its name was removed. */
  log(): Buffer {
    const { size } = fstatSync(this.files.log);
    const content = Buffer.allocUnsafe(size);
    let at = 0;
    while (at < size) {
      const count = readSync(this.files.log, content, at, size - at, at);
      if (count === 0) break;
      at += count;
    }
    return content.subarray(0, at);
  }

  /** Tells the server to read its request. */
  go(): void {
    writeSync(this.fifos.go, '\n');
  }

  /** Wakes a stub that waits for `reply/SLOT`; the line stays in the FIFO, which the host holds open, until it is read. */
  wake(slot: string): void {
    let descriptor = this.wakes.get(slot);
    if (descriptor === undefined) {
      descriptor = openSync(`${this.path}/wake/${slot}`, constants.O_RDWR | constants.O_NONBLOCK);
      this.wakes.set(slot, descriptor);
    }
    writeSync(descriptor, '\n');
  }

  /** Everything that waits in one of the two streams now; the reader never waits. */
  drain(stream: 'out' | 'err'): Buffer[] {
    return this.drainDescriptor(this.fifos[stream]);
  }

  private drainDescriptor(descriptor: number): Buffer[] {
    const chunks: Buffer[] = [];
    for (;;) {
      try {
        const count = readSync(descriptor, this.chunk, 0, this.chunk.length, null);
        if (count === 0) return chunks;
        chunks.push(Buffer.from(this.chunk.subarray(0, count)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return chunks;
        throw error;
      }
    }
  }

  /** Removes what the last run left in the box. @returns false when a script changed the box so that it cannot be done. */
  clean(): boolean {
    try {
      this.removeAnswers();
      return true;
    } catch {
      return false;
    }
  }

  private removeAnswers(): void {
    for (const folder of ['slots', 'big', 'answers', 'programs']) {
      for (const name of readdirSync(`${this.path}/${folder}`)) unlinkSync(`${this.path}/${folder}/${name}`);
    }
    this.replace('variables', new Uint8Array());
    // A stub that was killed while it waited left its line unread.
    for (const descriptor of this.wakes.values()) this.drainDescriptor(descriptor);
  }

  remove(name: string): void {
    try {
      unlinkSync(`${this.path}/${name}`);
    } catch {
      // A stub that was killed may leave no slot behind.
    }
  }

  /** Whether the box is as it was made: a script that removes everything removes it too. */
  isWhole(): boolean {
    try {
      return statSync(`${this.path}/log`).ino === fstatSync(this.files.log).ino && ['go', 'host', 'out', 'err', 'request'].every((name) => statSync(`${this.path}/${name}`) !== undefined);
    } catch {
      return false;
    }
  }

  close(): void {
    this.host.destroy();
    for (const descriptor of [...Object.values(this.fifos), ...Object.values(this.files), ...this.wakes.values()]) closeSync(descriptor);
  }
}
