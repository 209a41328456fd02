import { describe, expect, it } from 'vitest';
import { lesson } from '../support/lesson.js';
import { becomesReady } from './becomes-ready.js';
import { BOOTS } from './images.js';

describe('a node of another system', () => {
  it.each(Object.entries(BOOTS.others))('boots until it is ready: %s', { ...lesson('A8', 'A16', 'A20', 'A21'), timeout: 120_000 }, async (name, boot) => {
    expect(await becomesReady(name, boot)).toSucceed();
  });
});
