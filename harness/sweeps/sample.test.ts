import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunContext } from '../shell/run.js';
import { SAMPLE_VARIABLE, sampleOf } from './sample.js';
import { sweepTest } from './sweep.js';
import type { Value } from './values.js';

const VALUES = Array.from({ length: 50 }, (_, index): Value => ({ id: `value@${index}`, text: '', stack: [] }));

afterEach(() => void vi.unstubAllEnvs());

describe('the values that a sweep tries', () => {
  const idsOf = (sample: string | undefined, isInOrder = false) => {
    vi.stubEnv(SAMPLE_VARIABLE, sample);
    return sampleOf(VALUES, isInOrder).values.map(({ id }) => id);
  };

  it('are some, the same for one number, others for another', () => {
    expect(new Set(idsOf('5:1')).size).toBe(5);
    expect(idsOf('5:1')).toEqual(idsOf('5:1'));
    expect(idsOf('5:1')).not.toEqual(idsOf('5:2'));
  });

  it('are each drawn by one number or another', () => {
    const drawn = Array.from({ length: 200 }, (_, number) => idsOf(`5:${number}`)).flat();
    expect(new Set(drawn).size).toBe(VALUES.length);
  });

  it('are all where there are no more, each builds on the one before, or no sample is asked for', () => {
    const all = VALUES.map(({ id }) => id);
    expect([idsOf('50:1'), idsOf('5:1', true), idsOf(undefined)]).toEqual([all, all, all]);
  });

  it('are told when they are not all', () => {
    vi.stubEnv(SAMPLE_VARIABLE, '5:1');
    expect(sampleOf(VALUES).untried).toEqual(['not tried: 45 more of these 50 values (SHELLRIG_SAMPLE=5:1; without it all are tried)']);
  });

  it.each(['30', '0:1', '1.5:1', '30:', ''])("are not drawn by '%s'", (sample) => {
    expect(() => idsOf(sample)).toThrow(`SHELLRIG_SAMPLE takes how many values to try and the number that draws them, as 30:4711; got '${sample}'`);
  });
});

describe('a sweep', () => {
  const tried: string[] = [];
  sweepTest('tries its sample', {}, () => {
    vi.stubEnv(SAMPLE_VARIABLE, '5:1');
    return Promise.resolve({
      all: VALUES, chosen: VALUES, pruned: [], context: {} as RunContext,
      attempt: ({ id }) => Promise.resolve({ outcome: `done ${tried.push(id)}`, broken: [] }),
    });
  });

  it('and no more', () => expect(tried).toHaveLength(5));
});
