import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SetUpError } from './error.mjs';
import { installNodeModules } from './node-modules.mjs';

const NPM = fileURLToPath(new URL('testdata/npm-cli.js', import.meta.url));
const CI = 'ci --include=dev --include=optional --no-audit --no-fund --no-progress';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder({ unsafeCleanup: true });
  vi.stubEnv('npm_execpath', NPM);
  vi.stubEnv('FAILURES', '0');
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await lock({ 'node_modules/a': { version: '1.0.0', integrity: 'x' }, 'node_modules/b-win32': { version: '1.0.0', optional: true } });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await folder.cleanup();
});

describe('node modules', () => {
  it('are installed once, then left alone', async () => {
    installNodeModules(folder.path);
    installNodeModules(folder.path);
    expect(await calls()).toEqual([CI]);
  });

  it('are installed anew when the lock names another version, or a folder is gone', async () => {
    installNodeModules(folder.path);
    await lock({ 'node_modules/a': { version: '1.0.1', integrity: 'y' } });
    installNodeModules(folder.path);
    await rm(join(folder.path, 'node_modules/a'), { recursive: true });
    installNodeModules(folder.path);
    expect(await calls()).toEqual([CI, CI, CI]);
  });

  it('count as current after npm install by hand, with optional packages of other platforms left out', async () => {
    await mkdir(join(folder.path, 'node_modules/a'), { recursive: true });
    const installed = { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'x' } } };
    await writeFile(join(folder.path, 'node_modules/.package-lock.json'), JSON.stringify(installed));
    installNodeModules(folder.path);
    expect(await calls()).toEqual([]);
  });

  it('get a second try after a failure', async () => {
    vi.stubEnv('FAILURES', '1');
    installNodeModules(folder.path);
    expect(await calls()).toEqual([CI, CI]);
  });

  it("end set-up with npm's reason after two", async () => {
    vi.stubEnv('FAILURES', '2');
    expect(() => installNodeModules(folder.path)).toThrow(new SetUpError(
      `npm ci failed twice in ${folder.path}:\nnpm error code E503\nnpm error 503 Service Unavailable`,
    ));
    expect(await calls()).toEqual([CI, CI]);
  });

  it('need a lock', async () => {
    await rm(join(folder.path, 'package-lock.json'));
    expect(() => installNodeModules(folder.path)).toThrow(`package-lock.json is missing or broken in ${folder.path}; restore it with git`);
  });
});

async function lock(packages: Record<string, object>): Promise<void> {
  await writeFile(join(folder.path, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
}

async function calls(): Promise<string[]> {
  const text = await readFile(join(folder.path, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
