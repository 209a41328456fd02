import { afterEach, describe, expect, it, vi } from 'vitest';
import { FAIL_UNASSERTED_VARIABLE, LIST_UNASSERTED_VARIABLE, unassertedSetting } from './unasserted-setting.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('what becomes of unasserted effects', () => {
  it('is nothing, unless somebody asks', () => {
    expect(unassertedSetting('/a.spec.ts')).toBeUndefined();
  });

  it('is a failure in the files that the plugin names, whatever is listed', () => {
    vi.stubEnv(LIST_UNASSERTED_VARIABLE, '1');
    vi.stubEnv(FAIL_UNASSERTED_VARIABLE, '{ "root": "/a (b)", "globs": ["specs/install/**", "specs/a.spec.ts"], "except": ["specs/install/x/c.spec.ts"] }');
    expect(['/a (b)/specs/install/x/b.spec.ts', '/a (b)/specs/install/x/c.spec.ts', '/a (b)/specs/a.spec.ts', '/a (b)/specs/b.spec.ts', '/specs/a.spec.ts'].map(unassertedSetting)).toEqual(['fail', 'list', 'fail', 'list', 'list']);
    vi.stubEnv(LIST_UNASSERTED_VARIABLE, undefined);
    vi.stubEnv(FAIL_UNASSERTED_VARIABLE, '{ "root": "/", "globs": ["**"], "except": [] }');
    expect(unassertedSetting('/specs/b.spec.ts')).toBe('fail');
    vi.stubEnv(FAIL_UNASSERTED_VARIABLE, undefined);
    expect(unassertedSetting('/specs/b.spec.ts')).toBeUndefined();
  });
});
