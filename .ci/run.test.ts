import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const RUN = fileURLToPath(new URL('run', import.meta.url));
const NPM = fileURLToPath(new URL('testdata/npm.sh', import.meta.url));

let bin: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  bin = await temporaryFolder({ unsafeCleanup: true });
  await copyFile(NPM, join(bin.path, 'npm'));
});
afterAll(() => bin.cleanup());

describe('.ci/run', () => {
  it('calls npm test as CI without standard input', async () => {
    const { stdout } = await run('1 passed, 0 failed\n', 0);
    expect(stdout).toBe('npm test --silent CI=true stdin=\n1 passed, 0 failed');
  });

  it.each([
    ['passes when tests passed', '12 passed, 0 failed\n', 0, 0, '12 passed, 0 failed'],
    ['passes with skipped tests', '12 passed, 0 failed, 1 skipped\n', 0, 0, '12 passed, 0 failed, 1 skipped'],
    ['fails as npm test does', '12 passed, 3 failed\n', 1, 1, '12 passed, 3 failed'],
    ['fails when no test ran', '0 passed, 0 failed\n', 0, 1, '0 passed, 0 failed'],
    ['fails when npm test said nothing', '', 0, 1, '0 passed, 0 failed'],
    ['fails when the totals are not the last line', '12 passed, 0 failed\nand then it broke\n', 0, 1, '0 passed, 0 failed'],
    ['fails as set-up does', 'set-up: missing: bwrap\n', 7, 7, '0 passed, 0 failed'],
  ])('%s', async (_, says, ends, exitCode, lastLine) => {
    const result = await run(says, ends);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stdout.split('\n').at(-1)).toBe(lastLine);
  });
});

function run(says: string, ends: number) {
  const env = { PATH: `${bin.path}:${process.env['PATH']}`, SAYS: says, ENDS: String(ends) };
  return execa(RUN, { reject: false, env, input: 'something that nobody may read\n' });
}
