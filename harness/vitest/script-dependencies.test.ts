import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scriptDependencies } from './script-dependencies.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({ unsafeCleanup: true });
  await mkdir(join(folder.path, 'lib/node_modules'), { recursive: true });
  for (const name of ['one.sh', 'lib/two.sh', 'lib/three.bash', 'lib/data.txt', 'lib/node_modules/four.sh']) await writeFile(join(folder.path, name), ':\n');
});
afterAll(() => folder.cleanup());

const ALL = ['lib/three.bash', 'lib/two.sh', 'one.sh'];

it.each([
  ['nothing', 'echo "$1" | sort', []],
  ['a script that it sources', '. ./lib/two.sh', ['lib/two.sh']],
  ['a script that it sources from beside itself', '. "$(dirname "${BASH_SOURCE[0]}")/lib/two.sh"', ['lib/two.sh']],
  ['a script that it sources when it is there', '[ -f one.sh ] && source one.sh arg', ['one.sh']],
  ['a script that it runs', 'timeout 5 bash "$DIR/lib/three.bash"', ['lib/three.bash']],
  ['all, when the name is a variable', 'source "$file"', ALL],
  ['all, when a part of the name is one', 'if true; then . "lib/${name}.sh"; fi', ALL],
  ['all, when the end of the name is one', '. lib/$name.sh', ALL],
  ['all, when the name is a pattern', 'source lib/*.sh', ALL],
  ['nothing, where a file of another kind is sourced', '. /etc/os-release', []],
  ['nothing, where a dot is no command', 'find . -name "$1"', []],
])('a script depends on %s', async (_, line, expected) => {
  const script = join(folder.path, 'script.sh');
  await writeFile(script, `#!/bin/bash\n${line}\n`);
  expect(scriptDependencies(script, folder.path).map((path) => relative(folder.path, path))).toEqual(expected);
});
