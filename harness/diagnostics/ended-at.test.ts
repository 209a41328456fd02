import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { defineShell } from 'shellrig';
import { describe, expect, it } from 'vitest';
import { endedAt, subshellEndedAt } from './ended-at.js';

const SCRIPT = fileURLToPath(new URL('testdata/ends.sh', import.meta.url));
const LINES = readFileSync(SCRIPT, 'utf8').split('\n');

describe('where a script ended, whatever its EXIT trap did after it', () => {
  it.each([
    ['exit', '  exit) exit 3 ;;', 'main'],
    ['function', '  exit 3', 'refuse'],
    ['errexit', '    bash -c \'exit 3\'', 'main'],
    ['within', '  within) clean_up() { exit 3; } ;;', 'clean_up'],
  ])('%s', async (how, line, name) => {
    const run = await defineShell().exec(SCRIPT, how);
    expect(run).toExit(3);
    const [site] = endedAt(run.record);
    expect(LINES[(site?.line ?? 0) - 1]).toBe(line);
    expect(site?.function).toBe(name);
  });

  it.each([
    ['in-subshells', 13],
    ['in-a-substitution', 13],
    ['in-a-pipeline', 27],
  ])('and in a subshell: %s', async (how, line) => {
    const run = await defineShell().exec(SCRIPT, how);
    expect(run).toExit(3);
    expect(subshellEndedAt(run.record)?.line).toBe(line);
    expect(() => expect(run).toSucceed()).toThrow(new RegExp(`a subshell ended with that code at \\S*ends\\.sh:${line} `));
  });

  it.each(['long-ago', 'exit'])('but not where it had no part in it: %s', async (how) => {
    const run = await defineShell().exec(SCRIPT, how);
    expect(run).toExit(3);
    expect(subshellEndedAt(run.record)).toBeUndefined();
  });

  it('is what reports show', async () => {
    const run = await defineShell().exec(SCRIPT, 'function');
    expect(run).toExit(3);
    expect(() => expect(run).toSucceed()).toThrow(/it ended at \S*ends\.sh:13 in function refuse\n[^]*called from \S*ends\.sh:19 at top level/);
  });
});
