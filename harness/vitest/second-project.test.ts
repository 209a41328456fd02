import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import stripAnsi from 'strip-ansi';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { built, inlineEnvironment, normalised } from './inline-project.js';

// What the README promises: its own example, in an empty directory, with the package as it would be published.
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const MINUTES = 60_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let readme: string;

beforeAll(async () => {
  folder = await temporaryFolder({ unsafeCleanup: true });
  readme = await readFile(join(REPOSITORY, 'README.md'), 'utf8');
  await built();
  const { stdout } = await execa('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder.path], { cwd: REPOSITORY });
  const [{ filename = '' } = {}] = JSON.parse(stdout) as { filename?: string }[];
  const { version } = createRequire(import.meta.url)('vitest/package.json') as { version: string };
  await mkdir(join(folder.path, 'project'));
  await run('npm', 'init', '-y');
  await run('npm', 'install', '--save-dev', '--prefer-offline', '--no-audit', '--no-fund', `../${filename}`, `vitest@${version}`);
  await Promise.all([
    writeFile(join(folder.path, 'project/agent.sh'), block('bash', '#!/bin/bash')),
    writeFile(join(folder.path, 'project/agent.spec.ts'), block('ts', 'import { describe')),
    writeFile(join(folder.path, 'project/vitest.config.ts'), block('ts', '// vitest.config.ts')),
  ]);
}, 5 * MINUTES);
afterAll(() => folder.cleanup());

it('runs the example as printed', async () => {
  const { exitCode, all } = await run('npx', 'shellrig', 'test');
  const report = normalised(all, folder.path);
  expect(report).toContain(block('text', ' FAIL').trim());
  expect(report).toContain('Tests  1 failed | 1 passed (2)');
  expect(exitCode).toBe(1);
});

it('is green when the script is mended, by vitest too', async () => {
  const script = join(folder.path, 'project/agent.sh');
  await writeFile(script, block('bash', '#!/bin/bash').replace('"/opt/agent/cache/agent-*"', '/opt/agent/cache/agent-*'));
  for (const words of [['shellrig', 'test'], ['vitest', 'run']]) {
    const { exitCode, all } = await run('npx', ...words);
    expect(normalised(all, folder.path)).toContain('Tests  2 passed (2)');
    expect(exitCode).toBe(0);
  }
});

it('has types, for the matchers and for imported scripts', async () => {
  const wrong = block('ts', 'import { describe').replace('expect(run).toExit(4)', "expect(run).toExitWith('4')").replace('source: [agent]', 'source: agent');
  await writeFile(join(folder.path, 'project/wrong.spec.ts'), wrong);
  const options = { module: 'NodeNext', target: 'ES2023', strict: true, skipLibCheck: true, noEmit: true, types: [] };
  await writeFile(join(folder.path, 'project/tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  const { all } = await run('node', join(REPOSITORY, 'node_modules/typescript/bin/tsc'), '--pretty', 'false');
  expect(all.split('\n')).toEqual([
    expect.stringMatching(/^wrong\.spec\.ts\(.*Type 'string' is not assignable to type 'readonly string\[\]'/),
    expect.stringMatching(/^wrong\.spec\.ts\(.*Property 'toExitWith' does not exist/),
  ]);
});

it('has a doctor', async () => {
  const { exitCode, all } = await run('npx', 'shellrig', 'doctor');
  expect(stripAnsi(all)).toContain('Sandboxes run on this machine.');
  expect(exitCode).toBe(0);
});

/** The README's block of a language that begins so. */
function block(language: string, beginning: string): string {
  const blocks = [...readme.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  const found = blocks.find(([, kind, text = '']) => kind === language && text.startsWith(beginning));
  if (!found) throw new Error(`README.md has no ${language} block that begins with '${beginning}'`);
  return found[2] ?? '';
}

function run(command: string, ...args: string[]) {
  const { npm_config_cache, npm_config_registry } = process.env;
  const npm = Object.fromEntries(Object.entries({ npm_config_cache, npm_config_registry }).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return execa(command, args, { cwd: join(folder.path, 'project'), env: inlineEnvironment(npm), extendEnv: false, reject: command === 'npm', all: true });
}
