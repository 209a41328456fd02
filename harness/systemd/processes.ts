import { readFileSync } from 'node:fs';
import type { Inside, Kept } from '../stubs/supervisor.js';
import type { Process, Start } from './process.js';
import { signalNumber, type Ending } from './values.js';

/** Which field of /proc/PID/stat says when it was started, from the third. */
const STARTED = 19;

/** How often a process may be looked for before it has begun: the keeper itself is started by the first call. */
const LOOKS = 3;
/** How often one that has ended, before it is told of although something keeps it. */
const MOST_LOOKS = 20;

/** For how many moments of 0.1 ms one is waited for that is about to go. */
const MOMENTS = 20;
const MOMENT = new Int32Array(new SharedArrayBuffer(4));

/** The marker by which a process is known to belong to a unit's life. */
const MARK = 'INVOCATION_ID';

/** The processes of a run's units, started by its keeper. */
export class Processes {
  /** The processes that units began, living or not. */
  readonly kept: Kept[] = [];
  private readonly all: Process[] = [];
  private keeper: number | undefined;
  /** The call that was to start it. */
  private callerForKeeper: number | undefined;
  /** What the keeper is to do next. */
  private readonly orders: (readonly string[])[] = [];
  /** A process that was neither a unit's nor the keeper's. */
  private other: { readonly pid: number; readonly started: string | undefined } | undefined;
  private readonly seen = new Set<number>();
  /** Who belonged where when everything last waited. */
  private known: ReadonlyMap<number, string> | undefined;

  constructor(private readonly inside: Inside) {}

  /** Whether one was asked for that has not said yet that it is there. */
  get isKeeperDue(): boolean {
    return this.keeper === undefined && this.callerForKeeper !== undefined && this.isAlive(this.callerForKeeper);
  }

  /** A call is to start a keeper, where none is there or on its way. @param pid the caller's. @returns whether it is to. */
  needsKeeper(pid: number): boolean {
    if (this.hasKeeper || this.isKeeperDue) return false;
    if (this.keeper !== undefined) this.inside.forgetOrders();
    this.keeper = undefined;
    this.callerForKeeper = pid;
    return true;
  }

  /** Whether there is one to give orders to. */
  get hasKeeper(): boolean {
    return this.keeper !== undefined && this.isAlive(this.keeper);
  }

  start(start: Start): Process {
    const { unit, argv, argv0, environment, directory, umask, output, errors, invocation } = start;
    const process: Process = { number: this.all.length, unit, invocation, argv, pid: undefined, looks: 0, ending: undefined };
    this.all.push(process);
    const variables = [...[...environment].map(([name, value]) => `${name}=${value}`), `${MARK}=${invocation}`];
    this.tell(['start', String(process.number), output, errors, directory, umask, argv0 ?? '', String(variables.length), ...variables, ...argv]);
    return process;
  }

  /** Has the keeper do something itself. @param words a command. */
  order(words: readonly string[]): void {
    this.tell(['run', ...words]);
  }

  private tell(words: readonly string[]): void {
    this.orders.push(words);
  }

  /** Has the keeper do what was asked of it: once all is recorded that came before, as it may begin at once. @returns whether there was anything. */
  carryOut(): boolean {
    const orders = this.orders.splice(0);
    for (const words of orders) this.inside.order(words);
    return orders.length > 0;
  }

  /** A process is known to be a unit's. */
  keep(unit: string, pid: number): void {
    this.kept.push({ subject: unit, pid });
  }

  /** What the keeper told. */
  hear(words: string): void {
    const [what, first, second] = words.split(' ');
    if (what === 'keeper') this.keeper = Number(first);
    const process = this.all[Number(first)];
    if (what === 'started' && process) {
      process.pid = Number(second);
      this.keep(process.unit, process.pid);
    }
    if (what === 'refused' && process) process.ending = { code: 'exited', status: Number(second) };
  }

  /**
   * Looks who has ended; in the order in which they were started. One that has is told of when it is gone altogether, as
   * whoever asks for it afterwards has to find nothing.
   * @returns the ended, and whether there are some that are not gone yet.
   */
  look(): { readonly ended: Process[]; readonly isBurying: boolean } {
    const ended: Process[] = [];
    let isBurying = false;
    for (const process of this.all) {
      if (this.seen.has(process.number)) continue;
      if (!process.ending) {
        process.ending = process.pid === undefined ? this.endingUnbegun(process) : this.endingOf(process.pid);
        if (process.ending && process.pid !== undefined) this.reap(process.pid);
      }
      if (!process.ending) continue;
      process.looks += 1;
      if (process.pid !== undefined && this.statusOf(process.pid) && process.looks < MOST_LOOKS) {
        isBurying = true;
        continue;
      }
      this.seen.add(process.number);
      ended.push(process);
    }
    return { ended, isBurying };
  }

  /** Has the keeper ask how one ended, after which it is gone: within a moment, so that not everything has to wait once more. */
  private reap(pid: number): void {
    this.inside.order(['reap', String(pid)]);
    for (let moments = 0; moments < MOMENTS && this.statusOf(pid); moments += 1) Atomics.wait(MOMENT, 0, 0, 0.1);
  }

