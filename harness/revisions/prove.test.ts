import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, expect, it } from 'vitest';
import { built, filesOf, inlineEnvironment, inlineProject, type InlineFiles } from '../vitest/inline-project.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const FILES = await filesOf(new URL('testdata/project/', import.meta.url));
const PROVE = fileURLToPath(new URL('testdata/prove.mjs', import.meta.url));

beforeAll(built, 120_000);

it('finds the functions and failures that no spec misses', async () => {
  const { exitCode, stdout } = await prove(FILES);
  expect(stdout).toMatchInlineSnapshot(`
    "scripts/deploy.sh:deploy:empty noticed by deploy > puts the file in place for its owner alone: expect(run).toHaveChangedOnly({ '/out' }): 1 of 1 did not change so
    scripts/deploy.sh:deploy:return@7 noticed by deploy > refuses an empty file: expect(run).toExit(3): expected exit code 3, received 0
    scripts/deploy.sh:forgotten:empty not executed"
  `);
  expect(exitCode).toBe(0);
});

it('finds a failure that specs execute and do not look at', async () => {
  const { stdout } = await prove({
    ...FILES,
    'deploy.spec.ts': `
      import { expect, it } from 'vitest';
      import { defineShell } from 'shellrig';
      import deploy from '#scripts/deploy.sh';
      it('says what is wrong', async () => {
        const run = await defineShell({ source: [deploy] }).call('deploy', '/nowhere', '/out');
        expect(run).toPrint('/nowhere is empty');
        expect(run.exitCode).toBeLessThan(9);
      });
    `,
  });
  expect(stdout.split('\n').filter((line) => line.includes('return@'))).toEqual(['scripts/deploy.sh:deploy:return@7 unnoticed']);
});

it('proves nothing by specs that are red', async () => {
  const { stdout, exitCode } = await prove({ ...FILES, 'red.spec.ts': "import { expect, it } from 'vitest';\nit('is red', () => { expect(1).toBe(2); });\n" });
  expect(stdout).toBe('UnprovenError: specs that fail with the scripts as they are prove nothing:\n  red.spec.ts > is red');
  expect(exitCode).toBe(1);
});

/** Proves a project in a process of its own: one vitest does not start another within it. */
async function prove(files: InlineFiles) {
  const project = await inlineProject(files);
  try {
    return await execa('node', [PROVE, join(REPOSITORY, 'dist')], { cwd: project.root, env: inlineEnvironment(), extendEnv: false, reject: false });
  } finally {
    await project.remove();
  }
}
