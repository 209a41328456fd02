import type { RunRecord } from '../shell/run.js';
import type { Call } from '../stubs/call.js';

/** The outermost of the processes that wait one after the other: all that runs in the background of none. */
const MAIN = 0;

/**
 * How long stubs of `sleep` would have kept a run waiting, beyond what it took, in milliseconds. What one process waits is
 * added up; a job in the background waits beside the process that started it, which waits for its jobs where it calls
 * `wait`; and a `timeout` in front of anything bounds all that it waits.
 */
export function waitedIn(record: RunRecord): number {
  const jobs = new Set(record.background.map(({ pid }) => pid));
  const jobsOf = (pids: readonly number[]) => [...pids.filter((pid) => jobs.has(pid)), MAIN];
  const left = timeoutsOf(record);
  const clocks = new Map<number, number>([[MAIN, 0]]);
  const parents = new Map<number, number>();
  const waits = record.waits.map(({ pid, calls }) => ({ job: jobsOf(from(pid))[0], calls }));
  const clockOf = (job: number) => clocks.get(job) ?? 0;

  for (const call of inOrder(record.calls.filter(isSleep), jobs)) {
    const line = jobsOf(call.ancestors);
    // From the outermost on: each begins when the one that started it is as far.
    for (const [at, job] of [...line.entries()].reverse()) {
      const parent = line[at + 1];
      if (parent !== undefined && !clocks.has(job)) {
        clocks.set(job, clockOf(parent));
        parents.set(job, parent);
      }
      pass(job, call.index);
    }
    const bounds = call.ancestors.filter((pid) => left.has(pid));
    const asks = Math.min(Math.max(0, askedOf(call) - passed(call)), ...bounds.map((pid) => left.get(pid)!));
    for (const pid of bounds) left.set(pid, left.get(pid)! - asks);
    clocks.set(line[0]!, clockOf(line[0]!) + asks);
  }
  return Math.max(...clocks.values());

  /** What a process waited for before a call. */
  function pass(job: number, index: number): void {
    if (!waits.some((wait) => wait.job === job && wait.calls <= index)) return;
    for (const [child, parent] of parents) {
      if (parent === job && waits.some((wait) => wait.job === job && wait.calls <= index && begunBefore(child, wait.calls))) clocks.set(job, Math.max(clockOf(job), clockOf(child)));
    }
  }

  function begunBefore(job: number, calls: number): boolean {
    return record.calls.some(({ ancestors, index }) => index < calls && ancestors.includes(job));
  }

  /** A process and those that led to it, as far as calls tell. */
  function from(pid: number): readonly number[] {
    const ancestors = record.calls.find((call) => call.ancestors.includes(pid))?.ancestors ?? [pid];
    return ancestors.slice(ancestors.indexOf(pid));
  }
}

/**
 * Calls in the order in which the processes that made them were started, those of a job where it was: its own number is
 * known even where its parent had ended meanwhile. A pid namespace gives numbers in ascending order, and begins anew.
 */
function inOrder(calls: readonly Call[], jobs: ReadonlySet<number>): Call[] {
  const first = calls[0]?.ancestors.findLast((pid) => pid > 1) ?? 0;
  const number = (pid: number) => (pid < first ? pid + 2 ** 23 : pid);
  const parents = new Set(calls.flatMap(({ ancestors }) => ancestors.slice(1)));
  // A shell makes way for its last command, which has its number.
  const own = ({ pid, isFunction }: Call) => (!isFunction && parents.has(pid) ? Number.MAX_SAFE_INTEGER : number(pid));
  const keyed = calls.map((call) => ({ call, key: [...call.ancestors.filter((pid) => jobs.has(pid)).reverse().map(number), own(call)] }));
  return keyed.sort((one, other) => byNumbers(one.key, other.key) || one.call.index - other.call.index).map(({ call }) => call);
}

function byNumbers([one, ...more]: readonly number[], [other, ...others]: readonly number[]): number {
  if (one === undefined || other === undefined) return 0;
  return one - other || byNumbers(more, others);
}

/** Whether a call is one of `sleep`. */
export function isSleep({ name }: Call): boolean {
  return /^(?:.*\/)?sleep$/.test(name);
}

/** What a call of `sleep` asks for (GNU: numbers with s, m, h or d, added up), in milliseconds; 0 where it would refuse. */
export function askedOf({ args }: Call): number {
  const sum = args.filter((word) => word !== '--').reduce((total, word) => total + durationOf(word), 0);
  return Number.isNaN(sum) ? 0 : sum;
}

function durationOf(word: string): number {
  if (/^inf(?:inity)?$/i.test(word)) return Infinity;
  const [, number, unit] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word) ?? [];
  return number === undefined ? NaN : Number(number) * { '': 1e3, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[unit as '' | 's' | 'm' | 'h' | 'd'];
}

function passed({ start, end }: Call): number {
  return end === undefined ? 0 : end - start;
}

/** For how long each `timeout` lets its program run (GNU; 0 is for ever), by process. */
function timeoutsOf({ executed = [], calls }: RunRecord): Map<number, number> {
  const programs = [...executed.map(({ pid, argv }) => ({ pid, words: argv })), ...calls.map(({ pid, name, args }) => ({ pid, words: [name, ...args] }))];
  return new Map(programs.flatMap(({ pid, words: [name = '', ...words] }) => {
    if (!/^(?:.*\/)?timeout$/.test(name)) return [];
    let at = 0;
    for (; words[at]?.startsWith('-'); at += 1) if (/^(?:-[fpv]*[ks]|--kill-after|--signal)$/.test(words[at]!)) at += 1;
    const most = durationOf(words[at] ?? '');
    return most > 0 ? [[pid, most] as const] : [];
  }));
}
