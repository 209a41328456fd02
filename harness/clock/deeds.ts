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

/** What an actor did, or is doing: knows whether anybody waits for it, who then hears of its failure. */
class Doing<Result> extends Promise<Result> {
  static override readonly [Symbol.species] = Promise;
  isAwaited = false;

  // Also called by `await`, as this is not a plain promise.
  // oxlint-disable-next-line unicorn/no-thenable
  override then: Promise<Result>['then'] = (onDone, onFailed) => {
    this.isAwaited = true;
    return super.then(onDone, onFailed);
  };
}

/**
 * Has an actor act, and tells each thing just before it is done. What it does comes one after the other, and is done when
 * this returns, also where the actor did not wait for it.
 * @param tell called at least once.
 * @throws what the actor throws, or else the first failure of what it did not wait for.
 */
export async function actAndTell(actor: Actor, world: ActorWorld, tell: (deed: Deed) => void): Promise<void> {
  const all: { readonly doing: Doing<unknown>; readonly ended: Promise<{ readonly error: unknown } | undefined> }[] = [];
  const tellOf = (did: string) => { tell({ actor: actor.act.name, because: actor.condition ? 'condition' : 'time', did }); };
  const one = (did: string, act: () => Promise<void>): Promise<void> => {
    const acted = Promise.resolve(all.at(-1)?.ended).then(() => {
      tellOf(did);
      return act();
    });
    const doing = new Doing<void>((resolve, reject) => { acted.then(resolve, reject); });
    all.push({ doing, ended: acted.then(() => undefined, (error: unknown) => ({ error })) });
    void Promise.prototype.then.call(doing, undefined, () => {});
    return doing;
  };
  try {
    await actor.act({
      ...world,
      write: (files) => one(`write ${Object.keys(files).join(' ')}`, () => world.write(files)),
      rename: (from, to) => one(`rename ${from} ${to}`, () => world.rename(from, to)),
      remove: (path) => one(`remove ${path}`, () => world.remove(path)),
      signal: (signal, name) => one(`signal ${signal} ${name}`, () => world.signal(signal, name)),
      listen: (where, reply) => one(`listen ${'path' in where ? where.path : where.port}`, () => world.listen(where, reply)),
    });
  } finally {
    // What is done may have the actor do more; and nothing of a run may reach the next.
    for (let index = 0; index < all.length; index += 1) await all[index]!.ended;
  }
  for (const { doing, ended } of all) {
    const failure = await ended;
    if (failure && !doing.isAwaited) throw failure.error;
  }
  if (all.length === 0) tellOf('');
}
