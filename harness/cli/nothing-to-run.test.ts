import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { built, inlineEnvironment, inlineProject, normalised, type InlineFiles, type InlineProject } from '../vitest/inline-project.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(REPOSITORY, 'dist/cli/main.js');

beforeAll(built, 120_000);

describe('a project in which nothing would run', () => {
  let other: InlineProject | undefined;
  afterEach(() => other?.remove());

  it.each<[string, InlineFiles, string[], string, number]>([
    ['no spec', {}, [], 'there is no spec in <root>: no file matches **/*.{test,spec}.?(c|m)[jt]s?(x)', 1],
    ['only skipped tests', { 'a.spec.ts': "import { it } from 'vitest';\nit.skip('a', () => {});\n" }, [], 'no test ran: all 1 are skipped', 1],
    ['a configuration without the plugin', { 'a.spec.ts': '', 'vitest.config.ts': 'export default {};' }, [], "test: vitest.config.ts does not use the plugin: add `plugins: [shellrig()]`, and `import { shellrig } from 'shellrig/vitest'`", 2],
    ['no script set', { 'package.json': '{}', 'a.spec.ts': '' }, ['--scripts', 'x=.'], 'there is no script set \'x\': package.json declares none (an entry of "imports" such as "#x/*": "./scripts/*" does)', 2],
  ])('%s', async (_, files, args, message, code) => {
    other = await inlineProject(files);
    const { exitCode, stderr } = await execa('node', [MAIN, 'test', ...args], { cwd: other.root, env: inlineEnvironment(), extendEnv: false, reject: false });
    expect(normalised(stderr, other.root)).toBe(`shellrig: ${message}`);
    expect(exitCode).toBe(code);
  });
});
