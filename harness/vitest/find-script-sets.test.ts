import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findScriptSets } from './find-script-sets.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({ unsafeCleanup: true });
  for (const path of ['project/node/ubuntu', 'project/src/below', 'copy']) await mkdir(join(folder.path, path), { recursive: true });
  for (const path of ['project/node/a.sh', 'project/node/ubuntu/b.bash', 'project/src/c.ts']) await writeFile(join(folder.path, path), '');
  await symlink('project', join(folder.path, 'link'));
  const imports = { '#node/*': './node/*', '#ubuntu/*': './node/ubuntu/*', '#src/*': './src/*', '#gone/*': './gone/*', '#one': './node/a.sh', '#pick/*': { default: './node/*' } };
  await writeFile(join(folder.path, 'project/package.json'), JSON.stringify({ imports }));
});
afterAll(() => folder.cleanup());
const at = (path: string) => join(folder.path, path);

it('takes the imports that name a folder with scripts, inner folders first', () => {
  expect(findScriptSets(at('project'))).toEqual([
    { name: 'ubuntu', directory: at('project/node/ubuntu'), use: at('project/node/ubuntu') },
    { name: 'node', directory: at('project/node'), use: at('project/node') },
  ]);
});

it('finds the nearest package.json above, and folders by their real paths', () => {
  expect(findScriptSets(at('link/src/below'))).toEqual(findScriptSets(at('project')));
});

it('uses another folder, relative to the root', () => {
  expect(findScriptSets(at('project'), { node: '../copy' })[1]).toEqual({ name: 'node', directory: at('project/node'), use: at('copy') });
});

it.each([
  [{ noed: '../copy' }, "there is no script set 'noed'. Did you mean 'node'?"],
  [{ elsewhere: '../copy' }, "there is no script set 'elsewhere'. There are: node, ubuntu"],
  [{ node: '../nowhere' }, "script set 'node': there is no folder <folder>/nowhere"],
  [{ node: 'package.json' }, "script set 'node': there is no folder <folder>/project/package.json"],
])('refuses %j', (replacements, message) => {
  expect(() => findScriptSets(at('project'), replacements as unknown as Record<string, string>)).toThrow(message.replace('<folder>', folder.path));
});
