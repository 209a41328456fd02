import type { Acting } from '../clock/actors.js';
import type { Stub } from '../stubs/stub.js';
import type { Supervision, Supervisor } from '../stubs/supervisor.js';
import type { Tree } from '../tree/entry.js';
import type { Session } from './session.js';

/** A supervisor at work in a run. */
export interface Supervised {
  readonly name: string;
  readonly work: Supervision;
}

/** The supervisor that stubs name, begun for a run of this session, in this tree; undefined where none do. @throws Error where they name two of different making. */
export function superviseWith(stubs: ReadonlyMap<string, Stub>, session: Session, before: () => Tree): Supervised | undefined {
  const found = new Map<Supervisor, string>();
  for (const [name, stub] of stubs) for (const supervisor of supervisorsOf(stub)) if (!found.has(supervisor)) found.set(supervisor, name);
  const [first, second] = found;
  if (!first) return undefined;
  if (second) throw new Error(`stubs: \`${first[1]}\` and \`${second[1]}\` are answered by two supervisors (${first[0].name}, ${second[0].name}), and a run has one: take all stubs from one call, const machine = ${second[0].name}()`);
  return { name: first[0].name, work: first[0].begin(session.inside(), before) };
}

function supervisorsOf({ parts }: Stub): Supervisor[] {
  return [...(parts.supervisor ? [parts.supervisor] : []), ...parts.rules.flatMap(({ stub }) => supervisorsOf(stub)), ...(parts.next ? supervisorsOf(parts.next) : [])];
}

/** Actors, and then a supervisor, as one. */
export function together(actors: Acting, supervision: Acting | undefined): Acting {
  if (!supervision) return actors;
  return {
    get next() {
      const due = [actors.next, supervision.next].filter((time) => time !== undefined);
      return due.length === 0 ? undefined : Math.min(...due);
    },
    get asks() { return actors.asks || supervision.asks; },
    perform: async (now) => {
      const acted = await actors.perform(now);
      return await supervision.perform(now) || acted;
    },
    buried: () => supervision.buried?.() ?? [],
  };
}
