import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { at, type ActorWorld } from './actors.js';
import { actAndTell } from './deeds.js';

it('is done with all before an actor that threw fails, as nothing of a run may reach the next', async () => {
  const done: string[] = [];
  const write = async () => {
    await setTimeout(10);
    done.push('written');
  };
  const acts = at('1s', (world) => {
    void world.write({ '/run/a': '' });
    throw new Error('it threw');
  });

  await expect(actAndTell(acts, { write } as unknown as ActorWorld, () => {})).rejects.toThrow('it threw');
  expect(done).toEqual(['written']);
});
