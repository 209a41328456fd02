import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defineShell } from 'shellrig';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const path = (name: string) => join(folder.path, name);
beforeAll(async () => {
  folder = await temporaryFolder({ unsafeCleanup: true });
  await writeFile(path('named.sh'), 'looks() { ls "${BASH_SOURCE%/*}"; }\n');
  await writeFile(path('other.sh'), 'echo other\n');
  await symlink('named.sh', path('link.sh'));
});
afterAll(() => folder.cleanup());

it('a script brings its folder along; a link to one is a script too', async () => {
  const run = await defineShell({ source: [path('link.sh')] }).call('looks');
  expect(run).toSucceed();
  expect(run.stdout).toBe('link.sh\nnamed.sh\nother.sh\n');
});

it('of a folder that is too large to be one of scripts, what was named comes alone', async () => {
  await writeFile(path('large'), '');
  await truncate(path('large'), 17_000_000);
  const shell = defineShell({ source: [path('named.sh')] });
  const run = await shell.call('looks');
  expect(run).toSucceed();
  expect(run.stdout).toBe('named.sh\n');
  const other = await shell.exec(path('other.sh'));
  expect(other).toSucceed();
  expect(other.stdout).toBe('other\n');
});
