import type { Call } from '../stubs/call.js';

/**
 * Calls in an order that is the same in each run: what processes that ran beside each other did is told one process
 * after the other, in the order in which they were started. A pid namespace gives its numbers in ascending order.
 * Without processes beside each other, it is the order in which the calls began.
 */
export function byProcess<One extends Led>(calls: readonly One[]): One[] {
  const inOrder = [...calls].sort((one, other) => one.index - other.index);
  if (inOrder.length < 2) return inOrder;
  // All but process 1, which they come from. Numbers begin anew when they are used up: what is less than that of the
  // called shell, the outermost of the first call, was started after it.
  const paths = inOrder.map((call) => ({ call, path: call.ancestors.filter((pid) => pid > 1).reverse() }));
  const shell = paths[0]?.path[0] ?? 0;
  return arranged(paths.map(({ call, path }) => ({ call, path: path.map((pid) => (pid < shell ? pid + BEYOND : pid)) })), 0);
}

/** More than the kernel ever numbers (proc(5), pid_max). */
const BEYOND = 2 ** 23;

/** A call, or whatever else a process did at one point of a run. */
type Led = Pick<Call, 'ancestors' | 'index'>;

interface Placed<One> {
  readonly call: One;
  /** The processes that led to it, outermost first. */
  readonly path: readonly number[];
}

/** What one process did: its own calls of functions, and what each of its children did. */
function arranged<One extends Led>(placed: readonly Placed<One>[], depth: number): One[] {
  const own = placed.filter(({ path }) => path.length <= depth);
  const children = new Map<number, Placed<One>[]>();
  for (const one of placed) {
    const child = one.path[depth];
    if (child !== undefined) children.set(child, [...(children.get(child) ?? []), one]);
  }
  const result: One[] = [];
  for (const [, its] of [...children].sort(([one], [other]) => one - other)) {
    while (own[0] && own[0].call.index < its[0]!.call.index) result.push(own.shift()!.call);
    result.push(...arranged(its, depth + 1));
  }
  return [...result, ...own.map(({ call }) => call)];
}
