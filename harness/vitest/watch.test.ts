import { appendFile, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import stripAnsi from 'strip-ansi';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterEach, expect, it } from 'vitest';
import { filesOf, inlineEnvironment, inlineProject, VITEST, type InlineProject } from './inline-project.js';

const SCRIPTS = await filesOf(new URL('testdata/scripts/', import.meta.url));

let project: InlineProject;
let vitest: ReturnType<typeof launch>;
afterEach(async () => {
  vitest.kill('SIGKILL');
  await vitest.catch(() => {});
  await project.remove();
});

it('reruns the specs that a saved script concerns, and no others', async () => {
  const watch = await start();
  expect(watch.ran()).toEqual(['alone.spec.ts', 'main.spec.ts']);

  await appendFile(join(project.root, 'scripts/lib/words.sh'), '# saved\n');
  expect(await watch.next()).toEqual(['main.spec.ts']);

  // What runs is what was saved.
  await writeFile(join(project.root, 'scripts/alone.bash'), 'alone() { echo changed; }\n');
  expect(await watch.next()).toEqual(['alone.spec.ts']);
  expect(watch.output()).toContain('× is alone');
});

it('watches the scripts that are used when a set lies elsewhere', async () => {
  const { path, cleanup } = await temporaryFolder({ unsafeCleanup: true });
  for (const name of ['main.sh', 'lib/words.sh', 'alone.bash']) await cp(SCRIPTS[`scripts/${name}`] as URL, join(path, name));
  const watch = await start({ SHELLRIG_SCRIPTS: JSON.stringify({ scripts: path }) });

  await appendFile(join(path, 'lib/words.sh'), '# saved\n');
  expect(await watch.next()).toEqual(['main.spec.ts']);
  await cleanup();
});

/** Starts vitest in watch mode and waits for its first verdict. */
async function start(env: Readonly<Record<string, string>> = {}) {
  project = await inlineProject(SCRIPTS);
  vitest = launch(env);
  let text = '';
  let seen = 0;
  vitest.stdout.on('data', (chunk: Buffer) => {
    text += stripAnsi(chunk.toString());
  });
  const verdict = async () => {
    seen = text.length;
    await expect.poll(() => text.slice(seen), { timeout: 20_000, interval: 20 }).toContain('press q to quit');
    return ran();
  };
  const ran = () => [...text.slice(seen).matchAll(/^ *[✓❯×] (\S+\.spec\.ts)/gm)].map(([, name = '']) => name).sort();
  await verdict();
  return { ran, next: verdict, output: () => text.slice(seen) };
}

function launch(env: Readonly<Record<string, string>>) {
  return execa('node', [VITEST, '--watch'], { cwd: project.root, env: inlineEnvironment(env), extendEnv: false, reject: false, stdin: 'pipe' });
}
