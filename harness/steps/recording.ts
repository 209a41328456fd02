import type { Call, Site } from '../stubs/call.js';
import { BASH_SIDE } from '../sandbox/places.js';
import { CallStacks } from './call-stacks.js';
import type { BackgroundExit, Step } from '../shell/run.js';
import { parseLog, type LogRecord } from '../shell/protocol.js';

/** What a log says, put in order. */
export interface Recording {
  readonly calls: readonly Call[];
  readonly steps: readonly Step[];
  /** Where the main process was last, innermost first. */
  readonly lastStack: readonly Site[];
  /** Commands that do not exist, each with where it was called. */
  readonly undeclared: readonly { readonly name: string; readonly stack: readonly Site[] }[];
  readonly background: readonly BackgroundExit[];
  /** A call by the id that its stub gave it. */
  callById(id: string): Call | undefined;
  /** The call stack of any process at the end, by pid. */
  stackOf(pid: number): readonly Site[];
}

/** How records that do not lie in the log itself are read. */
export interface RecordingOptions {
  /** Seconds since the epoch at which the run started. */
  readonly started: number;
  /** Reads a file of the box's `big` folder. */
  readonly readBig: (name: string) => Buffer;
  /** The run's exit code, when it has ended: the end of a spied function that was the last thing to run. */
  readonly exitCode: number | undefined;
}

type OpenCall = { -readonly [Key in keyof Call]: Call[Key] };

/** Reads a run's log. */
export function readRecording(log: Buffer, options: RecordingOptions): Recording {
  const stacks = new CallStacks();
  const steps: Step[] = [];
  const calls: OpenCall[] = [];
  const byId = new Map<string, OpenCall>();
  const undeclared: { name: string; stack: readonly Site[] }[] = [];
  const background: BackgroundExit[] = [];
  // Spied functions that are being executed, by process: the next step outside tells their status.
  const entered = new Map<number, { call: OpenCall; depth: number }[]>();
  // A subshell's last step is shellrig's own trap (steps.sh), at line 1: held back until the next record tells.
  const held = new Map<number, LogRecord | undefined>();
  let main: number | undefined;
  let order = 0;

  for (const record of parseLog(log)) readRecord(record);
  for (const pid of held.keys()) release(pid);
  endSpied(main, 0, options.exitCode);

  return {
    calls, steps, undeclared, background,
    lastStack: main === undefined ? [] : stacks.of(main),
    callById: (id) => byId.get(id),
    stackOf: (pid) => stacks.of(pid),
  };

  function readRecord({ type, fields }: LogRecord): void {
    const text = (index: number) => fields[index]?.toString() ?? '';
    const number = (index: number) => Number(text(index));
    switch (type) {
      case 'S':
        main ??= number(0);
        release(number(0));
        if (number(3) === 1 && held.has(number(0))) held.set(number(0), { type, fields });
        else step(fields);
        break;
      case 'F':
        release(number(1));
        stacks.fork(number(0), number(1));
        held.set(number(0), undefined);
        break;
      case 'B':
        held.delete(number(0));
        endSpied(number(0), 0, number(1));
        background.push({ pid: number(0), exitCode: number(1), site: stacks.of(number(0))[0] });
        break;
      case 'L':
        for (const big of parseLog(options.readBig(text(0)))) readRecord(big);
        break;
      case 'C':
        begin(fields);
        break;
      case 'E': {
        const call = byId.get(text(0));
        if (call) Object.assign(call, { exitCode: number(1), end: milliseconds(text(2)) });
        break;
      }
      case 'I': {
        const call = byId.get(text(0));
        if (call) call.stdin = options.readBig(`${text(0)}.in`).toString();
        break;
      }
      case 'U': {
        for (const index of [0, 1]) release(number(index));
        const stack = [stacks.of(number(0)), stacks.of(number(1))].find((found) => found.length > 0) ?? [];
        const file = text(3);
        undeclared.push({ name: text(2), stack: file && !file.startsWith(BASH_SIDE) ? [{ file, line: number(4), function: stack[0]?.function ?? 'main' }, ...stack.slice(1)] : stack });
        break;
      }
    }
  }

  function step(fields: readonly Buffer[]): void {
    const [pid = 0, previousStatus = 0, depth = 0, line = 0] = fields.slice(0, 4).map(Number);
    endSpied(pid, depth, previousStatus);
    const shown = stacks.step(pid, depth, { file: fields[5]?.toString() ?? '', line, function: fields[4]?.toString() ?? '' });
    if (shown) steps.push({ ...shown, pid, depth, previousStatus, order: order++ });
  }

  /** A subshell that was held back went on: what was held is a step of the script's. */
  function release(pid: number): void {
    const record = held.get(pid);
    if (record) step(record.fields);
    if (record) held.set(pid, undefined);
  }

  function begin(fields: readonly Buffer[]): void {
    const [id = '', ancestors = '', name = '', time = '', cwd = '', form = ''] = fields.slice(0, 6).map(String);
    const pids = ancestors.split(',').map(Number);
    for (const pid of pids) release(pid);
    const stack = stacks.through(pids);
    const rawArgs = fields.slice(6);
    const call: OpenCall = {
      name, rawArgs, args: rawArgs.map(String), stdin: undefined, cwd, exitCode: undefined, start: milliseconds(time), end: undefined,
      pid: pids[0] ?? 0, site: stack[0], stack, index: calls.length, isFunction: form === 'f',
    };
    calls.push(call);
    byId.set(id, call);
    order += 1;
    const pid = call.pid;
    if (call.isFunction) entered.set(pid, [...(entered.get(pid) ?? []), { call, depth: stacks.depthOf(pid) + 1 }]);
  }

  /** A step at a lesser depth: the functions that were entered above it are over, the innermost with this status. */
  function endSpied(pid: number | undefined, depth: number, status: number | undefined): void {
    const open = pid === undefined ? undefined : entered.get(pid);
    while (open && open.length > 0 && depth < (open.at(-1)?.depth ?? 0)) {
      const { call } = open.pop() as { call: OpenCall };
      if (call.exitCode === undefined && status !== undefined) call.exitCode = status;
    }
  }

  function milliseconds(seconds: string): number {
    return Math.max(0, (Number(seconds) - options.started) * 1000);
  }
}
