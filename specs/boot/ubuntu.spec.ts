import { describe, expect, it } from 'vitest';
import { lesson } from '../support/lesson.js';
import { becomesReady } from './becomes-ready.js';
import { BOOTS } from './images.js';

describe('a node of Ubuntu', () => {
  it.each(Object.entries(BOOTS.ubuntu))('boots until it is ready: %s', { ...lesson('A8', 'A16', 'A17', 'A20', 'A21'), timeout: 120_000 }, async (name, boot) => {
    expect(await becomesReady(name, boot)).toSucceed();
  });
});
