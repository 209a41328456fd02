import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { buildDist } from './build.mjs';

const TOLD = 'set-up: built dist/ although harness/ has 1 type errors (npx tsc shows them)\n';
const ROOT = fileURLToPath(new URL('..', import.meta.url));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let said: MockInstance<typeof process.stderr.write>;

/** A clone with a harness of four files: one compiled, one copied, two only for tests. */
beforeEach(async () => {
  folder = await temporaryFolder({ unsafeCleanup: true });
  said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', '.setup/build.mjs']) {
    await cp(join(ROOT, name), join(folder.path, name));
  }
  await symlink(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  await source('cli/main.ts', 'export const answer: number = 42;\n');
  await source('shell/server.sh', 'echo served\n');
  await source('cli/main.test.ts', 'export {};\n');
  await source('shell/testdata/odd.sh', 'exit 3\n');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await folder.cleanup();
});

describe('dist', () => {
  it('holds what tsc makes of the sources and the files beside them, and nothing of the tests', async () => {
    buildDist(folder.path, true);
    expect(await dist()).toEqual(['.fingerprint', 'cli/main.d.ts', 'cli/main.js', 'shell/server.sh']);
    expect(await readFile(join(folder.path, 'dist/cli/main.js'), 'utf8')).toContain('answer = 42');
    expect(await readFile(join(folder.path, 'dist/shell/server.sh'), 'utf8')).toBe('echo served\n');
  });

  it('is built when a source changes or goes, and only then', async () => {
    buildDist(folder.path, true);
    await mark();
    await source('cli/main.test.ts', 'export const changed = 1;\n');
    buildDist(folder.path, true);
    expect(await dist()).toContain('mark');
    await source('shell/server.sh', 'echo served again\n');
    buildDist(folder.path, true);
    expect(await dist()).not.toContain('mark');
    await rm(join(folder.path, 'harness/shell/server.sh'));
    buildDist(folder.path, true);
    expect(await dist()).not.toContain('shell/server.sh');
  });

  it('is there despite a type error, which is told on each run, unless it is to be packed', async () => {
    await source('cli/main.ts', "export const answer: number = 'forty-two';\n");
    for (const _ of ['first', 'second']) buildDist(folder.path, false);
    expect(said.mock.calls).toEqual([[TOLD], [TOLD]]);
    expect(await readFile(join(folder.path, 'dist/cli/main.js'), 'utf8')).toContain('forty-two');
    expect(() => buildDist(folder.path, true)).toThrow(
      "tsc could not build dist/:\nharness/cli/main.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.",
    );
    expect((await readdir(folder.path)).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });
});

async function source(path: string, content: string): Promise<void> {
  const whole = join(folder.path, 'harness', path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, content);
}

/** A file that lasts until the next build. */
async function mark(): Promise<void> {
  await writeFile(join(folder.path, 'dist/mark'), '');
}

async function dist(): Promise<string[]> {
  const entries = await readdir(join(folder.path, 'dist'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.path.length + '/dist/'.length)).sort();
}