  /** When everything waits, what was ordered has begun: or the keeper was killed, as `kill -9 -1` does. */
  private endingUnbegun(process: Process): Ending | undefined {
    process.looks += 1;
    return process.looks > LOOKS && !this.hasKeeper && !this.isKeeperDue ? { code: 'killed', status: 9 } : undefined;
  }

  /** How a process ended; undefined for one that goes on. Of one that is gone nobody can tell. */
  endingOf(pid: number): Ending | undefined {
    const fields = this.statusOf(pid);
    if (!fields) return { code: 'killed', status: 9 };
    if (fields[0] !== 'Z') return undefined;
    const status = Number(fields[49]);
    const signal = status & 0x7f;
    if (signal === 0) return { code: 'exited', status: (status >> 8) & 0xff };
    return { code: (status & 0x80) === 0 ? 'killed' : 'dumped', status: signal };
  }

  /** Signals some. @returns whether there were any. */
  signal(pids: readonly number[], signal: string): boolean {
    if (pids.length > 0) this.tell(['send', String(signalNumber(signal)), ...pids.map(String)]);
    return pids.length > 0;
  }

  /** The living processes of a unit's life, what its commands started and left included. */
  membersOf(invocation: string): number[] {
    return [...this.belonging()].filter(([, owner]) => owner === invocation).map(([pid]) => pid).sort((one, other) => one - other);
  }

  /** Whether any process is neither a unit's nor the keeper's. */
  hasOthers(): boolean {
    // Asked whenever everything waits, so that the one found last is asked for first.
    if (this.other && this.isAlive(this.other.pid) && this.statusOf(this.other.pid)?.[STARTED] === this.other.started) return true;
    const belonging = this.belonging();
    const pid = this.living().find((one) => !belonging.has(one) && !this.isKeeper(one));
    this.other = pid === undefined ? undefined : { pid, started: this.statusOf(pid)?.[STARTED] };
    return pid !== undefined;
  }

  /** Whether a process is a unit's or the keeper's. */
  owns(pid: number): boolean {
    this.forget();
    return this.isKeeper(pid) || this.belonging().has(pid);
  }

  /** Those that have ended and whose parents have too. */
  orphans(): number[] {
    return this.inside.processes().filter((pid) => {
      const fields = this.statusOf(pid);
      return fields?.[0] === 'Z' && fields[1] === '1';
    });
  }

  /** Ends all of them. */
  end(): void {
    if (!this.hasKeeper) return;
    this.inside.order(['end', ...[...this.belonging().keys()].map(String)]);
  }

  nameOf(pid: number): string {
    try {
      return readFileSync(`${this.inside.proc}/${pid}/comm`, 'utf8').trim();
    } catch {
      return '';
    }
  }

  commandOf(pid: number): string {
    try {
      return readFileSync(`${this.inside.proc}/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1).join(' ');
    } catch {
      return '';
    }
  }

  isAlive(pid: number): boolean {
    const state = this.statusOf(pid)?.[0];
    return state !== undefined && state !== 'Z' && state !== 'X';
  }

  private isKeeper(pid: number): boolean {
    return pid === this.keeper || this.parentOf(pid) === this.keeper;
  }

  private living(): number[] {
    return this.inside.processes().filter((pid) => this.isAlive(pid));
  }

  /** Something may have run since: who belongs where is looked at anew. */
  forget(): void {
    this.known = undefined;
  }

  /** Each living process of a unit, and to which life it belongs. */
  private belonging(): ReadonlyMap<number, string> {
    this.known ??= this.lookAtMembers();
    return this.known;
  }

  /** By its environment, or by who started it. */
  private lookAtMembers(): Map<number, string> {
    const known = new Map<number, string>();
    const pids = this.living();
    for (const { pid, invocation } of this.all) if (pid !== undefined && pids.includes(pid)) known.set(pid, invocation);
    const rest = pids.filter((pid) => !known.has(pid));
    for (const pid of rest) {
      const invocation = this.markOf(pid);
      if (invocation !== undefined) known.set(pid, invocation);
    }
    // A program that was given no environment belongs to who started it.
    for (let found = true; found;) {
      found = false;
      for (const pid of rest) {
        const owner = known.has(pid) ? undefined : known.get(this.parentOf(pid));
        if (owner === undefined) continue;
        known.set(pid, owner);
        found = true;
      }
    }
    return known;
  }

  private markOf(pid: number): string | undefined {
    try {
      const found = readFileSync(`${this.inside.proc}/${pid}/environ`, 'latin1').split('\0').find((variable) => variable.startsWith(`${MARK}=`))?.slice(MARK.length + 1);
      return this.all.some(({ invocation }) => invocation === found) ? found : undefined;
    } catch {
      return undefined;
    }
  }

  private parentOf(pid: number): number {
    return Number(this.statusOf(pid)?.[1] ?? 0);
  }

  /** The fields of /proc/PID/stat from the third, the state: proc(5). */
  private statusOf(pid: number): string[] | undefined {
    try {
      const text = readFileSync(`${this.inside.proc}/${pid}/stat`, 'latin1');
      return text.slice(text.lastIndexOf(')') + 2).trim().split(' ');
    } catch {
      return undefined;
    }
  }
}
