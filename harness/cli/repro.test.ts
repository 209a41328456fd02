import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, inlineEnvironment, inlineProject, normalised, type InlineFiles, type InlineProject } from '../vitest/inline-project.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const FILES = await filesOf(new URL('../revisions/testdata/project/', import.meta.url));
const PATCH = await readFile(new URL('../revisions/testdata/project/fixtures/regressions/mode/defect.patch', import.meta.url), 'utf8');
const DEPLOYS = 'deploy > puts the file in place for its owner alone';

let project: InlineProject;
beforeAll(async () => {
  project = await inlineProject(FILES);
}, 120_000);
afterAll(() => project.remove());

/** A regression of the test project, in one respect or another not as it should be. */
function regression(id: string, { lesson = undefined as string | undefined, file = 'deploy.spec.ts', test = DEPLOYS, reason = 'mode: expected 0600', patch = PATCH } = {}): InlineFiles {
  return {
    [`fixtures/regressions/${id}/defect.patch`]: patch,
    [`fixtures/regressions/${id}/regression.json`]: JSON.stringify({ title: `The title of ${id}`, lesson, specs: [{ file, test, reason }] }),
  };
}

describe('shellrig repro', () => {
  it('lists what is recorded', async () => {
    const { exitCode, stdout } = await shellrig('repro');
    expect(stdout).toBe('mode  Everybody can read what was deployed (1 spec)');
    expect(exitCode).toBe(0);
  });

  it('shows what the specs see with the scripts as they are and with the defect, and changes nothing', async () => {
    const before = await readFile(join(project.root, 'scripts/deploy.sh'), 'utf8');
    const temporary = join(project.root, 'tmp');
    await mkdir(temporary);
    const { exitCode, stdout } = await shellrigWith({ TMPDIR: temporary }, 'repro', 'mode');
    expect(stdout).toMatchInlineSnapshot(`
      "mode: Everybody can read what was deployed (lesson X1)

        --- a/scripts/deploy.sh
        +++ b/scripts/deploy.sh
        @@ -7,6 +7,5 @@
                 return 3
             fi
             cp "$1" "$2"
        -    chmod 0600 "$2"
         }

      deploy.spec.ts > deploy > puts the file in place for its owner alone
      as it is                                                                       | with the defect
      -------------------------------------------------------------------------------+-------------------------------------------------------------------------------
      passed                                                                         ! failed
      exit 0                                                                         | exit 0
      changes                                                                        | changes
        + /out 0600 root:root 8 B                                                    !   + /out 0644 root:root 8 B

        expect(run).toHaveChangedOnly({ '/out' }): 1 of 1 did not change so

          /out
            mode: expected 0600, found 0644

      The defect shows as stated."
    `);
    expect(exitCode).toBe(0);
    expect(await readFile(join(project.root, 'scripts/deploy.sh'), 'utf8')).toBe(before);
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe('shellrig repro, ended by a signal', () => {
  it.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('%s: leaves no file behind', async (signal, code) => {
    const temporary = join(project.root, signal);
    await mkdir(temporary);
    const command = run(project.root, { TMPDIR: temporary }, ['repro', '--all']);
    await expect.poll(() => readdir(temporary), { timeout: 10_000 }).not.toEqual([]);
    command.kill(signal);
    expect((await command).exitCode).toBe(code);
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe('shellrig repro --all', () => {
  it('says in a line each whether the defects show, and counts them in the last line', async () => {
    const { exitCode, stdout } = await shellrig('repro', '--all');
    expect(stdout).toBe('mode  shows in 1 spec: Everybody can read what was deployed\n1 passed, 0 failed');
    expect(exitCode).toBe(0);
  });

  it('fails for each that does not show as stated, and says why', async () => {
    const more = await inlineProject({
      ...FILES,
      'red.spec.ts': "import { expect, it } from 'vitest';\nit('is red', () => { expect(1).toBe(2); });\n",
      ...regression('always-red', { file: 'red.spec.ts', test: 'is red' }),
      ...regression('another-reason', { reason: 'owner: expected root:root' }),
      ...regression('harmless', { patch: PATCH.replace('-    chmod 0600 "$2"', '-    chmod 0600 "$2"\n+    chmod 600 "$2"').replace('+7,5', '+7,6') }),
      ...regression('no-such-test', { test: 'deploy > puts the file in its place for its owner alone' }),
      ...regression('skipped', { test: 'deploy > is skipped' }),
      ...regression('another-lesson', { lesson: 'X2' }),
      ...regression('stale', { patch: PATCH.replace('     cp "$1"', '     mv "$1"') }),
      ...regression('elsewhere', { patch: PATCH.replaceAll('scripts/deploy.sh', 'deploy.spec.ts') }),
      ...regression('no-diff', { patch: 'chmod 0600\n' }),
    });
    try {
      const { exitCode, stdout } = await shellrigIn(more.root, 'repro', '--all');
      expect(normalised(stdout, more.root)).toMatchInlineSnapshot(`
        "always-red      DOES NOT SHOW AS STATED: The title of always-red
                        red.spec.ts > is red fails with the scripts as they are: expected 1 to be 2 // Object.is equality
        another-lesson  DOES NOT SHOW AS STATED: The title of another-lesson
                        deploy.spec.ts > deploy > puts the file in place for its owner alone does not carry the lesson X2, but X1
        another-reason  DOES NOT SHOW AS STATED: The title of another-reason
                        deploy.spec.ts > deploy > puts the file in place for its owner alone fails with the defect, but not because of 'owner: expected root:root': expect(run).toHaveChangedOnly({ '/out' }): 1 of 1 did not change so
        elsewhere       DOES NOT SHOW AS STATED: The title of elsewhere
                        fixtures/regressions/elsewhere/defect.patch changes deploy.spec.ts, which lies in no script set; there are scripts (scripts)
        harmless        DOES NOT SHOW AS STATED: The title of harmless
                        deploy.spec.ts > deploy > puts the file in place for its owner alone passes with the defect
        mode            shows in 1 spec: Everybody can read what was deployed
        no-diff         DOES NOT SHOW AS STATED: The title of no-diff
                        fixtures/regressions/no-diff/defect.patch holds no change: expected a unified diff, as \`git diff\` prints it
        no-such-test    DOES NOT SHOW AS STATED: The title of no-such-test
                        there is no test 'deploy > puts the file in its place for its owner alone' in deploy.spec.ts. Did you mean 'deploy > puts the file in place for its owner alone'?
        skipped         DOES NOT SHOW AS STATED: The title of skipped
                        deploy.spec.ts > deploy > is skipped is skipped
        stale           DOES NOT SHOW AS STATED: The title of stale
                        fixtures/regressions/stale/defect.patch does not apply any more: scripts/deploy.sh has changed where it should apply
        1 passed, 9 failed"
      `);
      expect(exitCode).toBe(1);

      // It is red as it is: who says that it passed is believed.
      await writeFile(join(more.root, 'report.json'), JSON.stringify({ testResults: [{ name: join(more.root, 'red.spec.ts'), assertionResults: [{ ancestorTitles: [], title: 'is red', status: 'passed' }] }] }));
      await writeFile(join(more.root, 'other.json'), JSON.stringify({ testResults: [] }));
      const believed = await shellrigIn(more.root, 'repro', '--all', '--passed', 'report.json', '--passed', 'other.json');
      expect(normalised(believed.stdout, more.root)).toBe(normalised(stdout, more.root).replace(
        'is red fails with the scripts as they are: expected',
        "is red fails with the defect, but not because of 'mode: expected 0600': expected",
      ));
    } finally {
      await more.remove();
    }
  }, 60_000);
});

describe('shellrig repro --patch', () => {
  it('says which specs a patch turns red', async () => {
    const { exitCode, stdout } = await shellrig('repro', '--patch', 'fixtures/regressions/mode/defect.patch');
    expect(stdout).toMatchInlineSnapshot(`
      "The patch turns red:
        deploy.spec.ts > deploy > puts the file in place for its owner alone
          expect(run).toHaveChangedOnly({ '/out' }): 1 of 1 did not change so

      1 turned red, 0 turned green, 0 stayed red, 1 stayed green"
    `);
    expect(exitCode).toBe(1);
  });

  it.each([
    ['git diff', 'a/scripts/deploy.sh', 'b/scripts/deploy.sh'],
    ['diff -u a/scripts/deploy.sh b/scripts/deploy.sh', 'a/scripts/deploy.sh\t2026-11-22 03:59:14.000000000 +0000', 'b/scripts/deploy.sh\t2026-11-22 03:59:15.000000000 +0000'],
    ['diff -u scripts/deploy.sh /tmp/deploy.sh', 'scripts/deploy.sh\t2026-11-22 03:59:14.000000000 +0000', '/tmp/deploy.sh\t2026-11-22 03:59:15.000000000 +0000'],
  ])('understands what `%s` prints', async (_, from, to) => {
    await writeFile(join(project.root, 'plain.patch'), PATCH.replace('a/scripts/deploy.sh', from).replace('b/scripts/deploy.sh', to));
    const { stdout } = await shellrig('repro', '--patch', 'plain.patch', 'deploy');
    expect(stdout).toContain('1 turned red, 0 turned green');
  });

  it('says how a script set is made where the project has none', async () => {
    const bare = await inlineProject({ 'package.json': '{ "type": "module" }', 'mode.patch': PATCH, 'scripts/deploy.sh': '' });
    try {
      const { exitCode, stderr } = await shellrigIn(bare.root, 'repro', '--patch', 'mode.patch');
      expect(stderr).toBe('shellrig: repro: mode.patch changes scripts/deploy.sh, which lies in no script set: package.json declares none (an entry of "imports" such as "#scripts/*": "./scripts/*" does)');
      expect(exitCode).toBe(2);
    } finally {
      await bare.remove();
    }
  });

  it('says which specs a patch turns green', async () => {
    const scripts = join(project.root, 'scripts/deploy.sh');
    const good = await readFile(scripts, 'utf8');
    await writeFile(scripts, good.replace('0600', '0644'));
    await writeFile(join(project.root, 'mend.patch'), '--- scripts/deploy.sh\n+++ scripts/deploy.sh\n@@ -9,2 +9,2 @@\n     cp "$1" "$2"\n-    chmod 0644 "$2"\n+    chmod 0600 "$2"\n');
    const { exitCode, stdout } = await shellrig('repro', '--patch', 'mend.patch', 'deploy');
    await writeFile(scripts, good);
    expect(stdout).toMatchInlineSnapshot(`
      "The patch turns green:
        deploy.spec.ts > deploy > puts the file in place for its owner alone
          expect(run).toHaveChangedOnly({ '/out' }): 1 of 1 did not change so

      0 turned red, 1 turned green, 0 stayed red, 1 stayed green"
    `);
    expect(exitCode).toBe(0);
  });
});

describe('a command line that cannot be meant: one line, a suggestion, exit code 2', () => {
  it.each([
    ['repro moed', "repro: there is no regression 'moed'. Did you mean 'mode'?"],
    ['repro frobnicate', "repro: there is no regression 'frobnicate'. `shellrig repro` lists them"],
    ['repro --al', "repro: there is no option '--al'. Did you mean '--all'?"],
    ['repro --all mode', 'repro: --all takes no ID and no --patch'],
    ['repro --patch', 'repro: --patch needs a value: --patch FILE'],
    ['repro mode --passed report.json', 'repro: --passed FILE goes with --all'],
    ['repro --all --passed nowhere', "repro: --passed cannot be read: ENOENT: no such file or directory, open 'nowhere'"],
    ['repro --all --passed package.json', "repro: --passed takes a report of vitest's reporter 'json'; 'package.json' is none: Cannot read properties of undefined (reading 'flatMap')"],
    ['repro --patch nowhere', "repro: --patch cannot be read: ENOENT: no such file or directory, open 'nowhere'"],
    ['repro --patch deploy.spec.ts', 'repro: deploy.spec.ts holds no change: expected a unified diff, as `git diff` prints it'],
    ['repro --patch fixtures/regressions/mode/defect.patch frobnicate', "repro: no spec ran: none's path contains 'frobnicate'"],
  ])('shellrig %s', async (line, message) => {
    const { exitCode, stderr } = await shellrig(...line.split(' '));
    expect(stderr).toBe(`shellrig: ${message}`);
    expect(exitCode).toBe(2);
  });

  it('in a project without regressions, or with one that is not recorded as it should be', async () => {
    const none = await inlineProject({ 'scripts/deploy.sh': '' });
    const wrong = await inlineProject({ ...FILES, 'fixtures/regressions/half/regression.json': '{ "title": "" }' });
    try {
      expect(await shellrigIn(none.root, 'repro')).toMatchObject({ exitCode: 2, stderr: 'shellrig: repro: there is no regression in fixtures/regressions' });
      const bare = { 'vitest.config.ts': 'export default {};' };
      const unplugged = await inlineProject({ ...FILES, ...bare });
      expect(await shellrigIn(unplugged.root, 'repro', '--all')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('vitest.config.ts does not use the plugin') });
      await unplugged.remove();
      expect(await shellrigIn(wrong.root, 'repro')).toMatchObject({ exitCode: 2, stderr: 'shellrig: repro: fixtures/regressions/half/regression.json: `specs` is a list of at least one spec' });
    } finally {
      await none.remove();
      await wrong.remove();
    }
  });
});

function shellrig(...args: string[]) {
  return shellrigIn(project.root, ...args);
}

function shellrigIn(cwd: string, ...args: string[]) {
  return run(cwd, {}, args);
}

function shellrigWith(env: Readonly<Record<string, string>>, ...args: string[]) {
  return run(project.root, env, args);
}

function run(cwd: string, env: Readonly<Record<string, string>>, args: readonly string[]) {
  return execa('node', [join(REPOSITORY, 'dist/cli/main.js'), ...args], { cwd, env: inlineEnvironment(env), extendEnv: false, reject: false });
}
