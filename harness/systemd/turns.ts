import { encodeAnswer } from '../stubs/answers.js';
import type { Call } from '../stubs/call.js';
import { SILENT, type Answer } from '../stubs/stub.js';
import { TURNS, type Inside } from '../stubs/supervisor.js';
import type { Outcome } from './calls.js';
import { FILE_VERBS } from './file-verbs.js';
import { problem } from './problem.js';
import type { Processes } from './processes.js';

/** A call of a stub that waits for its answer. */
export interface Request {
  readonly call: Call;
  readonly turn: number;
}

/** The calls that wait for an answer. */
export class Turns {
  private readonly requests: Request[] = [];
  /** Turns that are taken, each with the process that has it. */
  private readonly taken = new Map<number, number>();
  /** What follows when a stub has done what it was told, by its turn; and whose stubs have. */
  private readonly worked = new Map<number, () => void>();
  private readonly hasWorked: number[] = [];
  private readonly replies: { readonly request: Request; readonly outcome: Outcome }[] = [];
  private hasBegun = false;

  constructor(private readonly inside: Inside, private readonly processes: Processes) {}

  /** Whether there ever was a call; and whether one waits now. */
  get state(): 'none' | 'waiting' | 'answered' {
    return this.taken.size > 0 ? 'waiting' : this.hasBegun ? 'answered' : 'none';
  }

  /** A stub was called. @returns what has it wait. @throws StrictError where too many wait. */
  take(call: Call): Pick<Answer, 'mode' | 'text'> {
    const place = `${call.name} ${call.args.join(' ')}`;
    if (call.isFunction) throw problem(place, `the script defines a function ${call.name}, whose place the stub takes; the stand-in answers the command alone`);
    const turn = Array.from({ length: TURNS }, (_, number) => number).find((number) => !this.taken.has(number));
    if (turn === undefined) throw problem(place, `more than ${TURNS} calls wait at one time`);
    this.taken.set(turn, call.pid);
    this.requests.push({ call, turn });
    this.hasBegun = true;
    const isFirst = this.processes.needsKeeper(call.pid);
    // Who starts the keeper, or changes files itself, needs bash for that.
    if (isFirst || call.args.some((word) => FILE_VERBS.includes(word))) return { mode: 'bash', text: `. /run/shellrig/bash/turn.sh ${turn} ${isFirst ? 'keeper' : ''}` };
    return { mode: 'turn', text: String(turn) };
  }

  /** The next call that nobody has looked at. */
  next(): Request | undefined {
    return this.requests.shift();
  }

  /** Ends a call, when what has been ordered is done. */
  reply(request: Request, outcome: Outcome): void {
    this.replies.push({ request, outcome });
  }

  /** Whether one is to be ended. */
  get isEndDue(): boolean {
    return this.replies.length > 0;
  }

  /** Ends the first call that is to be ended: what follows from that comes before the next one's end, in every run. @returns whether there was any. */
  end(): boolean {
    for (let reply = this.replies.shift(); reply; reply = this.replies.shift()) {
      const { request: { call, turn }, outcome: { out = '', err = '', code = 0 } } = reply;
      this.taken.delete(turn);
      if (!this.processes.isAlive(call.pid)) continue;
      this.inside.reply(turn, encodeAnswer({ ...SILENT, stdout: out, stderr: err, exitCode: code }, {}));
      return true;
    }
    return false;
  }

  /** Has a call's stub do something itself before it ends. @param text commands of bash. @param then when they are done. */
  work({ turn }: Request, text: string, then: () => void): void {
    if (text === '') {
      then();
      return;
    }
    this.worked.set(turn, then);
    this.inside.reply(turn, `${text}\nbuiltin printf 'told worked %s\\n' ${turn} >/run/shellrig/box/host\n`);
  }

  /** A stub has done what it was told. */
  hear(turn: number): void {
    this.hasWorked.push(turn);
  }

  /** Goes on where stubs have done what they were told. @returns whether any had. */
  goOn(): boolean {
    const turns = this.hasWorked.splice(0);
    for (const turn of turns) {
      this.worked.get(turn)?.();
      this.worked.delete(turn);
    }
    return turns.length > 0;
  }

  /** Takes back the turns of stubs that were ended while they waited. */
  forgetEnded(): void {
    for (const [turn, pid] of this.taken) if (!this.processes.isAlive(pid)) this.taken.delete(turn);
  }
}
