import type { Actor, ActorWorld } from './actors.js';

/** One thing that an actor did. */
export interface Deed {
  /** The name of its function, empty where it has none: `at('2s', serverStarts)`. */
  readonly actor: string;
  /** Why it acted then: its instant had come, or its condition held. */
  readonly because: 'time' | 'condition';
  /** What it did in the sandbox: `write /run/app.pid`; empty for one that did nothing there. */
  readonly did: string;
}

/**
 * Has an actor act, and tells each thing just before it is done.
 * @param tell called at least once.
 */
export async function actAndTell(actor: Actor, world: ActorWorld, tell: (deed: Deed) => void): Promise<void> {
  let count = 0;
  const told = (did: string) => {
    count += 1;
    tell({ actor: actor.act.name, because: actor.condition ? 'condition' : 'time', did });
  };
  await actor.act({
    ...world,
    write: (files) => {
      told(`write ${Object.keys(files).join(' ')}`);
      return world.write(files);
    },
    rename: (from, to) => {
      told(`rename ${from} ${to}`);
      return world.rename(from, to);
    },
    remove: (path) => {
      told(`remove ${path}`);
      return world.remove(path);
    },
    signal: (signal, name) => {
      told(`signal ${signal} ${name}`);
      return world.signal(signal, name);
    },
    listen: (where, reply) => {
      told(`listen ${'path' in where ? where.path : where.port}`);
      return world.listen(where, reply);
    },
  });
  if (count === 0) told('');
}
