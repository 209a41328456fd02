import { expect, it, vi } from 'vitest';
import { FAIL_UNASSERTED_VARIABLE, unassertedSetting } from '../shell/unasserted-setting.js';
import { failingSpecs } from './failing-specs.js';

const ROOT = import.meta.dirname;

it.each([
  [['testdata/failing']], [['testdata/failing/']], [['./testdata/failing/**']], [[`${ROOT}/testdata/failing/*.ts`]], [[`${ROOT}/testdata/failing`]],
  [['**', '!testdata/scripts/**']], [['testdata', '!testdata/scripts/']], [['testdata', `!${ROOT}/testdata/scripts`]], [['testdata/failing/failing.spec.ts']],
])('specs may be said by %j', (globs) => {
  vi.stubEnv(FAIL_UNASSERTED_VARIABLE, JSON.stringify(failingSpecs(ROOT, globs)));
  expect(['failing/failing.spec.ts', 'scripts/main.spec.ts'].map((file) => unassertedSetting(`${ROOT}/testdata/${file}`))).toEqual(['fail', undefined]);
  vi.unstubAllEnvs();
});

it('specs may lie outside the root', () => {
  vi.stubEnv(FAIL_UNASSERTED_VARIABLE, JSON.stringify(failingSpecs(`${ROOT}/testdata`, ['../*.test.ts'])));
  expect(unassertedSetting(import.meta.filename)).toBe('fail');
  vi.unstubAllEnvs();
});

it('all may be meant, or none', () => {
  expect(failingSpecs(ROOT, true).globs).toEqual(['**']);
  expect(failingSpecs(`${ROOT}/testdata`, ['.']).globs).toEqual(['**']);
  expect([undefined, false, []].map((option) => failingSpecs(ROOT, option).globs)).toEqual([[], [], []]);
});

const SHAPE = "failUnasserted takes a list of globs, such as ['specs/install/**'], or `true` for all specs";

it.each<[unknown, string]>([
  ['testdata/**', "failUnasserted takes a list of globs, or `true` for all specs: failUnasserted: ['testdata/**']"],
  [{ testdata: true }, SHAPE],
  [[''], SHAPE],
  [['testdata', 3], SHAPE],
  [['!testdata', '!x'], "failUnasserted: '!testdata' takes away from nothing. All others: failUnasserted: ['**', '!testdata', '!x']"],
  [['tsetdata/**'], `failUnasserted: there is no ${ROOT}/tsetdata, so 'tsetdata/**' matches no spec`],
])('%j is refused', (option, message) => {
  expect(() => failingSpecs(ROOT, option)).toThrow(message);
});
