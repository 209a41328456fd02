import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Plugin, ViteUserConfig } from 'vitest/config';
import { shellrig } from './index.js';

const OWN_FRAME = { file: fileURLToPath(new URL('index.ts', import.meta.url)), method: 'f', line: 1, column: 1 };
const SPEC_FRAME = { ...OWN_FRAME, file: '/project/a.spec.ts' };

describe('what the plugin sets', () => {
  it('is what sandboxes need', () => {
    const { pool, testTimeout, hookTimeout, setupFiles, env, runner } = configured({});
    expect({ pool, testTimeout, hookTimeout, runner }).toEqual({ pool: 'forks', testTimeout: 30_000, hookTimeout: 30_000, runner: undefined });
    expect(setupFiles).toEqual([expect.stringMatching(/vitest\/setup\.ts$/)]);
    expect(JSON.parse(env?.['SHELLRIG_SCRIPT_SETS'] ?? '')).toEqual([expect.objectContaining({ name: 'image' }), expect.objectContaining({ name: 'node' })]);
  });

  it('leaves what the project sets, even where the plugin will refuse it', () => {
    expect(configured({ pool: 'threads', testTimeout: 1, hookTimeout: 2 })).toMatchObject({ pool: 'threads', testTimeout: 1, hookTimeout: 2 });
  });

  it('names its set-up once, though a project inherits it and adds the plugin again', () => {
    const { setupFiles } = configured({});
    expect(configured({ setupFiles: setupFiles as string[] }).setupFiles).toEqual([]);
  });
});

describe('frames of stacks', () => {
  const shows = (error: { name: string; message: string }, frame: typeof OWN_FRAME, test = {}) => configured(test).onStackTrace?.(error, frame);

  it.each([
    ['of a failed expectation', { name: 'Error', message: 'expect(run).toSucceed()' }, false],
    ['of what a script may not do', { name: 'StrictError', message: 'The script called' }, false],
    ['of a wrong use of a matcher', { name: 'TypeError', message: 'expect(run).toSucceed() received a promise' }, false],
    ['of a bug that it knows', { name: 'Error', message: 'shellrig bug: no stub' }, true],
    ['of a bug that it does not know', { name: 'TypeError', message: 'x is not a function' }, true],
  ])('in shellrig %s', (_, error, expected) => {
    expect(shows(error, OWN_FRAME)).toBe(expected);
    expect(shows(error, SPEC_FRAME)).toBe(true);
  });

  it('are hidden when the project hides them', () => {
    expect(shows({ name: 'Error', message: 'x' }, SPEC_FRAME, { onStackTrace: () => false })).toBe(false);
  });
});

function configured(test: NonNullable<ViteUserConfig['test']>): NonNullable<ViteUserConfig['test']> {
  const { config } = shellrig() as Plugin & { config: (config: ViteUserConfig) => ViteUserConfig };
  return config({ root: fileURLToPath(new URL('../..', import.meta.url)), test }).test ?? {};
}
