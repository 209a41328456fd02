import { closeSync, constants, fstatSync, ftruncateSync, openSync, readdirSync, readFileSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { Beside } from './beside.js';
import { BOX, JOBS } from './places.js';

/** Files that the box has from the start, and the host holds open. */
type BoxFile = 'request' | 'given.tar' | 'stdin' | 'log' | 'variables' | 'witness' | 'moments' | 'executed' | 'stubs' | 'spies';

const FILES: readonly BoxFile[] = ['request', 'given.tar', 'stdin', 'log', 'variables', 'witness', 'moments', 'executed', 'stubs', 'spies'];

/** Those that are not written anew for each run. */
const LISTS: readonly BoxFile[] = ['stubs', 'spies'];

/**
 * The host's end of a sandbox's box (see `harness/shell/protocol.ts`): files and FIFOs that exist since the image was
 * unpacked. The host opens and writes them and never creates one, since a file made by an id that the sandbox does
 * not have is refused by the kernel.
 */
export class Box {
  private readonly directory: number;
  private readonly path: string;
  private readonly fifos: Record<'go' | 'out' | 'err' | 'acts' | 'held', number>;
  private readonly turns: readonly number[];
  private readonly files: Record<BoxFile, number>;
  /** When the server was ready with the box, and the lists were written: later changes are not the host's. */
  private made: bigint | undefined;
  private readonly written = new Map<BoxFile, bigint>();
  private readonly host: Socket;
  private readonly chunk = Buffer.allocUnsafe(64 * 1024);
  private readonly wakes = new Map<string, number>();
  private pending = '';
  /** What a supervisor and its keeper say to each other. */
  readonly beside: Beside;

  /**
   * @param root host path of the sandbox's root directory.
   * @param onLine called for each line that the inside says to the host.
   */
  constructor(root: string, onLine: (line: string) => void) {
    this.directory = openSync(root + BOX, 'r');
    this.path = `/proc/self/fd/${this.directory}`;
    // Held open for reading and writing: no open inside ever waits, and none sees an end of file.
    const fifo = (name: string) => openSync(`${this.path}/${name}`, constants.O_RDWR | constants.O_NONBLOCK);
    const file = (name: string) => openSync(`${this.path}/${name}`, constants.O_RDWR);
    this.fifos = { go: fifo('go'), out: fifo('out'), err: fifo('err'), acts: fifo('acts'), held: fifo('held') };
    this.turns = Array.from({ length: JOBS }, (_, job) => fifo(`turn/${job}`));
    this.files = Object.fromEntries(FILES.map((name) => [name, file(name)])) as Record<BoxFile, number>;
    for (const name of LISTS) this.written.set(name, this.changedFile(name));
    this.host = new Socket({ fd: fifo('host'), readable: true, writable: false });
    this.host.on('error', () => {});
    this.host.on('data', (data) => {
      this.pending += data.toString();
      const lines = this.pending.split('\n');
      this.pending = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    this.host.unref();
    this.beside = new Beside(`${this.path}/beside`);
  }

  /** From now on nothing but a script makes or removes names in the box's own directory. */
  seal(): void {
    this.made = this.changed();
  }

  /** Keeps the event loop alive while something is awaited, and only then. */
  hold(waiting: boolean): void {
    if (waiting) this.host.ref();
    else this.host.unref();
  }

  /** Replaces a file that the box always has. */
  put(name: BoxFile, content: Uint8Array): void {
    const descriptor = this.files[name];
    ftruncateSync(descriptor, 0);
    for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at, content.length - at, at);
    if (LISTS.includes(name)) this.written.set(name, this.changedFile(name));
  }

  /** Replaces another file of the box, by its path below it. */
  replace(name: string, content: Uint8Array): void {
    const descriptor = openSync(`${this.path}/${name}`, constants.O_WRONLY | constants.O_TRUNC);
    try {
      for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Empties the log for a run. @param run.moments see `shell/moments.ts`. @param run.executed whether programs tell of themselves. */
  begin({ moments, executed }: { readonly moments: Uint8Array; readonly executed: boolean }): void {
    this.put('moments', moments);
    this.put('executed', Buffer.from(executed ? '1' : ''));
    this.put('log', new Uint8Array());
  }

  read(name: string): Buffer {
    return readFileSync(`${this.path}/${name}`);
  }

  /** The log so far, or what came behind so many bytes; readable even when the sandbox is gone or its name was removed. */
  log(from = 0): Buffer {
    return this.content('log', from);
  }

  /** What the called shell left, as `declare -p` prints it. */
  variables(): string {
    return this.content('variables').toString();
  }

  private content(name: BoxFile, from = 0): Buffer {
    const size = Math.max(0, fstatSync(this.files[name]).size - from);
    const content = Buffer.allocUnsafe(size);
    let at = 0;
    while (at < size) {
      const count = readSync(this.files[name], content, at, size - at, from + at);
      if (count === 0) break;
      at += count;
    }
    return content.subarray(0, at);
  }

  /** Tells the server to read its request. */
  go(): void {
    writeSync(this.fifos.go, '\n');
  }

  /** Answers the clock that it asked to act: see clock/library/host.h. */
  acted(line: string): void {
    writeSync(this.fifos.acts, `${line}\n`);
  }

  /**
   * Lets the process that is held at a moment go on, or so many of a job that wait for its turn: those that wait now, since
   * what was not read before is lost.
   */
  letGo(who: 'held' | number, count = 1): void {
    const descriptor = who === 'held' ? this.fifos.held : this.turns[who]!;
    this.drainDescriptor(descriptor);
    writeSync(descriptor, Buffer.alloc(count));
  }

  /** A part of a file that the inside writes too. */
  readPart(name: BoxFile, length: number): Buffer {
    const content = Buffer.alloc(length);
    readSync(this.files[name], content, 0, length, 0);
    return content;
  }

  writePart(name: BoxFile, content: Uint8Array, at: number): void {
    writeSync(this.files[name], content, 0, content.length, at);
  }

  /** How much has been recorded so far, in bytes. */
  logSize(): number {
    return fstatSync(this.files.log).size;
  }

  /** Adds a record of the host's own to the log. */
  note(record: Buffer): void {
    const descriptor = openSync(`/proc/self/fd/${this.files.log}`, constants.O_WRONLY | constants.O_APPEND);
    writeSync(descriptor, record);
    closeSync(descriptor);
  }

  /** Wakes a stub that waits for `reply/SLOT`, or for a word; the line stays in the FIFO, which the host holds open, until it is read. */
  wake(slot: string, word = ''): void {
    let descriptor = this.wakes.get(slot);
    if (descriptor === undefined) {
      descriptor = openSync(`${this.path}/wake/${slot}`, constants.O_RDWR | constants.O_NONBLOCK);
      this.wakes.set(slot, descriptor);
    }
    writeSync(descriptor, `${word}\n`);
  }

  /** What waits in one of the two streams now, up to so many bytes; the reader never waits. */
  drain(stream: 'out' | 'err', most: number): Buffer[] {
    return this.drainDescriptor(this.fifos[stream], most);
  }

  private drainDescriptor(descriptor: number, most = Infinity): Buffer[] {
    const chunks: Buffer[] = [];
    // Each time ends with an error that nobody sees: its stack would cost more than all the rest.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      for (let left = most; left > 0; ) {
        const count = readSync(descriptor, this.chunk, 0, Math.min(left, this.chunk.length), null);
        if (count === 0) break;
        chunks.push(Buffer.from(this.chunk.subarray(0, count)));
        left -= count;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    return chunks;
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
    this.put('variables', new Uint8Array());
    this.beside.clean();
    // A stub that was killed while it waited left its line unread.
    for (const descriptor of [this.fifos.acts, this.fifos.held, ...this.turns, ...this.wakes.values()]) this.drainDescriptor(descriptor);
  }

  /** Lets another stub have a slot, without the answer that the last one may not have read. */
  freeSlot(slot: string): void {
    const wake = this.wakes.get(slot);
    if (wake !== undefined) this.drainDescriptor(wake);
    try {
      unlinkSync(`${this.path}/slots/${slot}`);
    } catch {
      // A script may have removed it.
    }
  }

  /**
   * Whether the box is as the host left it: a script that removes, changes or fills everything does so with the box too.
   */
  isWhole(): boolean {
    return this.changed() === this.made && LISTS.every((name) => this.changedFile(name) === this.written.get(name));
  }

  private changed(): bigint {
    return fstatSync(this.directory, { bigint: true }).ctimeNs;
  }

  private changedFile(name: BoxFile): bigint {
    return fstatSync(this.files[name], { bigint: true }).ctimeNs;
  }

  close(): void {
    this.host.destroy();
    this.beside.close();
    for (const descriptor of [this.directory, ...Object.values(this.fifos), ...this.turns, ...Object.values(this.files), ...this.wakes.values()]) closeSync(descriptor);
  }
}
